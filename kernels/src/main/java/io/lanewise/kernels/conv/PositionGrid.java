package io.lanewise.kernels.conv;

/**
 * Where the t x t positions of a transformed tile lie: position (i, j) has number {@code j * t + i}
 * and starts at {@code (i / slots) * groupPitch + (i % slots) * slotPitch + j * columnPitch}.
 *
 * <p>One run of memory holds {@code slots} positions side by side, so that few channels do not
 * leave most of a row of constant pitch empty.
 *
 * @param slots positions in a run; divides t
 * @param slotPitch floats from a position to the next in its run
 * @param groupPitch floats from a run to the next
 * @param columnPitch floats from column j to j + 1
 */
record PositionGrid(int slots, int slotPitch, int groupPitch, int columnPitch) {
  /** Positions one after the other, {@code pitch} floats apart. */
  static PositionGrid uniform(int t, int pitch) {
    return new PositionGrid(1, 0, pitch, t * pitch);
  }

  /** Runs of {@code slots} positions, {@code slotPitch} floats apart in their run. */
  static PositionGrid grouped(int t, int slots, int slotPitch, int groupPitch) {
    return new PositionGrid(slots, slotPitch, groupPitch, t / slots * groupPitch);
  }

  /** Start of position number {@code position}. */
  int at(int position) {
    return position / slots * groupPitch + position % slots * slotPitch;
  }

  /** Floats of the runs that hold so many positions. */
  int size(int positions) {
    return positions / slots * groupPitch;
  }
}
