package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of {@link SimdWinogradLanesStrided} that read tiles, which come as a band: the
 * columns of the band, then the rows of each tile. At least a vector of channels.
 */
final class SimdWinogradBandsStrided {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final int LINE = WinogradLanes.LINE;

  private SimdWinogradBandsStrided() {}

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
      SimdWinogradScratch.clear(scratch, 0, 5 * left);
      SimdWinogradScratch.clear(scratch, 5 * right, 5 * d.columns(tiles));
      if (bottom - top == 5) {
        inputColumns(left, right, d.image(), at + ch, d.rowPitch(), d.pixelPitch(), scratch);
      } else {
        inputColumnsAtEdge(d, at + ch, top, bottom, left, right, scratch);
      }
      for (int k = 0; k < tiles; k++) {
        inputRows(
            scratch,
            LINE + k * 20 * L,
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
    for (int x = left; x < right; x++) {
      int from = dAt + x * columnPitch;
      FloatVector d2 = fromArray(F, d, from + 2 * rowPitch);
      int to = LINE + x * 5 * L;
      fromArray(F, d, from).sub(d2).intoArray(scratch, to);
      d2.intoArray(scratch, to + L);
      fromArray(F, d, from + 4 * rowPitch).sub(d2).intoArray(scratch, to + 2 * L);
      fromArray(F, d, from + rowPitch).intoArray(scratch, to + 3 * L);
      fromArray(F, d, from + 3 * rowPitch).intoArray(scratch, to + 4 * L);
    }
  }

  /** As {@link #inputColumns} where some rows are outside: the nearest ones, times zero. */
  private static void inputColumnsAtEdge(
      WinogradBands bands, int at, int top, int bottom, int left, int right, float[] scratch) {
    FloatVector share0 = broadcast(F, WinogradBands.share(0, top, bottom));
    FloatVector share1 = broadcast(F, WinogradBands.share(1, top, bottom));
    FloatVector share2 = broadcast(F, WinogradBands.share(2, top, bottom));
    FloatVector share3 = broadcast(F, WinogradBands.share(3, top, bottom));
    FloatVector share4 = broadcast(F, WinogradBands.share(4, top, bottom));
    float[] d = bands.image();
    int rowPitch = bands.rowPitch();
    int at0 = at + WinogradBands.nearest(0, top, bottom) * rowPitch;
    int at1 = at + WinogradBands.nearest(1, top, bottom) * rowPitch;
    int at2 = at + WinogradBands.nearest(2, top, bottom) * rowPitch;
    int at3 = at + WinogradBands.nearest(3, top, bottom) * rowPitch;
    int at4 = at + WinogradBands.nearest(4, top, bottom) * rowPitch;
    int columnPitch = bands.pixelPitch();
    for (int x = left; x < right; x++) {
      int from = x * columnPitch;
      FloatVector d0 = fromArray(F, d, at0 + from).mul(share0);
      FloatVector d2 = fromArray(F, d, at2 + from).mul(share2);
      FloatVector d4 = fromArray(F, d, at4 + from).mul(share4);
      int to = LINE + x * 5 * L;
      d0.sub(d2).intoArray(scratch, to);
      d2.intoArray(scratch, to + L);
      d4.sub(d2).intoArray(scratch, to + 2 * L);
      fromArray(F, d, at1 + from).mul(share1).intoArray(scratch, to + 3 * L);
      fromArray(F, d, at3 + from).mul(share3).intoArray(scratch, to + 4 * L);
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
    int to = vAt;
    int left = slots;
    for (int y = 0; y < 5; y++) {
      int at = from + y * L;
      FloatVector d2 = fromArray(F, scratch, at + 10 * L);
      fromArray(F, scratch, at).sub(d2).intoArray(v, to);
      d2.intoArray(v, to + pitch);
      fromArray(F, scratch, at + 20 * L).sub(d2).intoArray(v, to + 2 * pitch);
      fromArray(F, scratch, at + 5 * L).intoArray(v, to + 3 * pitch);
      fromArray(F, scratch, at + 15 * L).intoArray(v, to + 4 * pitch);
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
      SimdWinogradScratch.clear(scratch, 3 * right, 3 * e.columns(tiles));
      if (bottom == 2) {
        outputGradientColumns(right, e.image(), at + ch, e.rowPitch(), e.pixelPitch(), scratch);
      } else {
        outputGradientColumnsAtEdge(e, at + ch, top, bottom, right, scratch);
      }
      for (int k = 0; k < tiles; k++) {
        int from = LINE + k * 6 * L;
        int to = pAt + k * tilePitch + ch;
        outputGradientRows(scratch, from, p, to, grid.groupPitch(), grid.columnPitch());
      }
    }
  }

  private static void outputGradientColumns(
      int columns, float[] e, int eAt, int rowPitch, int columnPitch, float[] scratch) {
    for (int x = 0; x < columns; x++) {
      int at = eAt + x * columnPitch;
      FloatVector e0 = fromArray(F, e, at);
      FloatVector e1 = fromArray(F, e, at + rowPitch);
      int to = LINE + x * 3 * L;
      e0.intoArray(scratch, to);
      e0.add(e1).intoArray(scratch, to + L);
      e1.intoArray(scratch, to + 2 * L);
    }
  }

  /** As {@link #outputGradientColumns} where the last row is outside. */
  private static void outputGradientColumnsAtEdge(
      WinogradBands bands, int at, int top, int bottom, int right, float[] scratch) {
    FloatVector share = broadcast(F, WinogradBands.share(1, top, bottom));
    float[] e = bands.image();
    int at1 = at + WinogradBands.nearest(1, top, bottom) * bands.rowPitch();
    int columnPitch = bands.pixelPitch();
    for (int x = 0; x < right; x++) {
      int from = x * columnPitch;
      FloatVector e0 = fromArray(F, e, at + from);
      FloatVector e1 = fromArray(F, e, at1 + from).mul(share);
      int to = LINE + x * 3 * L;
      e0.intoArray(scratch, to);
      e0.add(e1).intoArray(scratch, to + L);
      e1.intoArray(scratch, to + 2 * L);
    }
  }

  private static void outputGradientRows(
      float[] scratch, int from, float[] p, int pAt, int pitch, int columnPitch) {
    for (int y = 0; y < 3; y++) {
      int at = from + y * L;
      FloatVector e0 = fromArray(F, scratch, at);
      FloatVector e1 = fromArray(F, scratch, at + 3 * L);
      int to = pAt + y * pitch;
      e0.intoArray(p, to);
      e0.add(e1).intoArray(p, to + columnPitch);
      e1.intoArray(p, to + 2 * columnPitch);
    }
  }
}
