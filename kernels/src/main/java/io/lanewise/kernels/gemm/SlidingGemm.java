package io.lanewise.kernels.gemm;

import java.util.Arrays;

/**
 * {@code C = A * B} for a low A and a B that slides: the columns of B are runs of neighbours in an
 * array, and all of them move together from step to step, {@code B[k, run * length + j] = b[bAt +
 * run * runStep + table[k] + j]}.
 *
 * <pre>
 *   step k     . . [a b c d] . .          one array, two runs
 *              . . [e f g h] . .          B[k] = a b c d e f g h
 *
 *   step k+1   . . . [b c d i] .          moved by table[k+1] - table[k] = 1
 *              . . . [f g h j] .
 * </pre>
 *
 * <p>So nothing of B is packed, however often its values come again, and lanes run along B: a
 * convolution of few filters fills them whatever the number of filters. A is packed in panels of
 * {@link SlidingKernel#HIGH} or {@link SlidingKernel#LOW} rows.
 */
public final class SlidingGemm {
  /** Floats that a tile may read behind the last run, and write behind a row of C. */
  public static final int OVERHANG = 16;

  private SlidingGemm() {}

  /** Rows of the panel that comes where {@code left} rows are left. */
  private static int panelRows(int left) {
    boolean high = left % SlidingKernel.LOW != 0 && left >= SlidingKernel.HIGH;
    return high ? SlidingKernel.HIGH : SlidingKernel.LOW;
  }

  /** Rows of all panels that hold m rows. */
  public static int paddedRows(int m) {
    int rows = 0;
    while (rows < m) {
      rows += panelRows(m - rows);
    }
    return rows;
  }

  /**
   * Packs A from its columns. Rows beyond m are zero.
   *
   * @param a {@code A[i, k]} at {@code aAt + k * lda + i}
   * @param panels receives {@code paddedRows(m) * depth} floats from {@code panelsAt}
   */
  public static void pack(
      int m, int depth, float[] a, int aAt, int lda, float[] panels, int panelsAt) {
    int rows;
    for (int i = 0; i < m; i += rows) {
      rows = panelRows(m - i);
      int high = Math.min(rows, m - i);
      int panel = panelsAt + i * depth;
      if (high == rows) {
        SlidingKernel.ACTIVE.pack(rows, depth, a, aAt + i, lda, panels, panel);
        continue;
      }
      Arrays.fill(panels, panel, panel + rows * depth, 0);
      for (int k = 0; k < depth; k++) {
        System.arraycopy(a, aAt + k * lda + i, panels, panel + k * rows, high);
      }
    }
  }

  /** Copies {@code count} runs that begin {@code fromStep} floats apart one behind the other. */
  public static void gather(
      int length, int count, float[] from, int fromAt, int fromStep, float[] to, int toAt) {
    SlidingKernel.ACTIVE.pack(length, count, from, fromAt, fromStep, to, toAt);
  }

  /**
   * Writes {@code C = A * B}.
   *
   * @param m rows of A and C
   * @param depth steps k
   * @param panels A as {@link #pack} packs it
   * @param table the distance of each step
   * @param b holds B and {@link #OVERHANG} floats behind it
   * @param runs runs of columns
   * @param length columns in a run
   * @param c receives {@code C[i, j]} at {@code cAt + i * ldc + j}, {@code paddedRows(m)} rows;
   *     arbitrary values in the {@link #OVERHANG} behind each
   * @param ldc at least {@code runs * length + OVERHANG}
   */
  public static void multiply(
      int m,
      int depth,
      float[] panels,
      int panelsAt,
      int[] table,
      float[] b,
      int bAt,
      int runs,
      int runStep,
      int length,
      float[] c,
      int cAt,
      int ldc) {
    SlidingKernel kernel = SlidingKernel.ACTIVE;
    int lanes = kernel.lanes();
    int inRun = (length + lanes - 1) / lanes;
    int vectors = runs * inRun;
    int rows;
    for (int i = 0; i < m; i += rows) {
      rows = panelRows(m - i);
      for (int v = 0; v < vectors; v += 2) {
        int w = Math.min(v + 1, vectors - 1);
        int column = v / inRun * length + v % inRun * lanes;
        int next = w / inRun * length + w % inRun * lanes;
        kernel.multiply(
            rows,
            depth,
            panels,
            panelsAt + i * depth,
            table,
            b,
            bAt + v / inRun * runStep + v % inRun * lanes,
            bAt + w / inRun * runStep + w % inRun * lanes,
            c,
            cAt + i * ldc + column,
            cAt + i * ldc + next,
            ldc);
      }
    }
  }
}
