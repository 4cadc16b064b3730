package io.lanewise.kernels.activation;

import io.lanewise.kernels.lanes.FloatMath;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The Gaussian error linear unit {@code y = x * (1 + erf(x / sqrt(2))) / 2}, x times the normal
 * distribution function (Hendrycks and Gimpel, arXiv:1606.08415, the exact form).
 *
 * <p>From {@link FloatMath#gelu} and {@link FloatMath#geluDerivative}, rational functions without
 * an exponential, which state the accuracy. Nothing but the input is saved for backward.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> input.
 */
public final class Gelu {
  private Gelu() {}

  /**
   * {@code output = gelu(input)}.
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
        s -> ActivationLanes.ACTIVE.gelu(input, output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = gradOutput * gelu'(input)}.
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
            ActivationLanes.ACTIVE.geluBackward(
                gradOutput, input, gradInput, slices.start(s), slices.length(s)));
  }
}
