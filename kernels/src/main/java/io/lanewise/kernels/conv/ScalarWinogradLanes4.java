package io.lanewise.kernels.conv;

/**
 * {@link WinogradGradientLanes} of F(4x4, 3x3) in plain Java, a channel at a time.
 *
 * <pre>
 *       |4  0 -5  0 1 0|        | 1/4    0    0 |        |1 1  1 1  1 0|
 *       |0 -4 -4  1 1 0|        |-1/6 -1/6 -1/6 |        |0 1 -1 2 -2 0|
 * B^T = |0  4 -4 -1 1 0|    G = |-1/6  1/6 -1/6 |  A^T = |0 1  1 4  4 0|
 *       |0 -2 -1  2 1 0|        |1/24 1/12  1/6 |        |0 1 -1 8 -8 1|
 *       |0  2 -1 -2 1 0|        |1/24-1/12  1/6 |
 *       |0  4  0 -5 0 1|        |  0    0    1  |
 * </pre>
 */
final class ScalarWinogradLanes4 extends ScalarWinogradGradientTransforms {
  private static final float SIXTH = 1 / 6f;
  private static final float TWENTY_FOURTH = 1 / 24f;

  ScalarWinogradLanes4() {
    super(4, 6, 6, 4, 6, 6);
  }

  @Override
  void inputPass(float[] d, int at, int step, float[] out, int to, int pitch) {
    float d0 = d[at];
    float d1 = d[at + step];
    float d2 = d[at + 2 * step];
    float d3 = d[at + 3 * step];
    float d4 = d[at + 4 * step];
    float d5 = d[at + 5 * step];
    out[to] = Math.fma(4, d0, Math.fma(-5, d2, d4));
    float even = Math.fma(-4, d2, d4);
    float odd = Math.fma(-4, d1, d3);
    out[to + pitch] = even + odd;
    out[to + 2 * pitch] = even - odd;
    even = d4 - d2;
    odd = 2 * (d3 - d1);
    out[to + 3 * pitch] = even + odd;
    out[to + 4 * pitch] = even - odd;
    out[to + 5 * pitch] = Math.fma(4, d1, Math.fma(-5, d3, d5));
  }

  @Override
  void outputPass(float[] m, int at, int step, float[] out, int to, int pitch) {
    float even = m[at + step] + m[at + 2 * step];
    float odd = m[at + step] - m[at + 2 * step];
    float even2 = m[at + 3 * step] + m[at + 4 * step];
    float odd2 = m[at + 3 * step] - m[at + 4 * step];
    out[to] = m[at] + even + even2;
    out[to + pitch] = Math.fma(2, odd2, odd);
    out[to + 2 * pitch] = Math.fma(4, even2, even);
    out[to + 3 * pitch] = Math.fma(8, odd2, odd) + m[at + 5 * step];
  }

  @Override
  void weightPass(float[] g, int at, int step, float[] out, int to, int pitch) {
    float g0 = g[at];
    float g1 = g[at + step];
    float g2 = g[at + 2 * step];
    out[to] = 0.25f * g0;
    float ends = g0 + g2;
    out[to + pitch] = (ends + g1) * -SIXTH;
    out[to + 2 * pitch] = (ends - g1) * -SIXTH;
    ends = Math.fma(4, g2, g0);
    out[to + 3 * pitch] = Math.fma(2, g1, ends) * TWENTY_FOURTH;
    out[to + 4 * pitch] = Math.fma(-2, g1, ends) * TWENTY_FOURTH;
    out[to + 5 * pitch] = g2;
  }

  @Override
  void outputGradientPass(float[] e, int at, int step, float[] out, int to, int pitch) {
    float e0 = e[at];
    float e1 = e[at + step];
    float e2 = e[at + 2 * step];
    float e3 = e[at + 3 * step];
    out[to] = e0;
    out[to + pitch] = (e0 + e2) + (e1 + e3);
    out[to + 2 * pitch] = (e0 + e2) - (e1 + e3);
    float even = Math.fma(4, e2, e0);
    float odd = 2 * Math.fma(4, e3, e1);
    out[to + 3 * pitch] = even + odd;
    out[to + 4 * pitch] = even - odd;
    out[to + 5 * pitch] = e3;
  }

  @Override
  void weightGradientPass(float[] q, int at, int step, float[] out, int to, int pitch) {
    float even = q[at + step] + q[at + 2 * step];
    float odd = q[at + 2 * step] - q[at + step];
    float even2 = q[at + 3 * step] + q[at + 4 * step];
    float odd2 = q[at + 3 * step] - q[at + 4 * step];
    out[to] = Math.fma(SIXTH, 0.25f * even2 - even, 0.25f * q[at]);
    out[to + pitch] = SIXTH * Math.fma(0.5f, odd2, odd);
    out[to + 2 * pitch] = Math.fma(SIXTH, even2 - even, q[at + 5 * step]);
  }
}
