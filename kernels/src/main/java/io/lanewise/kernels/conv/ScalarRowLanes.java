package io.lanewise.kernels.conv;

/**
 * {@link RowLanes} in plain Java. Points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity give the matrices
 *
 * <pre>
 *       |1   0 -21/4   0   21/4   0  -1 0|        | 1                               |
 *       |0   1    1  -17/4 -17/4  1   1 0|        |-2/9  * [1   1    1    1    1   ]|
 *       |0  -1    1   17/4 -17/4 -1   1 0|        |-2/9  * [1  -1    1   -1    1   ]|
 * B^T = |0  1/2  1/4  -5/2  -5/4  2   1 0|    G = | 1/90 * [1   2    4    8   16   ]|
 *       |0 -1/2  1/4   5/2  -5/4 -2   1 0|        | 1/90 * [1  -2    4   -8   16   ]|
 *       |0   2    4   -5/2   -5  1/2  1 0|        |32/45 * [1  1/2  1/4  1/8  1/16 ]|
 *       |0  -2    4    5/2   -5 -1/2  1 0|        |32/45 * [1 -1/2  1/4 -1/8  1/16 ]|
 *       |0  -1    0   21/4    0 -21/4 0 1|        |                            1    |
 *
 *       |1 1  1 1  1  1    1  0|
 * A^T = |0 1 -1 2 -2 1/2 -1/2 0|
 *       |0 1  1 4  4 1/4  1/4 0|
 *       |0 1 -1 8 -8 1/8 -1/8 1|
 * </pre>
 */
final class ScalarRowLanes implements RowLanes {
  /** The factor of G's rows for 1 and -1. */
  static final float ONE = -2 / 9f;

  /** The factor of G's rows for 2 and -2. */
  static final float TWO = 1 / 90f;

  /** The factor of G's rows for 1/2 and -1/2. */
  static final float HALF = 32 / 45f;

  @Override
  public void input(int count, float[] d, int dAt, int dPitch, float[] v, int vAt, int vPitch) {
    for (int i = 0; i < count; i++) {
      int at = dAt + i;
      float d0 = d[at];
      float d1 = d[at + dPitch];
      float d2 = d[at + 2 * dPitch];
      float d3 = d[at + 3 * dPitch];
      float d4 = d[at + 4 * dPitch];
      float d5 = d[at + 5 * dPitch];
      float d6 = d[at + 6 * dPitch];
      float d7 = d[at + 7 * dPitch];
      int to = vAt + i;
      v[to] = Math.fma(5.25f, d4 - d2, d0 - d6);
      v[to + 7 * vPitch] = Math.fma(5.25f, d3 - d5, d7 - d1);
      float even = Math.fma(-4.25f, d4, d2 + d6);
      float odd = Math.fma(-4.25f, d3, d1 + d5);
      v[to + vPitch] = even + odd;
      v[to + 2 * vPitch] = even - odd;
      even = Math.fma(0.25f, d2, Math.fma(-1.25f, d4, d6));
      odd = Math.fma(0.5f, d1, Math.fma(-2.5f, d3, 2 * d5));
      v[to + 3 * vPitch] = even + odd;
      v[to + 4 * vPitch] = even - odd;
      even = Math.fma(4, d2, Math.fma(-5, d4, d6));
      odd = Math.fma(2, d1, Math.fma(-2.5f, d3, 0.5f * d5));
      v[to + 5 * vPitch] = even + odd;
      v[to + 6 * vPitch] = even - odd;
    }
  }

  @Override
  public void weight(int count, float[] g, int gAt, int gPitch, float[] u, int uAt, int uPitch) {
    for (int i = 0; i < count; i++) {
      int at = gAt + i;
      float g0 = g[at];
      float g1 = g[at + gPitch];
      float g2 = g[at + 2 * gPitch];
      float g3 = g[at + 3 * gPitch];
      float g4 = g[at + 4 * gPitch];
      int to = uAt + i;
      u[to] = g0;
      u[to + 7 * uPitch] = g4;
      float even = g0 + g2 + g4;
      float odd = g1 + g3;
      u[to + uPitch] = (even + odd) * ONE;
      u[to + 2 * uPitch] = (even - odd) * ONE;
      even = Math.fma(16, g4, Math.fma(4, g2, g0));
      odd = Math.fma(4, g3, g1) * 2;
      u[to + 3 * uPitch] = (even + odd) * TWO;
      u[to + 4 * uPitch] = (even - odd) * TWO;
      even = Math.fma(0.0625f, g4, Math.fma(0.25f, g2, g0));
      odd = Math.fma(0.25f, g3, g1) * 0.5f;
      u[to + 5 * uPitch] = (even + odd) * HALF;
      u[to + 6 * uPitch] = (even - odd) * HALF;
    }
  }

  @Override
  public void output(int count, float term, boolean rectify, float[] sums, int at, int pitch) {
    for (int i = at; i < at + count; i++) {
      tile(RowTiles.PIXELS, term, rectify, sums, i, pitch, sums, i, pitch);
    }
  }

  @Override
  public void pixels(
      int count,
      int pixels,
      int channels,
      float[] bias,
      boolean rectify,
      float[] sums,
      int at,
      int tilePitch,
      int pitch,
      float[] output,
      int outputAt) {
    pixels(0, count, pixels, channels, bias, rectify, sums, at, tilePitch, pitch, output, outputAt);
  }

  /** The channels from {@code first} on. */
  static void pixels(
      int first,
      int count,
      int pixels,
      int channels,
      float[] bias,
      boolean rectify,
      float[] sums,
      int at,
      int tilePitch,
      int pitch,
      float[] output,
      int outputAt) {
    for (int o = first; o < channels; o++) {
      float term = bias == null ? 0 : bias[o];
      for (int i = 0; i < count; i++) {
        int from = at + i * tilePitch + o;
        int to = outputAt + i * RowTiles.PIXELS * channels + o;
        tile(pixels, term, rectify, sums, from, pitch, output, to, channels);
      }
    }
  }

  /** The pixels of one tile and channel, which may replace its sums. */
  private static void tile(
      int pixels,
      float term,
      boolean rectify,
      float[] sums,
      int at,
      int pitch,
      float[] output,
      int outputAt,
      int outputPitch) {
    float floor = rectify ? 0 : Float.NaN;
    float m0 = sums[at];
    float m1 = sums[at + pitch];
    float m2 = sums[at + 2 * pitch];
    float m3 = sums[at + 3 * pitch];
    float m4 = sums[at + 4 * pitch];
    float m5 = sums[at + 5 * pitch];
    float m6 = sums[at + 6 * pitch];
    float m7 = sums[at + 7 * pitch];
    float even = m1 + m2;
    float odd = m1 - m2;
    float even2 = m3 + m4;
    float odd2 = m3 - m4;
    float evenHalf = m5 + m6;
    float oddHalf = m5 - m6;
    float y0 = first(m0, even, even2, evenHalf) + term;
    output[outputAt] = y0 <= floor ? 0 : y0;
    if (pixels > 1) {
      float y1 = second(odd, odd2, oddHalf) + term;
      output[outputAt + outputPitch] = y1 <= floor ? 0 : y1;
    }
    if (pixels > 2) {
      float y2 = third(even, even2, evenHalf) + term;
      output[outputAt + 2 * outputPitch] = y2 <= floor ? 0 : y2;
    }
    if (pixels > 3) {
      float y3 = fourth(odd, odd2, oddHalf, m7) + term;
      output[outputAt + 3 * outputPitch] = y3 <= floor ? 0 : y3;
    }
  }

  private static float first(float m0, float even, float even2, float evenHalf) {
    return m0 + even + (even2 + evenHalf);
  }

  private static float second(float odd, float odd2, float oddHalf) {
    return Math.fma(0.5f, oddHalf, Math.fma(2, odd2, odd));
  }

  private static float third(float even, float even2, float evenHalf) {
    return Math.fma(0.25f, evenHalf, Math.fma(4, even2, even));
  }

  private static float fourth(float odd, float odd2, float oddHalf, float m7) {
    return Math.fma(0.125f, oddHalf, Math.fma(8, odd2, odd)) + m7;
  }

  @Override
  public void outputGradient(
      int count, float[] e, int eAt, int ePitch, float[] p, int pAt, int pPitch) {
    for (int i = 0; i < count; i++) {
      int at = eAt + i;
      float e0 = e[at];
      float e1 = e[at + ePitch];
      float e2 = e[at + 2 * ePitch];
      float e3 = e[at + 3 * ePitch];
      int to = pAt + i;
      p[to] = e0;
      p[to + 7 * pPitch] = e3;
      float even = e0 + e2;
      float odd = e1 + e3;
      p[to + pPitch] = even + odd;
      p[to + 2 * pPitch] = even - odd;
      even = Math.fma(4, e2, e0);
      odd = Math.fma(4, e3, e1) * 2;
      p[to + 3 * pPitch] = even + odd;
      p[to + 4 * pPitch] = even - odd;
      even = Math.fma(0.25f, e2, e0);
      odd = Math.fma(0.25f, e3, e1) * 0.5f;
      p[to + 5 * pPitch] = even + odd;
      p[to + 6 * pPitch] = even - odd;
    }
  }

  @Override
  public void weightGradient(int count, float[] sums, int at, int pitch) {
    for (int i = 0; i < count; i++) {
      int to = at + i;
      float q1 = sums[to + pitch];
      float q2 = sums[to + 2 * pitch];
      float q3 = sums[to + 3 * pitch];
      float q4 = sums[to + 4 * pitch];
      float q5 = sums[to + 5 * pitch];
      float q6 = sums[to + 6 * pitch];
      float even = (q1 + q2) * ONE;
      float odd = (q1 - q2) * ONE;
      float even2 = (q3 + q4) * TWO;
      float odd2 = (q3 - q4) * TWO;
      float evenHalf = (q5 + q6) * HALF;
      float oddHalf = (q5 - q6) * HALF;
      sums[to] = first(sums[to], even, even2, evenHalf);
      sums[to + pitch] = second(odd, odd2, oddHalf);
      sums[to + 2 * pitch] = third(even, even2, evenHalf);
      sums[to + 3 * pitch] = Math.fma(0.125f, oddHalf, Math.fma(8, odd2, odd));
      float last = Math.fma(0.0625f, evenHalf, Math.fma(16, even2, even));
      sums[to + 4 * pitch] = last + sums[to + 7 * pitch];
    }
  }
}
