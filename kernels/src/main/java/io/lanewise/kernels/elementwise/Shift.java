package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * A constant term, {@code y = x + term}.
 *
 * <p>One sum a value; backward is a copy.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> nothing.
 */
public final class Shift {
  private Shift() {}

  /**
   * {@code output = input + term}.
   *
   * @param shape how many values
   * @param term what is added to every value
   * @param input values, {@code [size]}
   * @param output results, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(
      FlatShape shape, float term, float[] input, float[] output, Parallel parallel) {
    Sizes.check(shape, "input", input, shape.size(), "size");
    Sizes.check(shape, "output", output, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s -> ElementwiseLanes.ACTIVE.shift(term, input, output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = gradOutput}; the term is not read.
   *
   * @param shape how many values
   * @param term what is added to every value
   * @param gradOutput gradient of the outputs, {@code [size]}
   * @param gradInput gradient of the inputs, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      FlatShape shape, float term, float[] gradOutput, float[] gradInput, Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "size");
    Sizes.check(shape, "gradInput", gradInput, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            System.arraycopy(
                gradOutput, slices.start(s), gradInput, slices.start(s), slices.length(s)));
  }
}
