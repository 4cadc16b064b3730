package io.lanewise.kernels.conv;

/**
 * {@link WinogradGradientLanes} of F(2x2, 3x3) in plain Java, a channel at a time.
 *
 * <pre>
 *       |1  0 -1  0|        | 1    0    0 |
 * B^T = |0  1  1  0|    G = |1/2  1/2  1/2|  A^T = |1 1  1  0|
 *       |0 -1  1  0|        |1/2 -1/2  1/2|        |0 1 -1 -1|
 *       |0  1  0 -1|        | 0    0    1 |
 * </pre>
 */
final class ScalarWinogradLanes2 extends ScalarWinogradGradientTransforms {
  ScalarWinogradLanes2() {
    super(2, 4, 4, 2, 4, 4);
  }

  @Override
  void inputPass(float[] d, int at, int step, float[] out, int to, int pitch) {
    float d1 = d[at + step];
    float d2 = d[at + 2 * step];
    out[to] = d[at] - d2;
    out[to + pitch] = d1 + d2;
    out[to + 2 * pitch] = d2 - d1;
    out[to + 3 * pitch] = d1 - d[at + 3 * step];
  }

  @Override
  void outputPass(float[] m, int at, int step, float[] out, int to, int pitch) {
    float m1 = m[at + step];
    float m2 = m[at + 2 * step];
    out[to] = m[at] + (m1 + m2);
    out[to + pitch] = m1 - m2 - m[at + 3 * step];
  }

  @Override
  void weightPass(float[] g, int at, int step, float[] out, int to, int pitch) {
    float ends = g[at] + g[at + 2 * step];
    float g1 = g[at + step];
    out[to] = g[at];
    out[to + pitch] = 0.5f * (ends + g1);
    out[to + 2 * pitch] = 0.5f * (ends - g1);
    out[to + 3 * pitch] = g[at + 2 * step];
  }

  @Override
  void outputGradientPass(float[] e, int at, int step, float[] out, int to, int pitch) {
    float e0 = e[at];
    float e1 = e[at + step];
    out[to] = e0;
    out[to + pitch] = e0 + e1;
    out[to + 2 * pitch] = e0 - e1;
    out[to + 3 * pitch] = 0 - e1; // not -e1, which would make -0 of the zeros outside an image
  }

  @Override
  void weightGradientPass(float[] q, int at, int step, float[] out, int to, int pitch) {
    float even = 0.5f * (q[at + step] + q[at + 2 * step]);
    out[to] = q[at] + even;
    out[to + pitch] = 0.5f * (q[at + step] - q[at + 2 * step]);
    out[to + 2 * pitch] = even + q[at + 3 * step];
  }
}
