package io.lanewise.kernels.gemm;

/**
 * How large the blocks of a product are.
 *
 * @param mr rows of a register tile
 * @param nr columns of a register tile
 * @param kc depth of a panel: an A panel and a B panel of this depth share the L1 cache
 * @param mc rows of a block of A, packed at once: it stays in the L2 cache
 * @param nc columns of a block of C
 * @param byColumns whether blocks are taken column by column: where B is not small beside A, each
 *     thread then packs and reads columns of its own, as what another one packs has to be fetched
 *     from its cache
 */
public record GemmBlocking(int mr, int nr, int kc, int mc, int nc, boolean byColumns) {
  /** The rows of one block of A; with 256 floats each they are 96 KB. */
  private static final int BLOCK_ROWS = MicroKernel.COLUMN_PITCH;

  private static final int BLOCK_COLUMNS = 512;

  /** Below this many floating-point operations a product is one piece, without a task. */
  private static final long SMALL_FLOPS = 1L << 20;

  /** Pieces a product is cut into at least, so that several threads find work. */
  private static final int PIECES = 8;

  /** Pieces where packed B is small, so that the last ones to run leave no thread idle for long. */
  private static final int SMALL_B_PIECES = 24;

  /** Floats of a B that stays in the L2 cache while small blocks of A go by. */
  private static final int SMALL_B = 1 << 18;

  /** Columns from which on a product may be halved: narrower halves pack A too often. */
  private static final int HALVED_COLUMNS = 256;

  /** Rows for each column up to which a product is halved: of more, A is packed twice for less. */
  private static final int HALVED_ROWS = 2;

  /** The blocking of an m x n x k product; it depends on the shape and the tile alone. */
  static GemmBlocking of(int m, int n, int k) {
    int mr = MicroKernel.ACTIVE.mr();
    int nr = MicroKernel.ACTIVE.nr();
    int panels = (k + MicroKernel.ROW_PITCH - 1) / MicroKernel.ROW_PITCH;
    int kc = (k + panels - 1) / panels;
    int mc = Math.min(BLOCK_ROWS, roundUp(m, mr));
    int nc = Math.min(BLOCK_COLUMNS, roundUp(n, nr));
    boolean large = 2L * m * n * k > SMALL_FLOPS;
    boolean byColumns = large && n >= HALVED_COLUMNS && m <= (long) HALVED_ROWS * n;
    int halves = byColumns ? 2 : 1;
    nc = Math.min(nc, roundUp((n + halves - 1) / halves, nr));
    if (large && (long) n * k <= SMALL_B) {
      int pieces = SMALL_B_PIECES / halves;
      mc = Math.min(mc, roundUp((m + pieces - 1) / pieces, mr));
    }
    int rowBlocks = (m + mc - 1) / mc;
    if (large && rowBlocks < PIECES) {
      int columnBlocks = (PIECES + rowBlocks - 1) / rowBlocks;
      nc = Math.min(nc, roundUp((n + columnBlocks - 1) / columnBlocks, nr));
    }
    return new GemmBlocking(mr, nr, kc, mc, nc, byColumns);
  }

  /**
   * Whether a product has so few rows that its blocks had better have all of them, and pack their
   * part of B: A is packed once for each block, which costs less than to store all of B packed.
   */
  static boolean hasFewRows(int m, int n, int k) {
    return (long) PIECES * m <= n && 2L * m * n * k > SMALL_FLOPS;
  }

  /** The blocking of a product that {@link #hasFewRows}: blocks have all rows. */
  static GemmBlocking ofFewRows(int m, int n, int k) {
    GemmBlocking by = of(m, n, k);
    int nc = Math.min(BLOCK_COLUMNS, roundUp((n + PIECES - 1) / PIECES, by.nr));
    return new GemmBlocking(by.mr, by.nr, by.kc, m, nc, true);
  }

  /**
   * The blocking of a product that one thread computes alone: blocks have all rows, and as many
   * columns as fit: B is read once, and so is A for each 512 columns.
   */
  static GemmBlocking ofOneThread(int m, int n, int k) {
    GemmBlocking by = of(m, n, k);
    int nc = Math.min(BLOCK_COLUMNS, roundUp(n, by.nr));
    return new GemmBlocking(by.mr, by.nr, by.kc, m, nc, true);
  }

  static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
