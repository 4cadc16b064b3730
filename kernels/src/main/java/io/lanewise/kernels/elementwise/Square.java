package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The square {@code y = x^2}.
 *
 * <p>One product a value.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> input, as y' = 2x.
 */
public final class Square {
  private Square() {}

  /**
   * {@code output = input^2}.
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
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s -> ElementwiseLanes.ACTIVE.square(input, output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = gradOutput * 2 * input}.
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
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            ElementwiseLanes.ACTIVE.squareBackward(
                gradOutput, input, gradInput, slices.start(s), slices.length(s)));
  }
}
