package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.VectorSpecies;

/** {@link PatchLanes} on vectors. */
final class SimdPatchLanes implements PatchLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  @Override
  public void copyRow(
      int before, int inside, int after, float[] image, int at, float[] patch, int patchAt) {
    clear(patch, patchAt, before);
    int first = patchAt + before;
    int i = 0;
    for (; i <= inside - L; i += L) {
      fromArray(F, image, at + i).intoArray(patch, first + i);
    }
    for (; i < inside; i++) {
      patch[first + i] = image[at + i];
    }
    clear(patch, first + inside, after);
  }

  private static void clear(float[] patch, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      zero(F).intoArray(patch, at + i);
    }
    for (; i < count; i++) {
      patch[at + i] = 0;
    }
  }
}
