package io.lanewise.kernels.peak;

/** The twin of {@link SimdPeakLanes}: one lane. */
final class ScalarPeakLanes implements PeakLanes {
  @Override
  public float fma(int rounds, float factor, float term) {
    float x0 = 0;
    float x1 = 1;
    float x2 = 2;
    float x3 = 3;
    float x4 = 4;
    float x5 = 5;
    float x6 = 6;
    float x7 = 7;
    float x8 = 8;
    float x9 = 9;
    float x10 = 10;
    float x11 = 11;
    for (int i = 0; i < rounds; i++) {
      x0 = Math.fma(x0, factor, term);
      x1 = Math.fma(x1, factor, term);
      x2 = Math.fma(x2, factor, term);
      x3 = Math.fma(x3, factor, term);
      x4 = Math.fma(x4, factor, term);
      x5 = Math.fma(x5, factor, term);
      x6 = Math.fma(x6, factor, term);
      x7 = Math.fma(x7, factor, term);
      x8 = Math.fma(x8, factor, term);
      x9 = Math.fma(x9, factor, term);
      x10 = Math.fma(x10, factor, term);
      x11 = Math.fma(x11, factor, term);
    }
    return x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11;
  }

  @Override
  public long fmaFlops(int rounds) {
    return 2L * CHAINS * rounds;
  }

  @Override
  public void triad(float[] a, float factor, float[] b, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = Math.fma(factor, b[at + i], a[at + i]);
    }
  }
}
