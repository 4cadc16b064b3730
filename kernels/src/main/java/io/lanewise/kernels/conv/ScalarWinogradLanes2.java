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
final class ScalarWinogradLanes2 implements WinogradGradientLanes {
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
    int row = 16;
    for (int i = 0; i < tiles * channels; i++) {
      int ch = i % channels;
      int first = i / channels * 2;
      for (int x = 0; x < 4; x++) {
        boolean inside = first + x >= left && first + x < right;
        d.column(tile, inside, first + x, channel + ch, scratch, row);
        inputPass(scratch, row, 1, scratch, x, 4);
      }
      int to = vAt + i / channels * tilePitch + ch;
      for (int y = 0; y < 4; y++) {
        inputPass(scratch, 4 * y, 1, v, to + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  private static void inputPass(float[] d, int at, int step, float[] out, int to, int pitch) {
    float d1 = d[at + step];
    float d2 = d[at + 2 * step];
    out[to] = d[at] - d2;
    out[to + pitch] = d1 + d2;
    out[to + 2 * pitch] = d2 - d1;
    out[to + 3 * pitch] = d1 - d[at + 3 * step];
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
      for (int x = 0; x < 4; x++) {
        int at = sumsAt + ch + x * grid.columnPitch();
        outputPass(sums, at, grid.groupPitch(), scratch, x, 4);
      }
      float start = bias == null ? 0 : bias[biasAt + ch];
      for (int r = 0; r < rows; r++) {
        int to = yAt + ch + r * rowPitch;
        outputPass(scratch, 4 * r, 1, scratch, 8, 1);
        for (int x = 0; x < columns; x++) {
          float value = scratch[8 + x] + start;
          y[to + x * columnPitch] = value <= floor ? 0 : value;
        }
      }
    }
  }

  private static void outputPass(float[] m, int at, int step, float[] out, int to, int pitch) {
    float m1 = m[at + step];
    float m2 = m[at + 2 * step];
    out[to] = m[at] + (m1 + m2);
    out[to + pitch] = m1 - m2 - m[at + 3 * step];
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
    for (int ch = 0; ch < channels; ch++) {
      for (int x = 0; x < 3; x++) {
        weightPass(g, gAt + ch + x * tapPitch, 3 * tapPitch, scratch, x, 3);
      }
      for (int y = 0; y < 4; y++) {
        weightPass(scratch, 3 * y, 1, u, uAt + ch + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  private static void weightPass(float[] g, int at, int step, float[] out, int to, int pitch) {
    float ends = g[at] + g[at + 2 * step];
    float g1 = g[at + step];
    out[to] = g[at];
    out[to + pitch] = 0.5f * (ends + g1);
    out[to + 2 * pitch] = 0.5f * (ends - g1);
    out[to + 3 * pitch] = g[at + 2 * step];
  }

  @Override
  public void outputGradient(
      WinogradBands e,
      int tile,
      int tiles,
      int channel,
      int channels,
      float[] p,
      int pAt,
      int tilePitch,
      PositionGrid grid,
      float[] scratch) {
    int left = e.left(tile, tiles);
    int right = e.right(tile, tiles);
    int row = 8;
    for (int i = 0; i < tiles * channels; i++) {
      int ch = i % channels;
      int first = i / channels * 2;
      for (int x = 0; x < 2; x++) {
        boolean inside = first + x >= left && first + x < right;
        e.column(tile, inside, first + x, channel + ch, scratch, row);
        outputGradientPass(scratch, row, 1, scratch, x, 2);
      }
      int to = pAt + i / channels * tilePitch + ch;
      for (int y = 0; y < 4; y++) {
        outputGradientPass(scratch, 2 * y, 1, p, to + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  private static void outputGradientPass(
      float[] e, int at, int step, float[] out, int to, int pitch) {
    float e0 = e[at];
    float e1 = e[at + step];
    out[to] = e0;
    out[to + pitch] = e0 + e1;
    out[to + 2 * pitch] = e0 - e1;
    out[to + 3 * pitch] = 0 - e1; // not -e1, which would make -0 of the zeros outside an image
  }

  @Override
  public void weightGradient(
      int channels,
      float[] q,
      int qAt,
      PositionGrid grid,
      float[] g,
      int gAt,
      int tapPitch,
      float[] scratch) {
    int row = 12;
    for (int ch = 0; ch < channels; ch++) {
      for (int x = 0; x < 4; x++) {
        int at = qAt + ch + x * grid.columnPitch();
        weightGradientPass(q, at, grid.groupPitch(), scratch, x, 4);
      }
      for (int r = 0; r < 3; r++) {
        weightGradientPass(scratch, 4 * r, 1, scratch, row, 1);
        for (int x = 0; x < 3; x++) {
          g[gAt + ch + (3 * r + x) * tapPitch] += scratch[row + x];
        }
      }
    }
  }

  private static void weightGradientPass(
      float[] q, int at, int step, float[] out, int to, int pitch) {
    float even = 0.5f * (q[at + step] + q[at + 2 * step]);
    out[to] = q[at] + even;
    out[to + pitch] = 0.5f * (q[at + step] - q[at + 2 * step]);
    out[to + 2 * pitch] = even + q[at + 3 * step];
  }
}
