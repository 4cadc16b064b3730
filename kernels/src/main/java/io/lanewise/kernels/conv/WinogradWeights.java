package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import java.util.Arrays;

/**
 * The weight of a 3x3 convolution as Winograd's products want it: {@code U = G g G^T} of each
 * channel pair, in B panels by position, see {@link WinogradShape}.
 *
 * <p><b>Split:</b> 16 rows of U a task.
 */
final class WinogradWeights {
  private static final int TASK_ROWS = 16;

  private WinogradWeights() {}

  /**
   * For the forward direction.
   *
   * @param weight {@code [3, 3, c, oc]}
   * @param u receives {@link WinogradShape#weightSize} floats
   */
  static void transform(
      WinogradShape s, float[] weight, float[] u, Workspace workspace, Parallel parallel) {
    parallel.forEach(
        WinogradShape.ceil(s.c(), TASK_ROWS),
        i -> {
          float[] scratch = workspace.borrow(Kind.TASK, WinogradLanes.SCRATCH);
          int first = i * TASK_ROWS;
          int rows = Math.min(TASK_ROWS, s.c() - first);
          int tapPitch = s.c() * s.oc();
          transformRows(s, first, rows, weight, first * s.oc(), s.oc(), tapPitch, u, scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
  }

  /**
   * For the gradient of the input: kernel rows and columns backwards, channels exchanged.
   *
   * @param s the gradient's shape, whose input channels are the weight's output channels
   * @param weight {@code [3, 3, oc of s, c of s]}
   * @param u receives {@link WinogradShape#weightSize} floats
   */
  static void rotateAndTransform(
      WinogradShape s, float[] weight, float[] u, Workspace workspace, Parallel parallel) {
    int taps = 9;
    int columns = s.oc();
    int rowsAt = WinogradLanes.SCRATCH;
    parallel.forEach(
        WinogradShape.ceil(s.c(), TASK_ROWS),
        i -> {
          int first = i * TASK_ROWS;
          int rows = Math.min(TASK_ROWS, s.c() - first);
          float[] scratch = workspace.borrow(Kind.TASK, rowsAt + TASK_ROWS * taps * columns);
          for (int tap = 0; tap < taps; tap++) {
            for (int column = 0; column < columns; column++) {
              int from = (tap * columns + column) * s.c() + first;
              int to = rowsAt + tap * columns + column;
              for (int row = 0; row < rows; row++) {
                scratch[to + row * taps * columns] = weight[from + row];
              }
            }
          }
          int lastTap = rowsAt + (taps - 1) * columns;
          transformRows(s, first, rows, scratch, lastTap, taps * columns, -columns, u, scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
  }

  /** Writes some rows of U, one panel of columns after the other. */
  private static void transformRows(
      WinogradShape s,
      int first,
      int rows,
      float[] g,
      int gAt,
      int rowPitch,
      int tapPitch,
      float[] u,
      float[] scratch) {
    WinogradLanes lanes = s.tile().lanes();
    PositionGrid grid = s.weightGrid();
    int nr = MicroKernel.ACTIVE.nr();
    for (int column = 0; column < s.oc(); column += nr) {
      int wide = Math.min(nr, s.oc() - column);
      for (int row = first; row < first + rows; row++) {
        int block = row / s.blockSize();
        int blockAt = block * s.blockSize() * s.columns() + column * s.blockSize(block);
        int uAt = blockAt + row % s.blockSize() * nr;
        int from = gAt + (row - first) * rowPitch + column;
        lanes.weight(wide, g, from, tapPitch, u, uAt, grid, scratch);
        for (int p = 0; wide < nr && p < s.tile().weights().values(); p++) {
          Arrays.fill(u, uAt + grid.atValue(p) + wide, uAt + grid.atValue(p) + nr, 0);
        }
      }
    }
  }
}
