package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of {@link SimdWinogradLanes4} that read tiles, which come as a band: the columns
 * of the band, which neighbours share, then the rows of each tile. At least a vector of channels.
 */
final class SimdWinogradBands4 {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final int LINE = WinogradLanes.LINE;

  private SimdWinogradBands4() {}

  /** {@link WinogradLanes#input}. */
  static void input(
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
    int at = d.at(tile) + channel;
    int top = d.top(tile);
    int bottom = d.bottom(tile);
    int left = d.left(tile, tiles);
    int right = d.right(tile, tiles);
    for (int i = 0; i < channels; i += L) {
      int ch = Math.min(i, channels - L);
      SimdWinogradScratch.clear(scratch, 0, 6 * left);
      SimdWinogradScratch.clear(scratch, 6 * right, 6 * d.columns(tiles));
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

  /** {@link WinogradGradientLanes#outputGradient}. */
  static void outputGradient(
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
    int at = e.at(tile) + channel;
    int top = e.top(tile);
    int bottom = e.bottom(tile);
    int right = e.right(tile, tiles);
    for (int i = 0; i < channels; i += L) {
      int ch = Math.min(i, channels - L);
      SimdWinogradScratch.clear(scratch, 6 * right, 6 * e.columns(tiles));
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
}
