package io.lanewise.kernels.conv;

/**
 * {@link WinogradLanes} of the gradient of an input at stride 2 in plain Java, a channel at a time.
 * G is that of {@link ScalarWinogradLanesStrided}, for the rotated window.
 *
 * <pre>
 *       |1 -1 0|        |0 0 0 1 0|
 *       |0  1 0|        |1 1 0 0 0|
 * B^T = |0 -1 1|  A^T = |0 0 0 0 1|
 *       |1  0 0|        |0 1 1 0 0|
 *       |0  1 0|
 * </pre>
 *
 * <p>V has the first four rows of B^T.
 */
final class ScalarWinogradLanesTransposed extends ScalarWinogradTransforms {
  private final ScalarWinogradLanesStrided strided = new ScalarWinogradLanesStrided();

  ScalarWinogradLanesTransposed() {
    super(2, 3, 4, 4, 5, 4);
  }

  @Override
  void inputPass(float[] d, int at, int step, float[] out, int to, int pitch) {
    float d0 = d[at];
    float d1 = d[at + step];
    out[to] = d0 - d1;
    out[to + pitch] = d1;
    out[to + 2 * pitch] = d[at + 2 * step] - d1;
    out[to + 3 * pitch] = d0;
  }

  @Override
  void outputPass(float[] m, int at, int step, float[] out, int to, int pitch) {
    float m1 = m[at + step];
    out[to] = m[at + 3 * step];
    out[to + pitch] = m[at] + m1;
    out[to + 2 * pitch] = m[at + 4 * step];
    out[to + 3 * pitch] = m1 + m[at + 2 * step];
  }

  @Override
  void weightPass(float[] g, int at, int step, float[] out, int to, int pitch) {
    strided.weightPass(g, at, step, out, to, pitch);
  }
}
