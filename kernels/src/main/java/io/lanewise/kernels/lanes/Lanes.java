package io.lanewise.kernels.lanes;

/**
 * Elementwise loops on runs of floats: {@code count} values from an index into each array.
 *
 * <p>The twins {@link SimdLanes} and {@link ScalarLanes} give the same bits: both multiply and add
 * with one rounding ({@link Math#fma}) wherever a product is added, and both take sums one after
 * the other. Runs do not overlap unless they are the same run.
 */
public interface Lanes {
  /** The lanes of this process. */
  Lanes ACTIVE = LanesProvider.choose(() -> new SimdLanes(), () -> new ScalarLanes());

  /** {@code out = a + b}. */
  void add(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count);

  /** {@code out = a * b}. */
  void mul(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count);

  /** {@code out = max(a, b)} as {@link Math#max}: NaN if either is NaN, and 0 above -0. */
  void max(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count);

  /**
   * The backward of {@link #max}: {@code gradA = a >= b ? grad : 0}, {@code gradB} the rest, so
   * that a tie goes to a.
   */
  void route(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] grad,
      int gradAt,
      float[] gradA,
      int gradAAt,
      float[] gradB,
      int gradBAt,
      int count);

  /** {@code out = factor * a}. */
  void scale(float factor, float[] a, int aAt, float[] out, int outAt, int count);

  /** {@code out = a / divisor}. */
  void divide(float[] a, int aAt, float divisor, float[] out, int outAt, int count);

  /** {@code sum += a}. */
  void accumulate(float[] a, int aAt, float[] sum, int sumAt, int count);

  /** {@code sum = fma(a, b, sum)}. */
  void accumulateProduct(float[] a, int aAt, float[] b, int bAt, float[] sum, int sumAt, int count);

  /** {@code sum = fma(factor, a, sum)}. */
  void accumulateScaled(float factor, float[] a, int aAt, float[] sum, int sumAt, int count);
}
