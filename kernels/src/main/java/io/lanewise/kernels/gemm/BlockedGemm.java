package io.lanewise.kernels.gemm;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;

/**
 * The loops around the micro-kernel (Goto and van de Geijn, "Anatomy of high-performance matrix
 * multiplication", 2008).
 *
 * <pre>
 * for each block of C, mc x nc            one task each
 *   for each kc of K                      B block kc x nc: L2
 *     pack A block, mc x kc               L2
 *     for each nr of the columns          B panel kc x nr: L1
 *       for each mr of the rows           A panel mr x kc: L1
 *         micro-kernel                    C tile mr x nr: registers
 * </pre>
 *
 * <p><b>Split:</b> blocks of C, cut by {@link GemmBlocking} from the shape. Every value of C
 * belongs to one block and is one chain for each kc of K, added in the order of k, so its bits
 * depend on nothing but its operands.
 */
public final class BlockedGemm {
  /** Floats of a packed block of A, in either layout. */
  private static final int BLOCK_SIZE = MicroKernel.ROW_PITCH * MicroKernel.COLUMN_PITCH;

  private final int m;
  private final int n;
  private final int k;
  private final BlockSource a;
  private final boolean overwrites;
  private final GemmBlocking blocking;
  private final Workspace workspace;

  private BlockedGemm(
      int m,
      int n,
      int k,
      BlockSource a,
      boolean overwrites,
      GemmBlocking blocking,
      Workspace workspace) {
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.overwrites = overwrites;
    this.blocking = blocking;
    this.workspace = workspace;
  }

  /**
   * {@code C = epilogue(bias + A * B)}.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A, rows of B
   * @param a packs blocks of A
   * @param packedB B as {@link PackedB} packs it, from {@code packedAt}
   * @param to where C goes
   */
  public static void overwrite(
      int m,
      int n,
      int k,
      BlockSource a,
      float[] packedB,
      int packedAt,
      Destination to,
      Workspace workspace,
      Parallel parallel) {
    GemmBlocking blocking = GemmBlocking.of(m, n, k);
    BlockedGemm product = new BlockedGemm(m, n, k, a, true, blocking, workspace);
    product.forEachBlock(
        blocking.mc(),
        parallel,
        (row, rows, column, columns) ->
            product.multiplyPacked(row, rows, column, columns, packedB, packedAt, to));
  }

  /**
   * {@code C = epilogue(bias + A * B)}, where B is read but once: each block has all rows and packs
   * the panels it needs, so that packed B never goes through memory.
   *
   * @param b packs panels of B
   * @param to where C goes
   */
  static void overwriteFewRows(
      int m,
      int n,
      int k,
      BlockSource a,
      PanelSource b,
      Destination to,
      Workspace workspace,
      Parallel parallel) {
    GemmBlocking blocking = GemmBlocking.ofFewRows(m, n, k);
    BlockedGemm product = new BlockedGemm(m, n, k, a, true, blocking, workspace);
    product.forEachBlock(
        m,
        parallel,
        (row, rows, column, columns) ->
            product.multiplyUnpacked(row, rows, column, columns, b, to));
  }

  /**
   * {@code C += A * B}, where B is too large to keep packed: each block packs the panels it needs.
   *
   * @param b packs panels of B
   * @param to where C is, without bias or epilogue
   * @param shared whether several threads may share this product; if not, blocks are as large as
   *     can be, so that A and B are packed as few times as can be
   */
  public static void add(
      int m,
      int n,
      int k,
      BlockSource a,
      PanelSource b,
      Destination to,
      boolean shared,
      Workspace workspace,
      Parallel parallel) {
    GemmBlocking blocking = shared ? GemmBlocking.of(m, n, k) : GemmBlocking.ofOneThread(m, n, k);
    BlockedGemm product = new BlockedGemm(m, n, k, a, false, blocking, workspace);
    product.forEachBlock(
        blocking.mc(),
        parallel,
        (row, rows, column, columns) ->
            product.multiplyUnpacked(row, rows, column, columns, b, to));
  }

  private interface BlockTask {
    void run(int row, int rows, int column, int columns);
  }

  private void forEachBlock(int mc, Parallel parallel, BlockTask task) {
    int nc = blocking.nc();
    int down = (m + mc - 1) / mc;
    int across = (n + nc - 1) / nc;
    boolean byColumns = blocking.byColumns();
    parallel.forEach(
        down * across,
        i -> {
          int row = (byColumns ? i % down : i / across) * mc;
          int column = (byColumns ? i / down : i % across) * nc;
          task.run(row, Math.min(mc, m - row), column, Math.min(nc, n - column));
        });
  }

  private void multiplyPacked(
      int row, int rows, int column, int columns, float[] packedB, int packedAt, Destination to) {
    int nr = blocking.nr();
    int panels = (n + nr - 1) / nr;
    float[] scratch = workspace.borrow(Kind.TASK, panelsAt());
    for (int at = 0; at < k; at += blocking.kc()) {
      int depth = Math.min(blocking.kc(), k - at);
      int bAt = packedAt + at * panels * nr + column / nr * depth * nr;
      a.pack(row, rows, at, depth, scratch);
      multiply(row, rows, column, columns, at, packedB, bAt, to, scratch, 0, 0);
    }
    workspace.giveBack(Kind.TASK, scratch);
  }

  private void multiplyUnpacked(
      int row, int rows, int column, int columns, PanelSource b, Destination to) {
    int nr = blocking.nr();
    int panelsSize = blocking.nc() * MicroKernel.ROW_PITCH + nr;
    float[] scratch = workspace.borrow(Kind.TASK, panelsAt() + panelsSize);
    for (int at = 0; at < k; at += blocking.kc()) {
      int depth = Math.min(blocking.kc(), k - at);
      for (int j = 0; j < columns; j += nr) {
        int wide = Math.min(nr, columns - j);
        b.pack(at, depth, column + j, wide, scratch, panelsAt() + j * depth, nr);
      }
      int aheadAt = 0;
      int aheadEnd = 0;
      if (a.memory() != null && at + depth < k) {
        aheadAt = a.memoryAt(row, at + depth);
        int end = Math.min(a.memory().length, a.memoryAt(row, Math.min(k, at + 2 * depth)));
        aheadEnd = end - depth * MicroKernel.AHEAD;
      }
      for (int i = 0; i < rows; i += MicroKernel.COLUMN_PITCH) {
        int some = Math.min(MicroKernel.COLUMN_PITCH, rows - i);
        a.pack(row + i, some, at, depth, scratch);
        aheadAt =
            multiply(
                row + i,
                some,
                column,
                columns,
                at,
                scratch,
                panelsAt(),
                to,
                scratch,
                aheadAt,
                aheadEnd);
      }
    }
    workspace.giveBack(Kind.TASK, scratch);
  }

  /** Floats before the packed B panels in a task's scratch: an A block, then an edge tile. */
  private int panelsAt() {
    return BLOCK_SIZE + blocking.mr() * blocking.nr();
  }

  /**
   * One step of K for a block of C, tile by tile; an edge tile is made in scratch.
   *
   * @param at where the step begins: it is {@code kc} long, or what is left
   * @param b the panels of the block's columns, from {@code bAt}
   * @param scratch holds the A block at its start
   * @param aheadAt index in the memory of A of what is wanted next
   * @param aheadEnd where reading ahead may begin last
   * @return where reading ahead goes on
   */
  private int multiply(
      int row,
      int rows,
      int column,
      int columns,
      int at,
      float[] b,
      int bAt,
      Destination to,
      float[] scratch,
      int aheadAt,
      int aheadEnd) {
    MicroKernel kernel = MicroKernel.ACTIVE;
    int nr = kernel.nr();
    int depth = Math.min(blocking.kc(), k - at);
    boolean first = overwrites && at == 0;
    boolean last = at + depth == k;
    boolean byRows = a.layout() == BlockSource.Layout.ROWS;
    boolean straight = to.takesTiles(first, last);
    float[] memory = a.memory();
    int ahead = aheadAt;
    int read = 0;
    for (int j = 0; j < columns; j += nr) {
      int wide = Math.min(nr, columns - j);
      int panelAt = bAt + j * depth;
      boolean half = wide <= nr / 2;
      boolean wholeColumns = wide == nr || wide == nr / 2;
      int step;
      for (int i = 0; i < rows; i += step) {
        step = kernel.tileRows(rows - i);
        int high = Math.min(step, rows - i);
        boolean direct = straight && wholeColumns && step <= Math.min(high, to.rowsFrom(row + i));
        float[] c = direct ? to.c() : scratch;
        int cAt = direct ? to.rowAt(row + i) + column + j : BLOCK_SIZE;
        int ldc = direct ? to.ldc() : nr;
        if (ahead < aheadEnd && step == kernel.mr() && !half) {
          read += kernel.byColumnsAhead(depth, scratch, i, b, panelAt, c, cAt, ldc, memory, ahead);
          ahead += depth * MicroKernel.AHEAD;
        } else {
          run(byRows, step, depth, scratch, i, b, panelAt, half, c, cAt, ldc);
        }
        if (!direct) {
          to.put(scratch, BLOCK_SIZE, row + i, column + j, high, wide, first, last);
        }
      }
    }
    scratch[BLOCK_SIZE] = read;
    return ahead;
  }

  private static void run(
      boolean byRows,
      int rows,
      int depth,
      float[] a,
      int row,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc) {
    MicroKernel kernel = MicroKernel.ACTIVE;
    if (byRows) {
      kernel.byRows(rows, depth, a, row * MicroKernel.ROW_PITCH, b, bAt, half, c, cAt, ldc);
    } else {
      kernel.byColumns(rows, depth, a, row, b, bAt, half, c, cAt, ldc);
    }
  }
}
