package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradGradientLanes} of F(4x4, 3x3) on vectors of channels; tiles are read by {@link
 * SimdWinogradBands4}. The matrices stand in {@link ScalarWinogradLanes4}, which takes what is less
 * than a vector.
 *
 * <p>One vector of channels at a time goes through both 1-D passes; between them it lies in
 * scratch, which stays in the L1 cache. A pass is a loop over columns or rows with one transform in
 * local variables, a method of its own so that C2 compiles it below its node limit.
 */
final class SimdWinogradLanes4 implements WinogradGradientLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarWinogradLanes4 tail = new ScalarWinogradLanes4();

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
      SimdWinogradBands4.input(d, tile, tiles, channel, channels, v, vAt, tilePitch, grid, scratch);
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
    FloatVector two = broadcast(F, 2);
    FloatVector four = broadcast(F, 4);
    FloatVector eight = broadcast(F, 8);
    for (int x = 0; x < 6; x++) {
      int at = sumsAt + x * columnPitch;
      FloatVector m1 = fromArray(F, sums, at + pitch);
      FloatVector m2 = fromArray(F, sums, at + 2 * pitch);
      FloatVector even = m1.add(m2);
      FloatVector odd = m1.sub(m2);
      FloatVector m3 = fromArray(F, sums, at + 3 * pitch);
      FloatVector m4 = fromArray(F, sums, at + 4 * pitch);
      FloatVector even2 = m3.add(m4);
      FloatVector odd2 = m3.sub(m4);
      int to = LINE + x * L;
      fromArray(F, sums, at).add(even).add(even2).intoArray(scratch, to);
      two.fma(odd2, odd).intoArray(scratch, to + 6 * L);
      four.fma(even2, even).intoArray(scratch, to + 12 * L);
      eight.fma(odd2, odd).add(fromArray(F, sums, at + 5 * pitch)).intoArray(scratch, to + 18 * L);
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
    FloatVector two = broadcast(F, 2);
    FloatVector four = broadcast(F, 4);
    FloatVector eight = broadcast(F, 8);
    FloatVector least = broadcast(F, floor);
    FloatVector start = bias == null ? FloatVector.zero(F) : fromArray(F, bias, biasAt);
    for (int r = 0; r < rows; r++) {
      int at = LINE + r * 6 * L;
      FloatVector m1 = fromArray(F, scratch, at + L);
      FloatVector m2 = fromArray(F, scratch, at + 2 * L);
      FloatVector even = m1.add(m2);
      FloatVector odd = m1.sub(m2);
      FloatVector m3 = fromArray(F, scratch, at + 3 * L);
      FloatVector m4 = fromArray(F, scratch, at + 4 * L);
      FloatVector even2 = m3.add(m4);
      FloatVector odd2 = m3.sub(m4);
      int to = yAt + r * rowPitch;
      FloatVector y0 = fromArray(F, scratch, at).add(even).add(even2).add(start);
      y0.blend(FloatVector.zero(F), y0.compare(LE, least)).intoArray(y, to);
      if (columns > 1) {
        FloatVector y1 = two.fma(odd2, odd).add(start);
        y1.blend(FloatVector.zero(F), y1.compare(LE, least)).intoArray(y, to + columnPitch);
      }
      if (columns > 2) {
        FloatVector y2 = four.fma(even2, even).add(start);
        y2.blend(FloatVector.zero(F), y2.compare(LE, least)).intoArray(y, to + 2 * columnPitch);
      }
      if (columns > 3) {
        FloatVector y3 = eight.fma(odd2, odd).add(fromArray(F, scratch, at + 5 * L)).add(start);
        y3.blend(FloatVector.zero(F), y3.compare(LE, least)).intoArray(y, to + 3 * columnPitch);
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
    FloatVector sixth = broadcast(F, -1 / 6f);
    FloatVector small = broadcast(F, 1 / 24f);
    FloatVector two = broadcast(F, 2);
    FloatVector minusTwo = broadcast(F, -2);
    FloatVector four = broadcast(F, 4);
    for (int x = 0; x < 3; x++) {
      int at = gAt + x * tapPitch;
      FloatVector g0 = fromArray(F, g, at);
      FloatVector g1 = fromArray(F, g, at + 3 * tapPitch);
      FloatVector g2 = fromArray(F, g, at + 6 * tapPitch);
      int to = LINE + x * L;
      broadcast(F, 0.25f).mul(g0).intoArray(scratch, to);
      FloatVector ends = g0.add(g2);
      ends.add(g1).mul(sixth).intoArray(scratch, to + 3 * L);
      ends.sub(g1).mul(sixth).intoArray(scratch, to + 6 * L);
      ends = four.fma(g2, g0);
      two.fma(g1, ends).mul(small).intoArray(scratch, to + 9 * L);
      minusTwo.fma(g1, ends).mul(small).intoArray(scratch, to + 12 * L);
      g2.intoArray(scratch, to + 15 * L);
    }
  }

  private static void weightRows(float[] scratch, float[] u, int uAt, int pitch, int columnPitch) {
    FloatVector sixth = broadcast(F, -1 / 6f);
    FloatVector small = broadcast(F, 1 / 24f);
    FloatVector two = broadcast(F, 2);
    FloatVector minusTwo = broadcast(F, -2);
    FloatVector four = broadcast(F, 4);
    for (int y = 0; y < 6; y++) {
      int at = LINE + y * 3 * L;
      FloatVector g0 = fromArray(F, scratch, at);
      FloatVector g1 = fromArray(F, scratch, at + L);
      FloatVector g2 = fromArray(F, scratch, at + 2 * L);
      int to = uAt + y * pitch;
      broadcast(F, 0.25f).mul(g0).intoArray(u, to);
      FloatVector ends = g0.add(g2);
      ends.add(g1).mul(sixth).intoArray(u, to + columnPitch);
      ends.sub(g1).mul(sixth).intoArray(u, to + 2 * columnPitch);
      ends = four.fma(g2, g0);
      two.fma(g1, ends).mul(small).intoArray(u, to + 3 * columnPitch);
      minusTwo.fma(g1, ends).mul(small).intoArray(u, to + 4 * columnPitch);
      g2.intoArray(u, to + 5 * columnPitch);
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
      SimdWinogradBands4.outputGradient(
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
    FloatVector sixth = broadcast(F, 1 / 6f);
    FloatVector quarter = broadcast(F, 0.25f);
    FloatVector half = broadcast(F, 0.5f);
    for (int x = 0; x < 6; x++) {
      int at = qAt + x * columnPitch;
      FloatVector q1 = fromArray(F, q, at + pitch);
      FloatVector q2 = fromArray(F, q, at + 2 * pitch);
      FloatVector even = q1.add(q2);
      FloatVector odd = q2.sub(q1);
      FloatVector q3 = fromArray(F, q, at + 3 * pitch);
      FloatVector q4 = fromArray(F, q, at + 4 * pitch);
      FloatVector even2 = q3.add(q4);
      FloatVector odd2 = q3.sub(q4);
      int to = LINE + x * L;
      sixth
          .fma(quarter.mul(even2).sub(even), quarter.mul(fromArray(F, q, at)))
          .intoArray(scratch, to);
      sixth.mul(half.fma(odd2, odd)).intoArray(scratch, to + 6 * L);
      sixth.fma(even2.sub(even), fromArray(F, q, at + 5 * pitch)).intoArray(scratch, to + 12 * L);
    }
  }

  private static void weightGradientRows(float[] scratch, float[] g, int gAt, int tapPitch) {
    FloatVector sixth = broadcast(F, 1 / 6f);
    FloatVector quarter = broadcast(F, 0.25f);
    FloatVector half = broadcast(F, 0.5f);
    for (int r = 0; r < 3; r++) {
      int at = LINE + r * 6 * L;
      FloatVector q1 = fromArray(F, scratch, at + L);
      FloatVector q2 = fromArray(F, scratch, at + 2 * L);
      FloatVector even = q1.add(q2);
      FloatVector odd = q2.sub(q1);
      FloatVector q3 = fromArray(F, scratch, at + 3 * L);
      FloatVector q4 = fromArray(F, scratch, at + 4 * L);
      FloatVector even2 = q3.add(q4);
      FloatVector odd2 = q3.sub(q4);
      int to = gAt + 3 * r * tapPitch;
      sixth
          .fma(quarter.mul(even2).sub(even), quarter.mul(fromArray(F, scratch, at)))
          .add(fromArray(F, g, to))
          .intoArray(g, to);
      sixth
          .mul(half.fma(odd2, odd))
          .add(fromArray(F, g, to + tapPitch))
          .intoArray(g, to + tapPitch);
      sixth
          .fma(even2.sub(even), fromArray(F, scratch, at + 5 * L))
          .add(fromArray(F, g, to + 2 * tapPitch))
          .intoArray(g, to + 2 * tapPitch);
    }
  }
}
