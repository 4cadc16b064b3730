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
      return;
    }
    int at = d.at(tile) + channel;
    int top = d.top(tile);
    int bottom = d.bottom(tile);
    int left = d.left(tile, tiles);
    int right = d.right(tile, tiles);
    for (int i = 0; i < channels; i += L) {
      int ch = Math.min(i, channels - L);
      clear(scratch, 0, left);
      clear(scratch, right, d.columns(tiles));
      if (bottom - top == 6) {
        inputColumns(left, right, d.image(), at + ch, d.rowPitch(), d.pixelPitch(), scratch);
      } else {
        inputColumnsAtEdge(d, at + ch, top, bottom, left, right, scratch);
      }
      for (int k = 0; k < tiles; k++) {
        inputRows(
            scratch,
            LINE + k * 24 * L,
            v,
            vAt + k * tilePitch + ch,
            grid.slots(),
            grid.slotPitch(),
            grid.groupPitch(),
            grid.columnPitch());
      }
    }
  }

  /** Zeros for columns of a band that its image does not have. */
  private static void clear(float[] scratch, int from, int to) {
    for (int i = from * 6; i < to * 6; i++) {
      FloatVector.zero(F).intoArray(scratch, LINE + i * L);
    }
  }

  private static void inputColumns(
      int left, int right, float[] d, int dAt, int rowPitch, int columnPitch, float[] scratch) {
    FloatVector four = broadcast(F, 4);
    FloatVector minusFour = broadcast(F, -4);
    FloatVector minusFive = broadcast(F, -5);
    FloatVector two = broadcast(F, 2);
    for (int x = left; x < right; x++) {
      int from = dAt + x * columnPitch;
      FloatVector d0 = fromArray(F, d, from);
      FloatVector d1 = fromArray(F, d, from + rowPitch);
      FloatVector d2 = fromArray(F, d, from + 2 * rowPitch);
      FloatVector d3 = fromArray(F, d, from + 3 * rowPitch);
      FloatVector d4 = fromArray(F, d, from + 4 * rowPitch);
      FloatVector d5 = fromArray(F, d, from + 5 * rowPitch);
      int to = LINE + x * 6 * L;
      four.fma(d0, minusFive.fma(d2, d4)).intoArray(scratch, to);
      FloatVector even = minusFour.fma(d2, d4);
      FloatVector odd = minusFour.fma(d1, d3);
      even.add(odd).intoArray(scratch, to + L);
      even.sub(odd).intoArray(scratch, to + 2 * L);
      even = d4.sub(d2);
      odd = two.mul(d3.sub(d1));
      even.add(odd).intoArray(scratch, to + 3 * L);
      even.sub(odd).intoArray(scratch, to + 4 * L);
      four.fma(d1, minusFive.fma(d3, d5)).intoArray(scratch, to + 5 * L);
    }
  }

  /** As {@link #inputColumns} where some rows are outside: the nearest ones, times zero. */
  private static void inputColumnsAtEdge(
      WinogradBands bands, int at, int top, int bottom, int left, int right, float[] scratch) {
    FloatVector four = broadcast(F, 4);
    FloatVector minusFour = broadcast(F, -4);
    FloatVector minusFive = broadcast(F, -5);
    FloatVector two = broadcast(F, 2);
    FloatVector share0 = broadcast(F, WinogradBands.share(0, top, bottom));
    FloatVector share1 = broadcast(F, WinogradBands.share(1, top, bottom));
    FloatVector share2 = broadcast(F, WinogradBands.share(2, top, bottom));
    FloatVector share3 = broadcast(F, WinogradBands.share(3, top, bottom));
    FloatVector share4 = broadcast(F, WinogradBands.share(4, top, bottom));
    FloatVector share5 = broadcast(F, WinogradBands.share(5, top, bottom));
    float[] d = bands.image();
    int rowPitch = bands.rowPitch();
    int at0 = at + WinogradBands.nearest(0, top, bottom) * rowPitch;
    int at1 = at + WinogradBands.nearest(1, top, bottom) * rowPitch;
    int at2 = at + WinogradBands.nearest(2, top, bottom) * rowPitch;
    int at3 = at + WinogradBands.nearest(3, top, bottom) * rowPitch;
    int at4 = at + WinogradBands.nearest(4, top, bottom) * rowPitch;
    int at5 = at + WinogradBands.nearest(5, top, bottom) * rowPitch;
    int columnPitch = bands.pixelPitch();
    for (int x = left; x < right; x++) {
      int from = x * columnPitch;
      FloatVector d0 = fromArray(F, d, at0 + from).mul(share0);
      FloatVector d1 = fromArray(F, d, at1 + from).mul(share1);
      FloatVector d2 = fromArray(F, d, at2 + from).mul(share2);
      FloatVector d3 = fromArray(F, d, at3 + from).mul(share3);
      FloatVector d4 = fromArray(F, d, at4 + from).mul(share4);
      FloatVector d5 = fromArray(F, d, at5 + from).mul(share5);
      int to = LINE + x * 6 * L;
      four.fma(d0, minusFive.fma(d2, d4)).intoArray(scratch, to);
      FloatVector even = minusFour.fma(d2, d4);
      FloatVector odd = minusFour.fma(d1, d3);
      even.add(odd).intoArray(scratch, to + L);
      even.sub(odd).intoArray(scratch, to + 2 * L);
      even = d4.sub(d2);
      odd = two.mul(d3.sub(d1));
      even.add(odd).intoArray(scratch, to + 3 * L);
      even.sub(odd).intoArray(scratch, to + 4 * L);
      four.fma(d1, minusFive.fma(d3, d5)).intoArray(scratch, to + 5 * L);
    }
  }

  private static void inputRows(
      float[] scratch,
      int from,
      float[] v,
      int vAt,
      int slots,
      int slotPitch,
      int groupPitch,
      int pitch) {
    FloatVector four = broadcast(F, 4);
    FloatVector minusFour = broadcast(F, -4);
    FloatVector minusFive = broadcast(F, -5);
    FloatVector two = broadcast(F, 2);
    int to = vAt;
    int left = slots;
    for (int y = 0; y < 6; y++) {
      int at = from + y * L;
      FloatVector d0 = fromArray(F, scratch, at);
      FloatVector d1 = fromArray(F, scratch, at + 6 * L);
      FloatVector d2 = fromArray(F, scratch, at + 12 * L);
      FloatVector d3 = fromArray(F, scratch, at + 18 * L);
      FloatVector d4 = fromArray(F, scratch, at + 24 * L);
      FloatVector d5 = fromArray(F, scratch, at + 30 * L);
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
      return;
    }
    int at = e.at(tile) + channel;
    int top = e.top(tile);
    int bottom = e.bottom(tile);
    int right = e.right(tile, tiles);
    for (int i = 0; i < channels; i += L) {
      int ch = Math.min(i, channels - L);
      clear(scratch, right, e.columns(tiles));
      if (bottom == 4) {
        outputGradientColumns(right, e.image(), at + ch, e.rowPitch(), e.pixelPitch(), scratch);
      } else {
        outputGradientColumnsAtEdge(e, at + ch, top, bottom, right, scratch);
      }
      for (int k = 0; k < tiles; k++) {
        int from = LINE + k * 24 * L;
        int to = pAt + k * tilePitch + ch;
        outputGradientRows(scratch, from, p, to, grid.groupPitch(), grid.columnPitch());
      }
    }
  }

  private static void outputGradientColumns(
      int columns, float[] e, int eAt, int rowPitch, int columnPitch, float[] scratch) {
    FloatVector two = broadcast(F, 2);
    FloatVector four = broadcast(F, 4);
    for (int x = 0; x < columns; x++) {
      int at = eAt + x * columnPitch;
      FloatVector e0 = fromArray(F, e, at);
      FloatVector e1 = fromArray(F, e, at + rowPitch);
      FloatVector e2 = fromArray(F, e, at + 2 * rowPitch);
      FloatVector e3 = fromArray(F, e, at + 3 * rowPitch);
      int to = LINE + x * 6 * L;
      e0.intoArray(scratch, to);
      FloatVector even = e0.add(e2);
      FloatVector odd = e1.add(e3);
      even.add(odd).intoArray(scratch, to + L);
      even.sub(odd).intoArray(scratch, to + 2 * L);
      even = four.fma(e2, e0);
      odd = two.mul(four.fma(e3, e1));
      even.add(odd).intoArray(scratch, to + 3 * L);
      even.sub(odd).intoArray(scratch, to + 4 * L);
      e3.intoArray(scratch, to + 5 * L);
    }
  }

  /** As {@link #outputGradientColumns} where the last rows are outside. */
  private static void outputGradientColumnsAtEdge(
      WinogradBands bands, int at, int top, int bottom, int right, float[] scratch) {
    FloatVector two = broadcast(F, 2);
    FloatVector four = broadcast(F, 4);
    FloatVector share1 = broadcast(F, WinogradBands.share(1, top, bottom));
    FloatVector share2 = broadcast(F, WinogradBands.share(2, top, bottom));
    FloatVector share3 = broadcast(F, WinogradBands.share(3, top, bottom));
    float[] e = bands.image();
    int rowPitch = bands.rowPitch();
    int at0 = at;
    int at1 = at + WinogradBands.nearest(1, top, bottom) * rowPitch;
    int at2 = at + WinogradBands.nearest(2, top, bottom) * rowPitch;
    int at3 = at + WinogradBands.nearest(3, top, bottom) * rowPitch;
    int columnPitch = bands.pixelPitch();
    for (int x = 0; x < right; x++) {
      int from = x * columnPitch;
      FloatVector e0 = fromArray(F, e, at0 + from);
      FloatVector e1 = fromArray(F, e, at1 + from).mul(share1);
      FloatVector e2 = fromArray(F, e, at2 + from).mul(share2);
      FloatVector e3 = fromArray(F, e, at3 + from).mul(share3);
      int to = LINE + x * 6 * L;
      e0.intoArray(scratch, to);
      FloatVector even = e0.add(e2);
      FloatVector odd = e1.add(e3);
      even.add(odd).intoArray(scratch, to + L);
      even.sub(odd).intoArray(scratch, to + 2 * L);
      even = four.fma(e2, e0);
      odd = two.mul(four.fma(e3, e1));
      even.add(odd).intoArray(scratch, to + 3 * L);
      even.sub(odd).intoArray(scratch, to + 4 * L);
      e3.intoArray(scratch, to + 5 * L);
    }
  }

  private static void outputGradientRows(
      float[] scratch, int from, float[] p, int pAt, int pitch, int columnPitch) {
    FloatVector two = broadcast(F, 2);
    FloatVector four = broadcast(F, 4);
    for (int y = 0; y < 6; y++) {
      int at = from + y * L;
      FloatVector e0 = fromArray(F, scratch, at);
      FloatVector e1 = fromArray(F, scratch, at + 6 * L);
      FloatVector e2 = fromArray(F, scratch, at + 12 * L);
      FloatVector e3 = fromArray(F, scratch, at + 18 * L);
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
