package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * A constant factor, {@code y = factor * x}.
 *
 * <p>One product a value.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> nothing.
 */
public final class Scale {
  private Scale() {}

  /**
   * {@code output = factor * input}.
   *
   * @param shape how many values
   * @param factor what every value is multiplied by
   * @param input values, {@code [size]}
   * @param output results, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(
      FlatShape shape, float factor, float[] input, float[] output, Parallel parallel) {
    Sizes.check(shape, "input", input, shape.size(), "size");
    Sizes.check(shape, "output", output, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            Lanes.ACTIVE.scale(
                factor, input, slices.start(s), output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = factor * gradOutput}.
   *
   * @param shape how many values
   * @param factor what every value is multiplied by
   * @param gradOutput gradient of the outputs, {@code [size]}
   * @param gradInput gradient of the inputs, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      FlatShape shape, float factor, float[] gradOutput, float[] gradInput, Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "size");
    Sizes.check(shape, "gradInput", gradInput, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            Lanes.ACTIVE.scale(
                factor, gradOutput, slices.start(s), gradInput, slices.start(s), slices.length(s)));
  }
}
