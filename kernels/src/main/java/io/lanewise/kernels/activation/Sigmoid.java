package io.lanewise.kernels.activation;

import io.lanewise.kernels.lanes.FloatMath;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The logistic function {@code y = 1 / (1 + e^-x)}.
 *
 * <p>From {@link FloatMath#sigmoid}, which states the accuracy.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> output, as y' = y (1 - y).
 */
public final class Sigmoid {
  private Sigmoid() {}

  /**
   * {@code output = 1 / (1 + e^-input)}.
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
        s -> ActivationLanes.ACTIVE.sigmoid(input, output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = gradOutput * output * (1 - output)}.
   *
   * @param shape how many values
   * @param gradOutput gradient of the outputs, {@code [size]}
   * @param output the saved outputs of forward, {@code [size]}
   * @param gradInput gradient of the inputs, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      FlatShape shape, float[] gradOutput, float[] output, float[] gradInput, Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "size");
    Sizes.check(shape, "output", output, shape.size(), "size");
    Sizes.check(shape, "gradInput", gradInput, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ActivationLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            ActivationLanes.ACTIVE.sigmoidBackward(
                gradOutput, output, gradInput, slices.start(s), slices.length(s)));
  }
}
