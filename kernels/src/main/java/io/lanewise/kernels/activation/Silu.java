package io.lanewise.kernels.activation;

import io.lanewise.kernels.lanes.FloatMath;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The sigmoid linear unit, or swish, {@code y = x / (1 + e^-x)} (Elfwing, Uchibe and Doya,
 * arXiv:1702.03118).
 *
 * <p>From {@link FloatMath#silu} and {@link FloatMath#siluDerivative}, which state the accuracy.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> input.
 */
public final class Silu {
  private Silu() {}

  /**
   * {@code output = silu(input)}.
   *
   * @param shape how many values
   * @param input values, {@code [size]}
   * @param output results, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(FlatShape shape, float[] input, float[] output, Parallel parallel) {
    Sizes.check(shape, "input", input, shape.size(), "size");
    Sizes.check(shape, "output", output, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ActivationLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s -> ActivationLanes.ACTIVE.silu(input, output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = gradOutput * silu'(input)}.
   *
   * @param shape how many values
   * @param gradOutput gradient of the outputs, {@code [size]}
   * @param input the saved inputs of forward, {@code [size]}
   * @param gradInput gradient of the inputs, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      FlatShape shape, float[] gradOutput, float[] input, float[] gradInput, Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "size");
    Sizes.check(shape, "input", input, shape.size(), "size");
    Sizes.check(shape, "gradInput", gradInput, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ActivationLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            ActivationLanes.ACTIVE.siluBackward(
                gradOutput, input, gradInput, slices.start(s), slices.length(s)));
  }
}
