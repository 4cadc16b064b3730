package io.lanewise.kernels.conv;

/**
 * {@link WinogradGradientLanes} of F(2x2, 3x3) at stride 2 in plain Java, a channel at a time.
 *
 * <pre>
 *       |1 0 -1 0 0|        |1 0 0|
 *       |0 0  1 0 0|        |1 0 1|        |1 1 0 1 0|
 * B^T = |0 0 -1 0 1|    G = |0 0 1|  A^T = |0 1 1 0 1|
 *       |0 1  0 0 0|        |0 1 0|
 *       |0 0  0 1 0|        |0 1 0|
 * </pre>
 *
 * <p>U and Q have the first four rows of G, P has the first three of A.
 */
final class ScalarWinogradLanesStrided extends ScalarWinogradGradientTransforms {
  ScalarWinogradLanesStrided() {
    super(4, 5, 5, 2, 4, 3);
  }

  @Override
  void inputPass(float[] d, int at, int step, float[] out, int to, int pitch) {
    float d2 = d[at + 2 * step];
    out[to] = d[at] - d2;
    out[to + pitch] = d2;
    out[to + 2 * pitch] = d[at + 4 * step] - d2;
    out[to + 3 * pitch] = d[at + step];
    out[to + 4 * pitch] = d[at + 3 * step];
  }

  @Override
  void outputPass(float[] m, int at, int step, float[] out, int to, int pitch) {
    float m1 = m[at + step];
    out[to] = m[at] + m1 + m[at + 3 * step];
    out[to + pitch] = m1 + m[at + 2 * step] + m[at + 4 * step];
  }

  @Override
  void weightPass(float[] g, int at, int step, float[] out, int to, int pitch) {
    float g0 = g[at];
    float g2 = g[at + 2 * step];
    out[to] = g0;
    out[to + pitch] = g0 + g2;
    out[to + 2 * pitch] = g2;
    out[to + 3 * pitch] = g[at + step];
  }

  @Override
  void outputGradientPass(float[] e, int at, int step, float[] out, int to, int pitch) {
    float e0 = e[at];
    float e1 = e[at + step];
    out[to] = e0;
    out[to + pitch] = e0 + e1;
    out[to + 2 * pitch] = e1;
  }

  @Override
  void weightGradientPass(float[] q, int at, int step, float[] out, int to, int pitch) {
    float q1 = q[at + step];
    out[to] = q[at] + q1;
    out[to + pitch] = q[at + 3 * step];
    out[to + 2 * pitch] = q1 + q[at + 2 * step];
  }
}
