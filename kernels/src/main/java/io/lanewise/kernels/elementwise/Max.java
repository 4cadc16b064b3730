package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The larger value {@code y = max(a, b)}, value by value; NaN if either is NaN.
 *
 * <p>The gradient goes to the larger side, and to a at a tie.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> both inputs.
 */
public final class Max {
  private Max() {}

  /**
   * {@code output = max(a, b)}.
   *
   * @param shape how many values
   * @param a left values, {@code [size]}
   * @param b right values, {@code [size]}
   * @param output results, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(
      FlatShape shape, float[] a, float[] b, float[] output, Parallel parallel) {
    Sizes.check(shape, "a", a, shape.size(), "size");
    Sizes.check(shape, "b", b, shape.size(), "size");
    Sizes.check(shape, "output", output, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            Lanes.ACTIVE.max(
                a, slices.start(s), b, slices.start(s), output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradA = a >= b ? gradOutput : 0}, {@code gradB} the rest.
   *
   * @param shape how many values
   * @param gradOutput gradient of the outputs, {@code [size]}
   * @param a the saved left values, {@code [size]}
   * @param b the saved right values, {@code [size]}
   * @param gradA gradient of a, {@code [size]}, overwritten
   * @param gradB gradient of b, {@code [size]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      FlatShape shape,
      float[] gradOutput,
      float[] a,
      float[] b,
      float[] gradA,
      float[] gradB,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "size");
    Sizes.check(shape, "a", a, shape.size(), "size");
    Sizes.check(shape, "b", b, shape.size(), "size");
    Sizes.check(shape, "gradA", gradA, shape.size(), "size");
    Sizes.check(shape, "gradB", gradB, shape.size(), "size");
    Slices slices = new Slices(shape.size(), ElementwiseLanes.PIECE);
    parallel.forEach(
        slices.count(),
        s ->
            Lanes.ACTIVE.route(
                a,
                slices.start(s),
                b,
                slices.start(s),
                gradOutput,
                slices.start(s),
                gradA,
                slices.start(s),
                gradB,
                slices.start(s),
                slices.length(s)));
  }
}
