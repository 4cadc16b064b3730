package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** What the transforms of all tiles do with their scratch. */
final class SimdWinogradScratch {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private SimdWinogradScratch() {}

  /** Zeros for some vectors behind {@link WinogradLanes#LINE}: columns that an image lacks. */
  static void clear(float[] scratch, int from, int to) {
    for (int i = from; i < to; i++) {
      FloatVector.zero(F).intoArray(scratch, WinogradLanes.LINE + i * L);
    }
  }
}
