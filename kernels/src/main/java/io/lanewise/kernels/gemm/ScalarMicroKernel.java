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
      int rows,
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
      int rows,
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

  @Override
  public void byTable(
      int rows,
      int depth,
      int[] table,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc) {
    int columns = half ? NR / 2 : NR;
    for (int r = 0; r < MR; r++) {
      int row = cAt + r * ldc;
      Arrays.fill(c, row, row + columns, 0);
      for (int k = 0; k < depth; k++) {
        addRow(a[aAt + table[k] + r], b, bAt + k * NR, columns, c, row);
      }
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
      addRow(a[aAt + k * step], b, bAt + k * NR, columns, c, cAt);
    }
  }

  private static void addRow(float factor, float[] b, int bAt, int columns, float[] c, int cAt) {
    for (int j = 0; j < columns; j++) {
      c[cAt + j] = Math.fma(factor, b[bAt + j], c[cAt + j]);
    }
  }
}
