package io.lanewise.kernels.norm;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link PowerLanes} on vectors: whole vectors first, the tail by the scalar twin. */
final class SimdPowerLanes implements PowerLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarPowerLanes tail = new ScalarPowerLanes();

  @Override
  public void threeQuarters(
      float slope, float k, float[] a, int sumsAt, int factorAt, int ratioAt, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector s = fromArray(F, a, sumsAt + i).fma(broadcast(F, slope), broadcast(F, k));
      FloatVector root = s.sqrt();
      FloatVector power = broadcast(F, 1).div(root.mul(root.sqrt()));
      power.intoArray(a, factorAt + i);
      power.div(s).intoArray(a, ratioAt + i);
    }
    tail.from(i, slope, k, a, sumsAt, factorAt, ratioAt, count);
  }
}
