package io.lanewise.kernels.activation;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The rectifier that leaks, {@code y = x > 0 ? x : slope * x} (Maas, Hannun and Ng, 2013).
 *
 * <p>One compare, product and blend a value; the gradient at 0 is the slope.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> input.
 */
public final class LeakyRelu {
  private LeakyRelu() {}

  /**
   * {@code output = input > 0 ? input : slope * input}.
   *
   * @param shape how many values
   * @param slope factor of values that are not positive
   * @param input values, {@code [size]}
   * @param output results, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(
      FlatShape shape, float slope, float[] input, float[] output, Parallel parallel) {
    Sizes.check(shape, "input", input, shape.size(), "size");
    Sizes.check(shape, "output", output, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ActivationLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            ActivationLanes.ACTIVE.leakyRelu(
                slope, input, output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = input > 0 ? gradOutput : slope * gradOutput}.
   *
   * @param shape how many values
   * @param slope factor of values that are not positive
   * @param gradOutput gradient of the outputs, {@code [size]}
   * @param input the saved inputs of forward, {@code [size]}
   * @param gradInput gradient of the inputs, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      FlatShape shape,
      float slope,
      float[] gradOutput,
      float[] input,
      float[] gradInput,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "size");
    Sizes.check(shape, "input", input, shape.size(), "size");
    Sizes.check(shape, "gradInput", gradInput, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ActivationLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            ActivationLanes.ACTIVE.leakyReluBackward(
                slope, gradOutput, input, gradInput, slices.start(s), slices.length(s)));
  }
}
