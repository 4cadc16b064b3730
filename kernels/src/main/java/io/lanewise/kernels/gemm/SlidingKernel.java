package io.lanewise.kernels.gemm;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The register tile of {@link SlidingGemm}: 10 or 8 rows by two runs of lanes. Steps of A lie
 * packed, the rows of a step side by side; a step of B is two runs of neighbours somewhere in an
 * array, at a distance from a table.
 *
 * <p>Each value of the tile is one chain of fused multiply-adds in the order of k, which starts
 * from zero, so its bits depend neither on the tile nor on the vector width. The twins are {@code
 * SimdSlidingKernel} and {@link ScalarSlidingKernel}.
 */
interface SlidingKernel {
  /** Rows of the high tile. */
  int HIGH = 10;

  /** Rows of the low tile. */
  int LOW = 8;

  /** The kernel of this process. */
  SlidingKernel ACTIVE =
      LanesProvider.choose(() -> new SimdSlidingKernel(), () -> new ScalarSlidingKernel());

  /** Columns in each of the two runs of a tile. */
  int lanes();

  /**
   * Writes A panel times the two runs of B, which may be the same one with the same place in C.
   *
   * @param rows {@link #HIGH} or {@link #LOW}
   * @param depth steps k
   * @param a A panel, row r of step k at {@code aAt + k * rows + r}
   * @param table the distance of each step in b
   * @param b holds the runs of step k from {@code firstAt + table[k]} and {@code secondAt +
   *     table[k]}
   * @param c receives row r of the first run at {@code cFirst + r * ldc}, then that of the second
   *     at {@code cSecond + r * ldc}
   */
  void multiply(
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
      int ldc);

  /**
   * Copies the steps of a panel of A, row r of step k from {@code aAt + k * lda + r} to {@code
   * panelAt + k * rows + r}.
   *
   * @param rows any number of them
   * @param depth steps k
   */
  default void pack(int rows, int depth, float[] a, int aAt, int lda, float[] panel, int panelAt) {
    for (int k = 0; k < depth; k++) {
      System.arraycopy(a, aAt + k * lda, panel, panelAt + k * rows, rows);
    }
  }
}
