package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The product {@code y = a * b}, value by value.
 *
 * <p>One product a value.
 *
 * <p><b>Split:</b> pieces of 32768 values; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> both inputs.
 */
public final class Mul {
  private Mul() {}

  /**
   * {@code output = a * b}.
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
            Lanes.ACTIVE.mul(
                a, slices.start(s), b, slices.start(s), output, slices.start(s), slices.length(s)));
  }

  /**
   * {@code gradA = gradOutput * b}, {@code gradB = gradOutput * a}.
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
        s -> {
          int at = slices.start(s);
          int count = slices.length(s);
          Lanes.ACTIVE.mul(gradOutput, at, b, at, gradA, at, count);
          Lanes.ACTIVE.mul(gradOutput, at, a, at, gradB, at, count);
        });
  }
}
