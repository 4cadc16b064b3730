package io.lanewise.kernels.gemm;

import java.util.Arrays;

/** {@link SlidingKernel} in plain Java; the loop over columns is left to the JIT to vectorise. */
final class ScalarSlidingKernel implements SlidingKernel {
  private static final int LANES = 8;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void multiply(
      int rows,
      int depth,
      float[] a,
      int aAt,
      int[] table,
      float[] b,
      int firstAt,
      int secondAt,
      float[] c,
      int cFirst,
      int cSecond,
      int ldc) {
    for (int r = 0; r < rows; r++) {
      multiplyRow(rows, depth, a, aAt + r, table, b, firstAt, c, cFirst + r * ldc);
      multiplyRow(rows, depth, a, aAt + r, table, b, secondAt, c, cSecond + r * ldc);
    }
  }

  private static void multiplyRow(
      int step,
      int depth,
      float[] a,
      int aAt,
      int[] table,
      float[] b,
      int bAt,
      float[] c,
      int cAt) {
    Arrays.fill(c, cAt, cAt + LANES, 0);
    for (int k = 0; k < depth; k++) {
      float factor = a[aAt + k * step];
      int at = bAt + table[k];
      for (int j = 0; j < LANES; j++) {
        c[cAt + j] = Math.fma(factor, b[at + j], c[cAt + j]);
      }
    }
  }
}
