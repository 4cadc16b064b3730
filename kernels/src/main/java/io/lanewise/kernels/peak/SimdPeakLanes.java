package io.lanewise.kernels.peak;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The twin of {@link ScalarPeakLanes} on vectors. */
final class SimdPeakLanes implements PeakLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int LANES = F.length();

  @Override
  public float fma(int rounds, float factor, float term) {
    FloatVector f = FloatVector.broadcast(F, factor);
    FloatVector t = FloatVector.broadcast(F, term);
    FloatVector x0 = FloatVector.broadcast(F, 0);
    FloatVector x1 = FloatVector.broadcast(F, 1);
    FloatVector x2 = FloatVector.broadcast(F, 2);
    FloatVector x3 = FloatVector.broadcast(F, 3);
    FloatVector x4 = FloatVector.broadcast(F, 4);
    FloatVector x5 = FloatVector.broadcast(F, 5);
    FloatVector x6 = FloatVector.broadcast(F, 6);
    FloatVector x7 = FloatVector.broadcast(F, 7);
    FloatVector x8 = FloatVector.broadcast(F, 8);
    FloatVector x9 = FloatVector.broadcast(F, 9);
    FloatVector x10 = FloatVector.broadcast(F, 10);
    FloatVector x11 = FloatVector.broadcast(F, 11);
    for (int i = 0; i < rounds; i++) {
      x0 = x0.fma(f, t);
      x1 = x1.fma(f, t);
      x2 = x2.fma(f, t);
      x3 = x3.fma(f, t);
      x4 = x4.fma(f, t);
      x5 = x5.fma(f, t);
      x6 = x6.fma(f, t);
      x7 = x7.fma(f, t);
      x8 = x8.fma(f, t);
      x9 = x9.fma(f, t);
      x10 = x10.fma(f, t);
      x11 = x11.fma(f, t);
    }
    FloatVector sum = x0.add(x1).add(x2).add(x3).add(x4).add(x5).add(x6).add(x7).add(x8);
    return sum.add(x9).add(x10).add(x11).lane(0);
  }

  @Override
  public long fmaFlops(int rounds) {
    return 2L * CHAINS * LANES * rounds;
  }

  @Override
  public void triad(float[] a, float factor, float[] b, float[] out, int at, int count) {
    FloatVector f = FloatVector.broadcast(F, factor);
    int whole = F.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector product =
          f.fma(FloatVector.fromArray(F, b, at + i), FloatVector.fromArray(F, a, at + i));
      product.intoArray(out, at + i);
    }
    for (int i = whole; i < count; i++) {
      out[at + i] = Math.fma(factor, b[at + i], a[at + i]);
    }
  }
}
