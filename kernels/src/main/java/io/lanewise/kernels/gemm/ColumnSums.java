package io.lanewise.kernels.gemm;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import java.util.Arrays;

/**
 * The sums of a matrix's columns, {@code 1^T * A}: the gradient of a bias.
 *
 * <p><b>Split:</b> at most 16 slices of rows, of 32K floats at least, with sums of their own that
 * are added in slice order.
 */
public final class ColumnSums {
  private static final int MOST_SLICES = 16;
  private static final int LEAST_FLOATS = 1 << 15;

  private ColumnSums() {}

  /**
   * Adds to each sum its column, row by row.
   *
   * @param matrix {@code [rows, columns]}
   * @param sums {@code [columns]}, added into
   */
  public static void add(
      int rows, int columns, float[] matrix, float[] sums, Workspace workspace, Parallel parallel) {
    int size = Math.max(LEAST_FLOATS / columns, Slices.atMost(MOST_SLICES, rows).size());
    Slices slices = new Slices(rows, Math.max(1, size));
    if (slices.count() == 1) {
      Lanes.ACTIVE.accumulateRows(matrix, 0, rows, columns, sums, 0);
      return;
    }
    float[] partial = workspace.borrow(Kind.CALL, slices.count() * columns);
    parallel.forEach(
        slices.count(),
        i -> {
          int at = i * columns;
          Arrays.fill(partial, at, at + columns, 0);
          int from = slices.start(i) * columns;
          Lanes.ACTIVE.accumulateRows(matrix, from, slices.length(i), columns, partial, at);
        });
    Lanes.ACTIVE.accumulateRows(partial, 0, slices.count(), columns, sums, 0);
    workspace.giveBack(Kind.CALL, partial);
  }
}
