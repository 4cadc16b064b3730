package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradLanes} of F(2x2, 3x3) on vectors of channels, built as {@link SimdWinogradLanes4};
 * the matrices stand in {@link ScalarWinogradLanes2}, which takes the last channels.
 */
final class SimdWinogradLanes2 implements WinogradLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarWinogradLanes2 tail = new ScalarWinogradLanes2();

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
    for (int x = 0; x < 4; x++) {
      int at = dAt + x * columnPitch;
      FloatVector d1 = fromArray(F, d, at + rowPitch);
      FloatVector d2 = fromArray(F, d, at + 2 * rowPitch);
      int to = LINE + x * L;
      fromArray(F, d, at).sub(d2).intoArray(scratch, to);
      d1.add(d2).intoArray(scratch, to + 4 * L);
      d2.sub(d1).intoArray(scratch, to + 8 * L);
      d1.sub(fromArray(F, d, at + 3 * rowPitch)).intoArray(scratch, to + 12 * L);
    }
  }

  private static void inputRows(
      float[] scratch, float[] v, int vAt, int slots, int slotPitch, int groupPitch, int pitch) {
    int to = vAt;
    int left = slots;
    for (int y = 0; y < 4; y++) {
      int at = LINE + y * 4 * L;
      FloatVector d1 = fromArray(F, scratch, at + L);
      FloatVector d2 = fromArray(F, scratch, at + 2 * L);
      fromArray(F, scratch, at).sub(d2).intoArray(v, to);
      d1.add(d2).intoArray(v, to + pitch);
      d2.sub(d1).intoArray(v, to + 2 * pitch);
      d1.sub(fromArray(F, scratch, at + 3 * L)).intoArray(v, to + 3 * pitch);
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
    for (int x = 0; x < 4; x++) {
      int at = sumsAt + x * columnPitch;
      FloatVector m1 = fromArray(F, sums, at + pitch);
      FloatVector m2 = fromArray(F, sums, at + 2 * pitch);
      int to = LINE + x * L;
      fromArray(F, sums, at).add(m1.add(m2)).intoArray(scratch, to);
      m1.sub(m2).sub(fromArray(F, sums, at + 3 * pitch)).intoArray(scratch, to + 4 * L);
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
    FloatVector start = bias == null ? FloatVector.zero(F) : fromArray(F, bias, biasAt);
    for (int r = 0; r < 2; r++) {
      int at = LINE + r * 4 * L;
      FloatVector m1 = fromArray(F, scratch, at + L);
      FloatVector m2 = fromArray(F, scratch, at + 2 * L);
      int to = yAt + r * rowPitch;
      FloatVector y0 = fromArray(F, scratch, at).add(m1.add(m2)).add(start);
      y0.blend(0, y0.compare(LE, floor)).intoArray(y, to);
      FloatVector y1 = m1.sub(m2).sub(fromArray(F, scratch, at + 3 * L)).add(start);
      y1.blend(0, y1.compare(LE, floor)).intoArray(y, to + columnPitch);
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
    FloatVector half = broadcast(F, 0.5f);
    for (int x = 0; x < 3; x++) {
      int at = gAt + x * tapPitch;
      FloatVector g0 = fromArray(F, g, at);
      FloatVector g1 = fromArray(F, g, at + 3 * tapPitch);
      FloatVector g2 = fromArray(F, g, at + 6 * tapPitch);
      int to = LINE + x * L;
      g0.intoArray(scratch, to);
      FloatVector ends = g0.add(g2);
      half.mul(ends.add(g1)).intoArray(scratch, to + 3 * L);
      half.mul(ends.sub(g1)).intoArray(scratch, to + 6 * L);
      g2.intoArray(scratch, to + 9 * L);
    }
  }

  private static void weightRows(float[] scratch, float[] u, int uAt, int pitch, int columnPitch) {
    FloatVector half = broadcast(F, 0.5f);
    for (int y = 0; y < 4; y++) {
      int at = LINE + y * 3 * L;
      FloatVector g0 = fromArray(F, scratch, at);
      FloatVector g1 = fromArray(F, scratch, at + L);
      FloatVector g2 = fromArray(F, scratch, at + 2 * L);
      int to = uAt + y * pitch;
      g0.intoArray(u, to);
      FloatVector ends = g0.add(g2);
      half.mul(ends.add(g1)).intoArray(u, to + columnPitch);
      half.mul(ends.sub(g1)).intoArray(u, to + 2 * columnPitch);
      g2.intoArray(u, to + 3 * columnPitch);
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
    for (int x = 0; x < 2; x++) {
      int at = eAt + x * columnPitch;
      FloatVector e0 = fromArray(F, e, at);
      FloatVector e1 = fromArray(F, e, at + rowPitch);
      int to = LINE + x * L;
      e0.intoArray(scratch, to);
      e0.add(e1).intoArray(scratch, to + 2 * L);
      e0.sub(e1).intoArray(scratch, to + 4 * L);
      e1.neg().intoArray(scratch, to + 6 * L);
    }
  }

  private static void outputGradientRows(
      float[] scratch, float[] p, int pAt, int pitch, int columnPitch) {
    for (int y = 0; y < 4; y++) {
      int at = LINE + y * 2 * L;
      FloatVector e0 = fromArray(F, scratch, at);
      FloatVector e1 = fromArray(F, scratch, at + L);
      int to = pAt + y * pitch;
      e0.intoArray(p, to);
      e0.add(e1).intoArray(p, to + columnPitch);
      e0.sub(e1).intoArray(p, to + 2 * columnPitch);
      e1.neg().intoArray(p, to + 3 * columnPitch);
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
    FloatVector half = broadcast(F, 0.5f);
    for (int x = 0; x < 4; x++) {
      int at = qAt + x * columnPitch;
      FloatVector q1 = fromArray(F, q, at + pitch);
      FloatVector q2 = fromArray(F, q, at + 2 * pitch);
      FloatVector even = half.mul(q1.add(q2));
      int to = LINE + x * L;
      fromArray(F, q, at).add(even).intoArray(scratch, to);
      half.mul(q1.sub(q2)).intoArray(scratch, to + 4 * L);
      even.add(fromArray(F, q, at + 3 * pitch)).intoArray(scratch, to + 8 * L);
    }
  }

  private static void weightGradientRows(float[] scratch, float[] g, int gAt, int tapPitch) {
    FloatVector half = broadcast(F, 0.5f);
    for (int r = 0; r < 3; r++) {
      int at = LINE + r * 4 * L;
      FloatVector q1 = fromArray(F, scratch, at + L);
      FloatVector q2 = fromArray(F, scratch, at + 2 * L);
      FloatVector even = half.mul(q1.add(q2));
      FloatVector g0 = fromArray(F, scratch, at).add(even);
      FloatVector g1 = half.mul(q1.sub(q2));
      FloatVector g2 = even.add(fromArray(F, scratch, at + 3 * L));
      int to = gAt + 3 * r * tapPitch;
      g0.add(fromArray(F, g, to)).intoArray(g, to);
      g1.add(fromArray(F, g, to + tapPitch)).intoArray(g, to + tapPitch);
      g2.add(fromArray(F, g, to + 2 * tapPitch)).intoArray(g, to + 2 * tapPitch);
    }
  }
}
