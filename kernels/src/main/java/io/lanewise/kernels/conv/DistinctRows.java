package io.lanewise.kernels.conv;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The distinct rows of a transform's matrix. Products whose rows are equal take the same value,
 * which is computed and kept once.
 */
final class DistinctRows {
  private final int[] rows;
  private final int count;

  private DistinctRows(int[] rows) {
    this.rows = rows;
    this.count = Arrays.stream(rows).max().getAsInt() + 1;
  }

  /** A matrix of t rows that all differ. */
  static DistinctRows all(int t) {
    return new DistinctRows(IntStream.range(0, t).toArray());
  }

  /** For each product of an axis the row that it takes, counted from 0. */
  static DistinctRows of(int... rows) {
    return new DistinctRows(rows.clone());
  }

  /** How many rows there are. */
  int count() {
    return count;
  }

  /** Values of a transformed tile: one for each pair of rows. */
  int values() {
    return count * count;
  }

  /** Products of an axis. */
  int products() {
    return rows.length;
  }

  /** The row that a product takes. */
  int row(int product) {
    return rows[product];
  }
}
