package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradLanes} of F(4x4, 3x3) on vectors of channels; the matrices stand in {@link
 * ScalarWinogradLanes4}, which takes the last channels.
 *
 * <p>One vector of channels at a time goes through both 1-D passes; between them it lies in
 * scratch, which stays in the L1 cache. A pass is a loop over columns or rows with one transform in
 * local variables, a method of its own so that C2 compiles it below its node limit.
 */
final class SimdWinogradLanes4 implements WinogradLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarWinogradLanes4 tail = new ScalarWinogradLanes4();

  @Override
  public void input(
      int channels,
      float[] d,
      int dAt,
      int rowPitch,
      int columnPitch,
      float[] v,
      int vAt,
      PositionGrid grid,
      float[] scratch) {
    int ch = 0;
    for (; ch <= channels - L; ch += L) {
      inputColumns(d, dAt + ch, rowPitch, columnPitch, scratch);
      inputRows(
          scratch,
          v,
          vAt + ch,
          grid.slots(),
          grid.slotPitch(),
          grid.groupPitch(),
          grid.columnPitch());
    }
    if (ch < channels) {
      int rest = channels - ch;
      tail.input(rest, d, dAt + ch, rowPitch, columnPitch, v, vAt + ch, grid, scratch);
    }
  }

  private static void inputColumns(
      float[] d, int dAt, int rowPitch, int columnPitch, float[] scratch) {
    FloatVector four = broadcast(F, 4);
    FloatVector minusFour = broadcast(F, -4);
    FloatVector minusFive = broadcast(F, -5);
    FloatVector two = broadcast(F, 2);
    for (int x = 0; x < 6; x++) {
      int at = dAt + x * columnPitch;
      FloatVector d0 = fromArray(F, d, at);
      FloatVector d1 = fromArray(F, d, at + rowPitch);
      FloatVector d2 = fromArray(F, d, at + 2 * rowPitch);
      FloatVector d3 = fromArray(F, d, at + 3 * rowPitch);
      FloatVector d4 = fromArray(F, d, at + 4 * rowPitch);
      FloatVector d5 = fromArray(F, d, at + 5 * rowPitch);
      int to = LINE + x * L;
      four.fma(d0, minusFive.fma(d2, d4)).intoArray(scratch, to);
      FloatVector even = minusFour.fma(d2, d4);
      FloatVector odd = minusFour.fma(d1, d3);
      even.add(odd).intoArray(scratch, to + 6 * L);
      even.sub(odd).intoArray(scratch, to + 12 * L);
      even = d4.sub(d2);
      odd = two.mul(d3.sub(d1));
      even.add(odd).intoArray(scratch, to + 18 * L);
      even.sub(odd).intoArray(scratch, to + 24 * L);
      four.fma(d1, minusFive.fma(d3, d5)).intoArray(scratch, to + 30 * L);
    }
  }

  private static void inputRows(
      float[] scratch, float[] v, int vAt, int slots, int slotPitch, int groupPitch, int pitch) {
    FloatVector four = broadcast(F, 4);
    FloatVector minusFour = broadcast(F, -4);
    FloatVector minusFive = broadcast(F, -5);
    FloatVector two = broadcast(F, 2);
    int to = vAt;
    int left = slots;
    for (int y = 0; y < 6; y++) {
      int at = LINE + y * 6 * L;
      FloatVector d0 = fromArray(F, scratch, at);
      FloatVector d1 = fromArray(F, scratch, at + L);
      FloatVector d2 = fromArray(F, scratch, at + 2 * L);
      FloatVector d3 = fromArray(F, scratch, at + 3 * L);
      FloatVector d4 = fromArray(F, scratch, at + 4 * L);
      FloatVector d5 = fromArray(F, scratch, at + 5 * L);
      four.fma(d0, minusFive.fma(d2, d4)).intoArray(v, to);
      FloatVector even = minusFour.fma(d2, d4);
      FloatVector odd = minusFour.fma(d1, d3);
      even.add(odd).intoArray(v, to + pitch);
      even.sub(odd).intoArray(v, to + 2 * pitch);
      even = d4.sub(d2);
      odd = two.mul(d3.sub(d1));
      even.add(odd).intoArray(v, to + 3 * pitch);
      even.sub(odd).intoArray(v, to + 4 * pitch);
      four.fma(d1, minusFive.fma(d3, d5)).intoArray(v, to + 5 * pitch);
      left--;
      to += left == 0 ? groupPitch - (slots - 1) * slotPitch : slotPitch;
      left = left == 0 ? slots : left;
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
      int rowPitch,
      int columnPitch,
      float[] scratch) {
    float floor = rectify ? 0 : Float.NaN;
    int ch = 0;
    for (; ch <= channels - L; ch += L) {
      outputColumns(sums, sumsAt + ch, grid.groupPitch(), grid.columnPitch(), scratch);
      outputRows(scratch, bias, biasAt + ch, floor, y, yAt + ch, rowPitch, columnPitch);
    }
    if (ch < channels) {
      tail.output(
          channels - ch,
          sums,
          sumsAt + ch,
          grid,
          bias,
          biasAt + ch,
          rectify,
          y,
          yAt + ch,
          rowPitch,
          columnPitch,
          scratch);
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
      int rowPitch,
      int columnPitch) {
    FloatVector two = broadcast(F, 2);
    FloatVector four = broadcast(F, 4);
    FloatVector eight = broadcast(F, 8);
    FloatVector start = bias == null ? FloatVector.zero(F) : fromArray(F, bias, biasAt);
    for (int r = 0; r < 4; r++) {
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
      y0.blend(0, y0.compare(LE, floor)).intoArray(y, to);
      FloatVector y1 = two.fma(odd2, odd).add(start);
      y1.blend(0, y1.compare(LE, floor)).intoArray(y, to + columnPitch);
      FloatVector y2 = four.fma(even2, even).add(start);
      y2.blend(0, y2.compare(LE, floor)).intoArray(y, to + 2 * columnPitch);
      FloatVector y3 = eight.fma(odd2, odd).add(fromArray(F, scratch, at + 5 * L)).add(start);
      y3.blend(0, y3.compare(LE, floor)).intoArray(y, to + 3 * columnPitch);
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
    int ch = 0;
    for (; ch <= channels - L; ch += L) {
      weightColumns(g, gAt + ch, tapPitch, scratch);
      weightRows(scratch, u, uAt + ch, grid.groupPitch(), grid.columnPitch());
    }
    if (ch < channels) {
      tail.weight(channels - ch, g, gAt + ch, tapPitch, u, uAt + ch, grid, scratch);
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
      g0.mul(0.25f).intoArray(scratch, to);
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
      g0.mul(0.25f).intoArray(u, to);
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
      int channels,
      float[] e,
      int eAt,
      int rowPitch,
      int columnPitch,
      float[] p,
      int pAt,
      PositionGrid grid,
      float[] scratch) {
    int ch = 0;
    for (; ch <= channels - L; ch += L) {
      outputGradientColumns(e, eAt + ch, rowPitch, columnPitch, scratch);
      outputGradientRows(scratch, p, pAt + ch, grid.groupPitch(), grid.columnPitch());
    }
    if (ch < channels) {
      int rest = channels - ch;
      tail.outputGradient(rest, e, eAt + ch, rowPitch, columnPitch, p, pAt + ch, grid, scratch);
    }
  }

  private static void outputGradientColumns(
      float[] e, int eAt, int rowPitch, int columnPitch, float[] scratch) {
    FloatVector two = broadcast(F, 2);
    FloatVector four = broadcast(F, 4);
    for (int x = 0; x < 4; x++) {
      int at = eAt + x * columnPitch;
      FloatVector e0 = fromArray(F, e, at);
      FloatVector e1 = fromArray(F, e, at + rowPitch);
      FloatVector e2 = fromArray(F, e, at + 2 * rowPitch);
      FloatVector e3 = fromArray(F, e, at + 3 * rowPitch);
      int to = LINE + x * L;
      e0.intoArray(scratch, to);
      FloatVector even = e0.add(e2);
      FloatVector odd = e1.add(e3);
      even.add(odd).intoArray(scratch, to + 4 * L);
      even.sub(odd).intoArray(scratch, to + 8 * L);
      even = four.fma(e2, e0);
      odd = two.mul(four.fma(e3, e1));
      even.add(odd).intoArray(scratch, to + 12 * L);
      even.sub(odd).intoArray(scratch, to + 16 * L);
      e3.intoArray(scratch, to + 20 * L);
    }
  }

  private static void outputGradientRows(
      float[] scratch, float[] p, int pAt, int pitch, int columnPitch) {
    FloatVector two = broadcast(F, 2);
    FloatVector four = broadcast(F, 4);
    for (int y = 0; y < 6; y++) {
      int at = LINE + y * 4 * L;
      FloatVector e0 = fromArray(F, scratch, at);
      FloatVector e1 = fromArray(F, scratch, at + L);
      FloatVector e2 = fromArray(F, scratch, at + 2 * L);
      FloatVector e3 = fromArray(F, scratch, at + 3 * L);
      int to = pAt + y * pitch;
      e0.intoArray(p, to);
      FloatVector even = e0.add(e2);
      FloatVector odd = e1.add(e3);
      even.add(odd).intoArray(p, to + columnPitch);
      even.sub(odd).intoArray(p, to + 2 * columnPitch);
      even = four.fma(e2, e0);
      odd = two.mul(four.fma(e3, e1));
      even.add(odd).intoArray(p, to + 3 * columnPitch);
      even.sub(odd).intoArray(p, to + 4 * columnPitch);
      e3.intoArray(p, to + 5 * columnPitch);
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
