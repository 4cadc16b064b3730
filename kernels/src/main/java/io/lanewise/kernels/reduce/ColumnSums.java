package io.lanewise.kernels.reduce;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.shape.ChannelShape;
import java.util.Arrays;

/**
 * The sum of each channel over all rows, {@code sums[j] += sum over i of x[i,j]}: the gradient of a
 * bias.
 *
 * <p><b>Split:</b> {@link ChannelBlocks} of rows; the blocks' sums are added in order.
 */
public final class ColumnSums {
  private ColumnSums() {}

  /**
   * Adds the sums of all rows.
   *
   * @param x {@code [rows, c]}
   * @param sums {@code [c]}, added into
   */
  public static void add(
      ChannelShape shape, float[] x, float[] sums, Workspace workspace, Parallel parallel) {
    int c = shape.c();
    int period = ChannelBlocks.period(c);
    Slices blocks = ChannelBlocks.rows(shape);
    float[] partial = workspace.borrow(Kind.CALL, blocks.count() * c);
    parallel.forEach(
        blocks.count(),
        b -> {
          float[] tiled = workspace.borrow(Kind.TASK, period);
          Arrays.fill(tiled, 0, period, 0);
          int count = blocks.length(b) * c;
          for (int done = 0; done < count; done += period) {
            int at = blocks.start(b) * c + done;
            Lanes.ACTIVE.accumulate(x, at, tiled, 0, Math.min(period, count - done));
          }
          ChannelBlocks.fold(tiled, 0, c, period, partial, b * c);
          workspace.giveBack(Kind.TASK, tiled);
        });
    for (int b = 0; b < blocks.count(); b++) {
      Lanes.ACTIVE.accumulate(partial, b * c, sums, 0, c);
    }
    workspace.giveBack(Kind.CALL, partial);
  }
}
