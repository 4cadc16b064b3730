package io.lanewise.kernels.gemm;

import java.util.Arrays;

/** {@link MicroKernel} in plain Java; the loop over columns is left to the JIT to vectorise. */
final class ScalarMicroKernel implements MicroKernel {
  private static final int MR = 4;
  private static final int NR = 16;

  @Override
  public int mr() {
    return MR;
  }

  @Override
  public int nr() {
    return NR;
  }

  @Override
  public void byRows(
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc) {
    for (int r = 0; r < MR; r++) {
      multiplyRow(depth, a, aAt + r * ROW_PITCH, 1, b, bAt, half ? NR / 2 : NR, c, cAt + r * ldc);
    }
  }

  @Override
  public void byColumns(
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc) {
    for (int r = 0; r < MR; r++) {
      multiplyRow(depth, a, aAt + r, COLUMN_PITCH, b, bAt, half ? NR / 2 : NR, c, cAt + r * ldc);
    }
  }

  private static void multiplyRow(
      int depth,
      float[] a,
      int aAt,
      int step,
      float[] b,
      int bAt,
      int columns,
      float[] c,
      int cAt) {
    Arrays.fill(c, cAt, cAt + columns, 0);
    for (int k = 0; k < depth; k++) {
      float factor = a[aAt + k * step];
      int row = bAt + k * NR;
      for (int j = 0; j < columns; j++) {
        c[cAt + j] = Math.fma(factor, b[row + j], c[cAt + j]);
      }
    }
  }
}
