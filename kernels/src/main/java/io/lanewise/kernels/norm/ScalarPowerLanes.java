package io.lanewise.kernels.norm;

/** {@link PowerLanes} in plain Java. */
final class ScalarPowerLanes implements PowerLanes {
  @Override
  public void threeQuarters(
      float slope, float k, float[] a, int sumsAt, int factorAt, int ratioAt, int count) {
    from(0, slope, k, a, sumsAt, factorAt, ratioAt, count);
  }

  void from(
      int start,
      float slope,
      float k,
      float[] a,
      int sumsAt,
      int factorAt,
      int ratioAt,
      int count) {
    for (int i = start; i < count; i++) {
      float s = Math.fma(slope, a[sumsAt + i], k);
      float root = (float) Math.sqrt(s);
      float power = 1 / (root * (float) Math.sqrt(root));
      a[factorAt + i] = power;
      a[ratioAt + i] = power / s;
    }
  }
}
