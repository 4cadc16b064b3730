package io.lanewise.kernels.gemm;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;

/**
 * A product whose A is not packed at all: its rows come in runs that lie side by side in memory,
 * and step k of the sum is at a distance from a table. A convolution of an image with few channels
 * is one, see {@link MicroKernel#byTable}.
 *
 * <p><b>Split:</b> fixed numbers of runs. Every value of C is one chain in the order of k.
 */
public final class TableGemm {
  /** Rows of A in a task, about. */
  private static final int TASK_ROWS = 512;

  private TableGemm() {}

  /** Floats that a tile may read behind the last row of a run. */
  public static int overhang() {
    return MicroKernel.ACTIVE.mr();
  }

  /** Where the runs of A start. */
  public interface Runs {
    /** Index of the first row of a run, at distance 0. */
    int at(int run);
  }

  /**
   * {@code C = epilogue(bias + A * B)}.
   *
   * @param runs number of runs
   * @param length rows of A in a run
   * @param n columns of B and C
   * @param depth steps k, at most {@link BlockSource#ROW_PITCH}
   * @param table the distance of each step
   * @param a holds A: row r of a run at step k is {@code a[starts.at(run) + table[k] + r]}; where a
   *     tile overhangs the end of a run it reads on, inside the array
   * @param packedB B as {@link PackedB} packs it
   * @param to where C goes, run after run
   */
  public static void overwrite(
      int runs,
      int length,
      int n,
      int depth,
      int[] table,
      float[] a,
      Runs starts,
      float[] packedB,
      Destination to,
      Workspace workspace,
      Parallel parallel) {
    int some = Math.max(1, TASK_ROWS / length);
    MicroKernel kernel = MicroKernel.ACTIVE;
    int nr = kernel.nr();
    parallel.forEach(
        (runs + some - 1) / some,
        task -> {
          float[] tile = workspace.borrow(Kind.TASK, kernel.mr() * nr);
          int end = Math.min(runs, (task + 1) * some);
          for (int run = task * some; run < end; run++) {
            int step;
            for (int i = 0; i < length; i += step) {
              step = kernel.tileRows(length - i);
              int high = Math.min(step, length - i);
              for (int j = 0; j < n; j += nr) {
                int wide = Math.min(nr, n - j);
                boolean half = wide <= nr / 2;
                int aAt = starts.at(run) + i;
                kernel.byTable(step, depth, table, a, aAt, packedB, j * depth, half, tile, 0, nr);
                to.put(tile, 0, run * length + i, j, high, wide, true, true);
              }
            }
          }
          workspace.giveBack(Kind.TASK, tile);
        });
  }
}
