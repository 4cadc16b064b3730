package io.lanewise.kernels.norm;

import io.lanewise.kernels.lanes.FloatMath;
import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The powers of {@link LocalResponseNorm}. The twins {@link SimdPowerLanes} and {@link
 * ScalarPowerLanes} give the same bits: square roots and divisions are rounded correctly.
 */
interface PowerLanes {
  /** The lanes of this process. */
  PowerLanes ACTIVE =
      LanesProvider.choose(() -> new SimdPowerLanes(), () -> new ScalarPowerLanes());

  /** The exponent of the nets that use this. */
  float THREE_QUARTERS = 0.75f;

  /** {@code s = slope * sum + k; factor = s^-3/4; ratio = factor / s}, three parts of an array. */
  void threeQuarters(
      float slope, float k, float[] a, int sumsAt, int factorAt, int ratioAt, int count);

  /** The same with the exponent of the settings. */
  static void powers(
      LocalResponseNorm.Settings settings,
      float[] a,
      int sumsAt,
      int factorAt,
      int ratioAt,
      int count) {
    if (settings.beta() == THREE_QUARTERS) {
      ACTIVE.threeQuarters(settings.slope(), settings.k(), a, sumsAt, factorAt, ratioAt, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      float s = Math.fma(settings.slope(), a[sumsAt + i], settings.k());
      a[factorAt + i] = FloatMath.pow(s, -settings.beta());
      a[ratioAt + i] = a[factorAt + i] / s;
    }
  }
}
