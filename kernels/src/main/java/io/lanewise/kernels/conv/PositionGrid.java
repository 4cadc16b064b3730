package io.lanewise.kernels.conv;

/**
 * Where the values of a transformed tile lie, and which of them each position takes. Value (i, j),
 * of rows i and j of the transform's matrix, starts at {@code (i / slots) * groupPitch + (i %
 * slots) * slotPitch + j * columnPitch}. The position of products i and j has number {@code j * t +
 * i} and takes the value of the rows of these products.
 *
 * <p>One run of memory holds {@code slots} values side by side, so that few channels do not leave
 * most of a row of constant pitch empty.
 *
 * @param rows of the matrix
 * @param slots values in a run, but perhaps for the last of a column
 * @param slotPitch floats from a value to the next in its run
 * @param groupPitch floats from a run to the next
 * @param columnPitch floats from column j to j + 1
 */
record PositionGrid(DistinctRows rows, int slots, int slotPitch, int groupPitch, int columnPitch) {
  /** Values one after the other, {@code pitch} floats apart. */
  static PositionGrid uniform(DistinctRows rows, int pitch) {
    return new PositionGrid(rows, 1, 0, pitch, rows.count() * pitch);
  }

  /** Runs of {@code slots} values, {@code slotPitch} floats apart in their run. */
  static PositionGrid grouped(DistinctRows rows, int slots, int slotPitch, int groupPitch) {
    int groups = WinogradShape.ceil(rows.count(), slots);
    return new PositionGrid(rows, slots, slotPitch, groupPitch, groups * groupPitch);
  }

  /** Start of the value that a position takes. */
  int at(int position) {
    int t = rows.products();
    return at(rows.row(position % t), rows.row(position / t));
  }

  /** Start of value (i, j). */
  int at(int i, int j) {
    return i / slots * groupPitch + i % slots * slotPitch + j * columnPitch;
  }

  /** Start of value {@code j * count + i}. */
  int atValue(int value) {
    return at(value % rows.count(), value / rows.count());
  }

  /** Floats of all values. */
  int size() {
    return rows.count() * columnPitch;
  }
}
