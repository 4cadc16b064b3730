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

  private BlockedGemm() {}

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
    forEachBlock(
        m,
        n,
        blocking,
        parallel,
        (row, rows, column, columns) ->
            multiplyPacked(
                blocking, a, row, rows, n, k, packedB, packedAt, column, columns, to, workspace));
  }

  /** Where the rows of a matrix start that do not lie at a constant distance. */
  public interface RowPlaces {
    /** The index of the first float of a row. */
    int at(int row);
  }

  /**
   * {@code C = A * B}, where rows of C lie apart: each block is a small matrix first, and its rows
   * are then copied to their places.
   *
   * @param c receives row i from {@code places.at(i)}
   */
  public static void overwriteScattered(
      int m,
      int n,
      int k,
      BlockSource a,
      float[] packedB,
      int packedAt,
      float[] c,
      RowPlaces places,
      Workspace workspace,
      Parallel parallel) {
    GemmBlocking blocking = GemmBlocking.of(m, n, k);
    forEachBlock(
        m,
        n,
        blocking,
        parallel,
        (row, rows, column, columns) -> {
          float[] block = workspace.borrow(Kind.BLOCK, blocking.mc() * blocking.nc());
          Destination to = Destination.plain(block, -row * columns - column, columns);
          multiplyPacked(
              blocking, a, row, rows, n, k, packedB, packedAt, column, columns, to, workspace);
          for (int r = 0; r < rows; r++) {
            System.arraycopy(block, r * columns, c, places.at(row + r) + column, columns);
          }
          workspace.giveBack(Kind.BLOCK, block);
        });
  }

  /**
   * {@code C += A * B}, where B is too large to keep packed: each block packs the panels it needs.
   * With nobody to share the work a block has all rows, so that panels are packed once.
   *
   * @param b packs panels of B
   * @param to where C is, without bias or epilogue
   */
  public static void add(
      int m,
      int n,
      int k,
      BlockSource a,
      PanelSource b,
      Destination to,
      Workspace workspace,
      Parallel parallel) {
    GemmBlocking blocking = GemmBlocking.of(m, n, k);
    boolean alone = parallel == Parallel.serial();
    forEachBlock(
        m,
        n,
        alone ? blocking.withRows(m) : blocking,
        parallel,
        (row, rows, column, columns) ->
            addUnpacked(blocking, a, row, rows, k, b, column, columns, to, workspace));
  }

  private interface BlockTask {
    void run(int row, int rows, int column, int columns);
  }

  private static void forEachBlock(
      int m, int n, GemmBlocking blocking, Parallel parallel, BlockTask task) {
    int mc = blocking.mc();
    int nc = blocking.nc();
    int across = (n + nc - 1) / nc;
    parallel.forEach(
        (m + mc - 1) / mc * across,
        i -> {
          int row = i / across * mc;
          int column = i % across * nc;
          task.run(row, Math.min(mc, m - row), column, Math.min(nc, n - column));
        });
  }

  private static void multiplyPacked(
      GemmBlocking blocking,
      BlockSource a,
      int row,
      int rows,
      int n,
      int k,
      float[] packedB,
      int packedAt,
      int column,
      int columns,
      Destination to,
      Workspace workspace) {
    int nr = blocking.nr();
    int panels = (n + nr - 1) / nr;
    float[] scratch = workspace.borrow(Kind.TASK, panelsAt(blocking));
    for (int at = 0; at < k; at += blocking.kc()) {
      int depth = Math.min(blocking.kc(), k - at);
      a.pack(row, rows, at, depth, scratch);
      int bAt = packedAt + at * panels * nr + column / nr * depth * nr;
      KBlock block = new KBlock(a.layout(), depth, at == 0, at + depth == k);
      block.multiply(row, rows, column, columns, packedB, bAt, to, scratch);
    }
    workspace.giveBack(Kind.TASK, scratch);
  }

  private static void addUnpacked(
      GemmBlocking blocking,
      BlockSource a,
      int row,
      int rows,
      int k,
      PanelSource b,
      int column,
      int columns,
      Destination to,
      Workspace workspace) {
    int nr = blocking.nr();
    int panelsAt = panelsAt(blocking);
    int panelsSize = blocking.nc() * MicroKernel.ROW_PITCH;
    float[] scratch = workspace.borrow(Kind.TASK, panelsAt + panelsSize);
    for (int at = 0; at < k; at += blocking.kc()) {
      int depth = Math.min(blocking.kc(), k - at);
      for (int j = 0; j < columns; j += nr) {
        int wide = Math.min(nr, columns - j);
        b.pack(at, depth, column + j, wide, scratch, panelsAt + j * depth, nr);
      }
      KBlock block = new KBlock(a.layout(), depth, false, false);
      for (int i = 0; i < rows; i += MicroKernel.COLUMN_PITCH) {
        int some = Math.min(MicroKernel.COLUMN_PITCH, rows - i);
        a.pack(row + i, some, at, depth, scratch);
        block.multiply(row + i, some, column, columns, scratch, panelsAt, to, scratch);
      }
    }
    workspace.giveBack(Kind.TASK, scratch);
  }

  /** Floats before the packed B panels in a task's scratch: an A block, then an edge tile. */
  private static int panelsAt(GemmBlocking blocking) {
    return BLOCK_SIZE + blocking.mr() * blocking.nr();
  }

  /**
   * One step of K for a block of C.
   *
   * @param layout how the A block at the start of scratch lies
   * @param depth length of the step
   * @param first whether C is overwritten
   * @param last whether C is finished by it
   */
  private record KBlock(BlockSource.Layout layout, int depth, boolean first, boolean last) {

    /** C block from A block and B panels, tile by tile; an edge tile is made in scratch. */
    void multiply(
        int row,
        int rows,
        int column,
        int columns,
        float[] b,
        int bAt,
        Destination to,
        float[] scratch) {
      MicroKernel kernel = MicroKernel.ACTIVE;
      int nr = kernel.nr();
      boolean straight = to.takesTiles(first, last);
      for (int j = 0; j < columns; j += nr) {
        int wide = Math.min(nr, columns - j);
        int panelAt = bAt + j * depth;
        boolean half = wide <= nr / 2;
        boolean wholeColumns = wide == nr || wide == nr / 2;
        int step;
        for (int i = 0; i < rows; i += step) {
          step = kernel.tileRows(rows - i);
          if (straight && wholeColumns && step <= rows - i) {
            int cAt = to.at() + (row + i) * to.ldc() + column + j;
            run(kernel, step, scratch, i, b, panelAt, half, to.c(), cAt, to.ldc());
          } else {
            run(kernel, step, scratch, i, b, panelAt, half, scratch, BLOCK_SIZE, nr);
            int high = Math.min(step, rows - i);
            to.put(scratch, BLOCK_SIZE, row + i, column + j, high, wide, first, last);
          }
        }
      }
    }

    private void run(
        MicroKernel kernel,
        int rows,
        float[] a,
        int row,
        float[] b,
        int bAt,
        boolean half,
        float[] c,
        int cAt,
        int ldc) {
      if (layout == BlockSource.Layout.ROWS) {
        int aAt = row * MicroKernel.ROW_PITCH;
        kernel.byRows(rows, depth, a, aAt, b, bAt, half, c, cAt, ldc);
      } else {
        kernel.byColumns(rows, depth, a, row, b, bAt, half, c, cAt, ldc);
      }
    }
  }
}
