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
final class ScalarWinogradLanes4 implements WinogradGradientLanes {
  private static final float SIXTH = 1 / 6f;
  private static final float TWENTY_FOURTH = 1 / 24f;

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
    int row = 36;
    for (int i = 0; i < tiles * channels; i++) {
      int ch = i % channels;
      int first = i / channels * 4;
      for (int x = 0; x < 6; x++) {
        boolean inside = first + x >= left && first + x < right;
        d.column(tile, inside, first + x, channel + ch, scratch, row);
        inputPass(scratch, row, 1, scratch, x, 6);
      }
      int to = vAt + i / channels * tilePitch + ch;
      for (int y = 0; y < 6; y++) {
        inputPass(scratch, 6 * y, 1, v, to + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  private static void inputPass(float[] d, int at, int step, float[] out, int to, int pitch) {
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
      for (int x = 0; x < 6; x++) {
        int at = sumsAt + ch + x * grid.columnPitch();
        outputPass(sums, at, grid.groupPitch(), scratch, x, 6);
      }
      float start = bias == null ? 0 : bias[biasAt + ch];
      for (int r = 0; r < rows; r++) {
        int to = yAt + ch + r * rowPitch;
        outputPass(scratch, 6 * r, 1, scratch, 24, 1);
        for (int x = 0; x < columns; x++) {
          float value = scratch[24 + x] + start;
          y[to + x * columnPitch] = value <= floor ? 0 : value;
        }
      }
    }
  }

  private static void outputPass(float[] m, int at, int step, float[] out, int to, int pitch) {
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
      for (int y = 0; y < 6; y++) {
        weightPass(scratch, 3 * y, 1, u, uAt + ch + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  private static void weightPass(float[] g, int at, int step, float[] out, int to, int pitch) {
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
    int row = 24;
    for (int i = 0; i < tiles * channels; i++) {
      int ch = i % channels;
      int first = i / channels * 4;
      for (int x = 0; x < 4; x++) {
        boolean inside = first + x >= left && first + x < right;
        e.column(tile, inside, first + x, channel + ch, scratch, row);
        outputGradientPass(scratch, row, 1, scratch, x, 4);
      }
      int to = pAt + i / channels * tilePitch + ch;
      for (int y = 0; y < 6; y++) {
        outputGradientPass(scratch, 4 * y, 1, p, to + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  private static void outputGradientPass(
      float[] e, int at, int step, float[] out, int to, int pitch) {
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
  public void weightGradient(
      int channels,
      float[] q,
      int qAt,
      PositionGrid grid,
      float[] g,
      int gAt,
      int tapPitch,
      float[] scratch) {
    int row = 18;
    for (int ch = 0; ch < channels; ch++) {
      for (int x = 0; x < 6; x++) {
        int at = qAt + ch + x * grid.columnPitch();
        weightGradientPass(q, at, grid.groupPitch(), scratch, x, 6);
      }
      for (int r = 0; r < 3; r++) {
        weightGradientPass(scratch, 6 * r, 1, scratch, row, 1);
        for (int x = 0; x < 3; x++) {
          g[gAt + ch + (3 * r + x) * tapPitch] += scratch[row + x];
        }
      }
    }
  }

  private static void weightGradientPass(
      float[] q, int at, int step, float[] out, int to, int pitch) {
    float even = q[at + step] + q[at + 2 * step];
    float odd = q[at + 2 * step] - q[at + step];
    float even2 = q[at + 3 * step] + q[at + 4 * step];
    float odd2 = q[at + 3 * step] - q[at + 4 * step];
    out[to] = Math.fma(SIXTH, 0.25f * even2 - even, 0.25f * q[at]);
    out[to + pitch] = SIXTH * Math.fma(0.5f, odd2, odd);
    out[to + 2 * pitch] = Math.fma(SIXTH, even2 - even, q[at + 5 * step]);
  }
}
