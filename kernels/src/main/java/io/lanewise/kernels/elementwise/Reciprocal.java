package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The reciprocal {@code y = 1 / x}; infinite at 0.
 *
 * <p>One division a value.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> output, as y' = -y^2.
 */
public final class Reciprocal {
  private Reciprocal() {}

  /**
   * {@code output = 1 / input}.
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
        s -> ElementwiseLanes.ACTIVE.reciprocal(input, output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradInput = -gradOutput * output^2}.
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
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            ElementwiseLanes.ACTIVE.reciprocalBackward(
                gradOutput, output, gradInput, slices.start(s), slices.length(s)));
  }
}
