package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradGradientLanes} of F(2x2, 3x3) at stride 2 on vectors of channels, built as {@link
 * SimdWinogradLanes4}; tiles are read by {@link SimdWinogradBandsStrided}. The matrices stand in
 * {@link ScalarWinogradLanesStrided}, which takes what is less than a vector.
 */
final class SimdWinogradLanesStrided implements WinogradGradientLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarWinogradLanesStrided tail = new ScalarWinogradLanesStrided();

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
    if (channels < L) {
      tail.input(d, tile, tiles, channel, channels, v, vAt, tilePitch, grid, scratch);
    } else {
      SimdWinogradBandsStrided.input(
          d, tile, tiles, channel, channels, v, vAt, tilePitch, grid, scratch);
    }
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
    if (channels < L) {
      tail.output(
          channels,
          sums,
          sumsAt,
          grid,
          bias,
          biasAt,
          rectify,
          y,
          yAt,
          rows,
          columns,
          rowPitch,
          columnPitch,
          scratch);
      return;
    }
    float floor = rectify ? 0 : Float.NaN;
    for (int i = 0; i < channels; i += L) {
      int ch = Math.min(i, channels - L);
      outputColumns(sums, sumsAt + ch, grid.groupPitch(), grid.columnPitch(), scratch);
      int to = yAt + ch;
      outputRows(scratch, bias, biasAt + ch, floor, y, to, rows, columns, rowPitch, columnPitch);
    }
  }

  private static void outputColumns(
      float[] sums, int sumsAt, int pitch, int columnPitch, float[] scratch) {
    for (int x = 0; x < 5; x++) {
      int at = sumsAt + x * columnPitch;
      FloatVector m1 = fromArray(F, sums, at + pitch);
      FloatVector y0 = fromArray(F, sums, at).add(m1).add(fromArray(F, sums, at + 3 * pitch));
      FloatVector y1 =
          m1.add(fromArray(F, sums, at + 2 * pitch)).add(fromArray(F, sums, at + 4 * pitch));
      int to = LINE + x * L;
      y0.intoArray(scratch, to);
      y1.intoArray(scratch, to + 5 * L);
    }
  }

  private static void outputRows(
      float[] scratch,
      float[] bias,
      int biasAt,
      float floor,
      float[] y,
      int yAt,
      int rows,
      int columns,
      int rowPitch,
      int columnPitch) {
    FloatVector least = broadcast(F, floor);
    FloatVector start = bias == null ? FloatVector.zero(F) : fromArray(F, bias, biasAt);
    for (int r = 0; r < rows; r++) {
      int at = LINE + r * 5 * L;
      FloatVector m1 = fromArray(F, scratch, at + L);
      FloatVector m3 = fromArray(F, scratch, at + 3 * L);
      int to = yAt + r * rowPitch;
      FloatVector y0 = fromArray(F, scratch, at).add(m1).add(m3).add(start);
      y0.blend(FloatVector.zero(F), y0.compare(LE, least)).intoArray(y, to);
      if (columns > 1) {
        FloatVector m4 = fromArray(F, scratch, at + 4 * L);
        FloatVector y1 = m1.add(fromArray(F, scratch, at + 2 * L)).add(m4).add(start);
        y1.blend(FloatVector.zero(F), y1.compare(LE, least)).intoArray(y, to + columnPitch);
      }
    }
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
    if (channels < L) {
      tail.weight(channels, g, gAt, tapPitch, u, uAt, grid, scratch);
      return;
    }
    for (int i = 0; i < channels; i += L) {
      int ch = Math.min(i, channels - L);
      weightColumns(g, gAt + ch, tapPitch, scratch);
      weightRows(scratch, u, uAt + ch, grid.groupPitch(), grid.columnPitch());
    }
  }

  private static void weightColumns(float[] g, int gAt, int tapPitch, float[] scratch) {
    for (int x = 0; x < 3; x++) {
      int at = gAt + x * tapPitch;
      FloatVector g0 = fromArray(F, g, at);
      FloatVector g2 = fromArray(F, g, at + 6 * tapPitch);
      int to = LINE + x * L;
      g0.intoArray(scratch, to);
      g0.add(g2).intoArray(scratch, to + 3 * L);
      g2.intoArray(scratch, to + 6 * L);
      fromArray(F, g, at + 3 * tapPitch).intoArray(scratch, to + 9 * L);
    }
  }

  private static void weightRows(float[] scratch, float[] u, int uAt, int pitch, int columnPitch) {
    for (int y = 0; y < 4; y++) {
      int at = LINE + y * 3 * L;
      FloatVector g0 = fromArray(F, scratch, at);
      FloatVector g2 = fromArray(F, scratch, at + 2 * L);
      int to = uAt + y * pitch;
      g0.intoArray(u, to);
      g0.add(g2).intoArray(u, to + columnPitch);
      g2.intoArray(u, to + 2 * columnPitch);
      fromArray(F, scratch, at + L).intoArray(u, to + 3 * columnPitch);
    }
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
    if (channels < L) {
      tail.outputGradient(e, tile, tiles, channel, channels, p, pAt, tilePitch, grid, scratch);
    } else {
      SimdWinogradBandsStrided.outputGradient(
          e, tile, tiles, channel, channels, p, pAt, tilePitch, grid, scratch);
    }
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
    int ch = 0;
    for (; ch <= channels - L; ch += L) {
      weightGradientColumns(q, qAt + ch, grid.groupPitch(), grid.columnPitch(), scratch);
      weightGradientRows(scratch, g, gAt + ch, tapPitch);
    }
    if (ch < channels) {
      tail.weightGradient(channels - ch, q, qAt + ch, grid, g, gAt + ch, tapPitch, scratch);
    }
  }

  private static void weightGradientColumns(
      float[] q, int qAt, int pitch, int columnPitch, float[] scratch) {
    for (int x = 0; x < 4; x++) {
      int at = qAt + x * columnPitch;
      FloatVector q1 = fromArray(F, q, at + pitch);
      int to = LINE + x * L;
      fromArray(F, q, at).add(q1).intoArray(scratch, to);
      fromArray(F, q, at + 3 * pitch).intoArray(scratch, to + 4 * L);
      q1.add(fromArray(F, q, at + 2 * pitch)).intoArray(scratch, to + 8 * L);
    }
  }

  private static void weightGradientRows(float[] scratch, float[] g, int gAt, int tapPitch) {
    for (int r = 0; r < 3; r++) {
      int at = LINE + r * 4 * L;
      FloatVector q1 = fromArray(F, scratch, at + L);
      FloatVector g0 = fromArray(F, scratch, at).add(q1);
      FloatVector g1 = fromArray(F, scratch, at + 3 * L);
      FloatVector g2 = q1.add(fromArray(F, scratch, at + 2 * L));
      int to = gAt + 3 * r * tapPitch;
      g0.add(fromArray(F, g, to)).intoArray(g, to);
      g1.add(fromArray(F, g, to + tapPitch)).intoArray(g, to + tapPitch);
      g2.add(fromArray(F, g, to + 2 * tapPitch)).intoArray(g, to + 2 * tapPitch);
    }
  }
}
