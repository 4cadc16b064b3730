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
final class ScalarWinogradLanesTransposed implements WinogradLanes {
  private final ScalarWinogradLanesStrided strided = new ScalarWinogradLanesStrided();

  @Override
  public void input(
      WinogradBands d,
      int tile,
      int tiles,
      int channel,
      int channels,
      float[] v,
      int vAt,
      int tilePitch,
      PositionGrid grid,
      float[] scratch) {
    int left = d.left(tile, tiles);
    int right = d.right(tile, tiles);
    int row = 12;
    for (int i = 0; i < tiles * channels; i++) {
      int ch = i % channels;
      int first = i / channels * 2;
      for (int x = 0; x < 3; x++) {
        boolean inside = first + x >= left && first + x < right;
        d.column(tile, inside, first + x, channel + ch, scratch, row);
        inputPass(scratch, row, 1, scratch, x, 3);
      }
      int to = vAt + i / channels * tilePitch + ch;
      for (int y = 0; y < 4; y++) {
        inputPass(scratch, 3 * y, 1, v, to + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  private static void inputPass(float[] d, int at, int step, float[] out, int to, int pitch) {
    float d0 = d[at];
    float d1 = d[at + step];
    out[to] = d0 - d1;
    out[to + pitch] = d1;
    out[to + 2 * pitch] = d[at + 2 * step] - d1;
    out[to + 3 * pitch] = d0;
  }

  @Override
  public void output(
      int channels,
      float[] sums,
      int sumsAt,
      PositionGrid grid,
      float[] bias,
      int biasAt,
      boolean rectify,
      float[] y,
      int yAt,
      int rows,
      int columns,
      int rowPitch,
      int columnPitch,
      float[] scratch) {
    float floor = rectify ? 0 : Float.NaN;
    for (int ch = 0; ch < channels; ch++) {
      for (int x = 0; x < 5; x++) {
        int at = sumsAt + ch + x * grid.columnPitch();
        outputPass(sums, at, grid.groupPitch(), scratch, x, 5);
      }
      float start = bias == null ? 0 : bias[biasAt + ch];
      for (int r = 0; r < rows; r++) {
        int to = yAt + ch + r * rowPitch;
        outputPass(scratch, 5 * r, 1, scratch, 20, 1);
        for (int x = 0; x < columns; x++) {
          float value = scratch[20 + x] + start;
          y[to + x * columnPitch] = value <= floor ? 0 : value;
        }
      }
    }
  }

  private static void outputPass(float[] m, int at, int step, float[] out, int to, int pitch) {
    float m1 = m[at + step];
    out[to] = m[at + 3 * step];
    out[to + pitch] = m[at] + m1;
    out[to + 2 * pitch] = m[at + 4 * step];
    out[to + 3 * pitch] = m1 + m[at + 2 * step];
  }

  @Override
  public void weight(
      int channels,
      float[] g,
      int gAt,
      int tapPitch,
      float[] u,
      int uAt,
      PositionGrid grid,
      float[] scratch) {
    strided.weight(channels, g, gAt, tapPitch, u, uAt, grid, scratch);
  }
}
