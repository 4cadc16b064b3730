package io.lanewise.kernels.gemm;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import java.util.Arrays;

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
 * belongs to one block and is one chain in the order of k, so its bits depend on nothing but its
 * operands.
 */
public final class BlockedGemm {
  /** Floats of a packed block of A, in either layout. */
  private static final int BLOCK_SIZE = MicroKernel.ROW_PITCH * MicroKernel.COLUMN_PITCH;

  private BlockedGemm() {}

  /**
   * {@code C = A * B} or, with a bias, {@code C = 1 * bias + A * B}.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A, rows of B
   * @param a packs blocks of A
   * @param packedB B as {@link PackedB} packs it, from {@code packedAt}
   * @param bias {@code [n]} from {@code biasAt}, or null for zero
   * @param c receives row i from {@code cAt + i * ldc}
   */
  public static void overwrite(
      int m,
      int n,
      int k,
      BlockSource a,
      float[] packedB,
      int packedAt,
      float[] bias,
      int biasAt,
      float[] c,
      int cAt,
      int ldc,
      Workspace workspace,
      Parallel parallel) {
    GemmBlocking blocking = GemmBlocking.of(m, n, k);
    forEachBlock(
        m,
        n,
        blocking,
        parallel,
        (row, rows, column, columns) -> {
          for (int i = row; i < row + rows; i++) {
            int at = cAt + i * ldc + column;
            if (bias == null) {
              Arrays.fill(c, at, at + columns, 0);
            } else {
              System.arraycopy(bias, biasAt + column, c, at, columns);
            }
          }
          addBlock(
              blocking, a, row, rows, n, k, packedB, packedAt, column, columns, c, cAt, ldc,
              workspace);
        });
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
          Arrays.fill(block, 0, rows * columns, 0);
          addBlock(
              blocking,
              a,
              row,
              rows,
              n,
              k,
              packedB,
              packedAt,
              column,
              columns,
              block,
              -row * columns - column,
              columns,
              workspace);
          for (int r = 0; r < rows; r++) {
            System.arraycopy(block, r * columns, c, places.at(row + r) + column, columns);
          }
          workspace.giveBack(Kind.BLOCK, block);
        });
  }

  /**
   * {@code C += A * B}, where B is a stored matrix too large to keep packed: each block packs the
   * panels it needs.
   *
   * @param b B, row i from {@code bAt + i * ldb}
   */
  public static void add(
      int m,
      int n,
      int k,
      BlockSource a,
      float[] b,
      int bAt,
      int ldb,
      float[] c,
      int cAt,
      int ldc,
      Workspace workspace,
      Parallel parallel) {
    GemmBlocking blocking = GemmBlocking.of(m, n, k);
    forEachBlock(
        m,
        n,
        blocking,
        parallel,
        (row, rows, column, columns) ->
            addUnpacked(
                blocking,
                a,
                row,
                rows,
                k,
                b,
                bAt + column,
                ldb,
                columns,
                c,
                cAt + column,
                ldc,
                workspace));
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

  private static void addBlock(
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
      float[] c,
      int cAt,
      int ldc,
      Workspace workspace) {
    int nr = blocking.nr();
    int panels = (n + nr - 1) / nr;
    float[] scratch = workspace.borrow(Kind.TASK, scratchSize(blocking));
    for (int at = 0; at < k; at += blocking.kc()) {
      int depth = Math.min(blocking.kc(), k - at);
      a.pack(row, rows, at, depth, scratch);
      int bAt = packedAt + at * panels * nr + column / nr * depth * nr;
      multiply(
          blocking,
          a.layout(),
          rows,
          columns,
          depth,
          packedB,
          bAt,
          c,
          cAt + row * ldc + column,
          ldc,
          scratch);
    }
    workspace.giveBack(Kind.TASK, scratch);
  }

  private static void addUnpacked(
      GemmBlocking blocking,
      BlockSource a,
      int row,
      int rows,
      int k,
      float[] b,
      int bAt,
      int ldb,
      int columns,
      float[] c,
      int cAt,
      int ldc,
      Workspace workspace) {
    int nr = blocking.nr();
    float[] scratch = workspace.borrow(Kind.TASK, scratchSize(blocking));
    int panelsAt = packedAtSize(blocking);
    for (int at = 0; at < k; at += blocking.kc()) {
      int depth = Math.min(blocking.kc(), k - at);
      for (int j = 0; j < columns; j += nr) {
        int wide = Math.min(nr, columns - j);
        PackedB.packPanel(depth, wide, b, bAt + at * ldb + j, ldb, scratch, panelsAt + j * depth);
      }
      a.pack(row, rows, at, depth, scratch);
      multiply(
          blocking,
          a.layout(),
          rows,
          columns,
          depth,
          scratch,
          panelsAt,
          c,
          cAt + row * ldc,
          ldc,
          scratch);
    }
    workspace.giveBack(Kind.TASK, scratch);
  }

  /** Floats before the packed B panels in a task's scratch: an A block, then an edge tile. */
  private static int packedAtSize(GemmBlocking blocking) {
    return BLOCK_SIZE + blocking.mr() * blocking.nr();
  }

  private static int scratchSize(GemmBlocking blocking) {
    return packedAtSize(blocking) + blocking.nc() * MicroKernel.ROW_PITCH;
  }

  /** Adds an A block times a B block to a block of C, tile by tile. */
  private static void multiply(
      GemmBlocking blocking,
      BlockSource.Layout layout,
      int rows,
      int columns,
      int depth,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int ldc,
      float[] scratch) {
    int mr = blocking.mr();
    int nr = blocking.nr();
    int tileAt = BLOCK_SIZE;
    for (int j = 0; j < columns; j += nr) {
      int wide = Math.min(nr, columns - j);
      int panelAt = bAt + j * depth;
      boolean half = wide <= nr / 2;
      for (int i = 0; i < rows; i += mr) {
        int high = Math.min(mr, rows - i);
        int at = cAt + i * ldc + j;
        int aAt = layout == BlockSource.Layout.ROWS ? i * MicroKernel.ROW_PITCH : i;
        run(layout, depth, scratch, aAt, b, panelAt, half, scratch, tileAt, nr);
        for (int r = 0; r < high; r++) {
          Lanes.ACTIVE.accumulate(scratch, tileAt + r * nr, c, at + r * ldc, wide);
        }
      }
    }
  }

  private static void run(
      BlockSource.Layout layout,
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc) {
    if (layout == BlockSource.Layout.ROWS) {
      MicroKernel.ACTIVE.byRows(depth, a, aAt, b, bAt, half, c, cAt, ldc);
    } else {
      MicroKernel.ACTIVE.byColumns(depth, a, aAt, b, bAt, half, c, cAt, ldc);
    }
  }
}
