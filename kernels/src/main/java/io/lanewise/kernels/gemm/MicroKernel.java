package io.lanewise.kernels.gemm;

import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.lanes.SimdSpecies;

/**
 * The innermost loop of every matrix product: one tile of C, {@code mr x nr}, held in registers
 * while a panel of A and a panel of B stream past.
 *
 * <pre>
 *                      B panel: depth x nr, row k at k * nr
 *                      +--------+
 *                      | k -&gt;   |
 *   A panel            +--------+
 *   +-----------+      +--------+
 *   | mr x depth|  *   | C tile |
 *   +-----------+      +--------+
 * </pre>
 *
 * <p>A panel is mr rows of a block of A, which has a constant pitch in either layout, so that the
 * JIT hoists its range checks: by rows, row r at {@code r * ROW_PITCH}, as patch rows of an image
 * are copied; or by columns, step k at {@code k * COLUMN_PITCH}, as pixels lie when a weight
 * gradient sums over them.
 *
 * <p>Of B, nr floats behind the panel may be read, too; they need to exist, and do not count.
 *
 * <p>A panel adds to each value of C one chain of fused multiply-adds in the order of k, which
 * starts from zero. The depth of panels is cut by the length of the sum alone ({@link
 * GemmBlocking}), so the bits of C depend neither on the tile nor on the vector width.
 */
public interface MicroKernel {
  /** Floats from one row of an A block by rows to the next: the longest depth of a block. */
  int ROW_PITCH = 256;

  /** Floats from one step of an A block by columns to the next: the most rows of a block. */
  int COLUMN_PITCH = 96;

  /** Floats from one read of {@link #byColumnsAhead} to the next. */
  int AHEAD = 8;

  /** The micro-kernel of this process. */
  MicroKernel ACTIVE =
      LanesProvider.choose(() -> MicroKernel.simd(), () -> new ScalarMicroKernel());

  private static MicroKernel simd() {
    boolean manyRegisters = SimdSpecies.FLOAT.vectorBitSize() == 512;
    return manyRegisters ? new SimdMicroKernel12() : new SimdMicroKernel6();
  }

  /** Rows of a tile. */
  int mr();

  /** Rows of the tile to take where {@code left} rows are left: at most {@link #mr}. */
  default int tileRows(int left) {
    return mr();
  }

  /** Columns of a tile. */
  int nr();

  /**
   * Writes A panel times B panel into a tile; A by rows.
   *
   * @param rows what {@link #tileRows} gave: the rows written
   * @param depth steps k, at most {@link #ROW_PITCH}
   * @param a A panel, row r at {@code aAt + r * ROW_PITCH}
   * @param b B panel, row k at {@code bAt + k * nr}, and nr floats more
   * @param half whether only the first {@code nr / 2} columns are wanted
   * @param c receives the tile, row r at {@code cAt + r * ldc}
   */
  void byRows(
      int rows,
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc);

  /** As {@link #byRows}, with A by columns: step k at {@code aAt + k * COLUMN_PITCH}. */
  void byColumns(
      int rows,
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc);

  /**
   * As {@link #byColumns} for a whole tile; on its way the kernel may read {@code depth} floats,
   * {@code AHEAD} apart from {@code aheadAt}, so that what is wanted soon is near by then.
   *
   * @return a number without meaning, to be kept somewhere, so that the reads are not dropped
   */
  default int byColumnsAhead(
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int ldc,
      float[] ahead,
      int aheadAt) {
    byColumns(mr(), depth, a, aAt, b, bAt, false, c, cAt, ldc);
    return 0;
  }

  /**
   * As {@link #byRows}, with the rows of A side by side in memory and its steps anywhere: step k of
   * row r at {@code aAt + table[k] + r}. So a convolution reads neighbouring pixels from the planes
   * of an image without packing.
   *
   * @param table an offset for each step
   */
  void byTable(
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
      int ldc);
}
