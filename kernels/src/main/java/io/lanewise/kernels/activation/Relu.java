package io.lanewise.kernels.activation;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The rectifier {@code y = max(x, 0)} (Nair and Hinton, 2010).
 *
 * <p>One compare and one blend a value, in both directions; NaN stays NaN, and the gradient at 0 is
 * 0.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> output.
 */
public final class Relu {
  private Relu() {}

  /**
   * {@code output = max(input, 0)}.
   *
   * @param shape how many values
   * @param input values, {@code [size]}
   * @param output results, {@code [size]}, overwritten; may be the input
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(FlatShape shape, float[] input, float[] output, Parallel parallel) {
    Sizes.check(shape, "input", input, shape.size(), "size");
    Sizes.check(shape, "output", output, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ActivationLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s -> ActivationLanes.ACTIVE.relu(input, output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = output <= 0 ? 0 : gradOutput}.
   *
   * @param shape how many values
   * @param gradOutput gradient of the outputs, {@code [size]}
   * @param output the saved outputs of forward, {@code [size]}
   * @param gradInput gradient of the inputs, {@code [size]}, overwritten; may be gradOutput
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
            ActivationLanes.ACTIVE.reluBackward(
                gradOutput, output, gradInput, slices.start(s), slices.length(s)));
  }
}
