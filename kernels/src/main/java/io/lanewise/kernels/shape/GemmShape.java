package io.lanewise.kernels.shape;

/**
 * The shape of a matrix product {@code C[m,n] = A[m,k] * B[k,n]}, text {@code m256n256k256}.
 *
 * @param m rows of the result
 * @param n columns of the result
 * @param k length of the sums
 */
public record GemmShape(int m, int n, int k) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a dimension is below 1 or a matrix would not fit an array
   */
  public GemmShape {
    if (!(Sizes.fit(m, k) && Sizes.fit(k, n) && Sizes.fit(m, n))) {
      String text = "m" + m + "n" + n + "k" + k;
      Sizes.product(text, "A m*k", m, k);
      Sizes.product(text, "B k*n", k, n);
      Sizes.product(text, "C m*n", m, n);
    }
  }

  /**
   * Reads the text of a matrix product, for example {@code m256n256k256}.
   *
   * @throws IllegalArgumentException if the text is not that of a matrix product
   */
  public static GemmShape parse(String text) {
    return ShapeText.parse(text, GemmShape.class);
  }

  /** Floats in A, {@code m*k}. */
  public int aSize() {
    return m * k;
  }

  /** Floats in B, {@code k*n}. */
  public int bSize() {
    return k * n;
  }

  /** Floats in C, {@code m*n}. */
  public int cSize() {
    return m * n;
  }

  /** Floating-point operations: a multiply and an add per term. */
  public long flops() {
    return 2L * m * n * k;
  }

  /** Bytes of the three matrices, each touched once. */
  public long bytes() {
    return 4L * ((long) aSize() + bSize() + cSize());
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return "m" + m + "n" + n + "k" + k;
  }
}
