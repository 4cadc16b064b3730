package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradLanes} of the gradient of an input at stride 2 on vectors of channels, built as
 * {@link SimdWinogradLanes4}. The matrices stand in {@link ScalarWinogradLanesTransposed}, which
 * takes what is less than a vector.
 */
final class SimdWinogradLanesTransposed implements WinogradLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final SimdWinogradLanesStrided strided = new SimdWinogradLanesStrided();
  private final ScalarWinogradLanesTransposed tail = new ScalarWinogradLanesTransposed();

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
      SimdWinogradScratch.clear(scratch, 0, 4 * left);
      SimdWinogradScratch.clear(scratch, 4 * right, 4 * d.columns(tiles));
      if (bottom - top == 3) {
        inputColumns(left, right, d.image(), at + ch, d.rowPitch(), d.pixelPitch(), scratch);
      } else {
        inputColumnsAtEdge(d, at + ch, top, bottom, left, right, scratch);
      }
      for (int k = 0; k < tiles; k++) {
        inputRows(
            scratch,
            LINE + k * 8 * L,
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
      FloatVector d0 = fromArray(F, d, from);
      FloatVector d1 = fromArray(F, d, from + rowPitch);
      int to = LINE + x * 4 * L;
      d0.sub(d1).intoArray(scratch, to);
      d1.intoArray(scratch, to + L);
      fromArray(F, d, from + 2 * rowPitch).sub(d1).intoArray(scratch, to + 2 * L);
      d0.intoArray(scratch, to + 3 * L);
    }
  }

  /** As {@link #inputColumns} where some rows are outside: the nearest ones, times zero. */
  private static void inputColumnsAtEdge(
      WinogradBands bands, int at, int top, int bottom, int left, int right, float[] scratch) {
    FloatVector share0 = broadcast(F, WinogradBands.share(0, top, bottom));
    FloatVector share1 = broadcast(F, WinogradBands.share(1, top, bottom));
    FloatVector share2 = broadcast(F, WinogradBands.share(2, top, bottom));
    float[] d = bands.image();
    int rowPitch = bands.rowPitch();
    int at0 = at + WinogradBands.nearest(0, top, bottom) * rowPitch;
    int at1 = at + WinogradBands.nearest(1, top, bottom) * rowPitch;
    int at2 = at + WinogradBands.nearest(2, top, bottom) * rowPitch;
    int columnPitch = bands.pixelPitch();
    for (int x = left; x < right; x++) {
      int from = x * columnPitch;
      FloatVector d0 = fromArray(F, d, at0 + from).mul(share0);
      FloatVector d1 = fromArray(F, d, at1 + from).mul(share1);
      int to = LINE + x * 4 * L;
      d0.sub(d1).intoArray(scratch, to);
      d1.intoArray(scratch, to + L);
      fromArray(F, d, at2 + from).mul(share2).sub(d1).intoArray(scratch, to + 2 * L);
      d0.intoArray(scratch, to + 3 * L);
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
    for (int y = 0; y < 4; y++) {
      int at = from + y * L;
      FloatVector d0 = fromArray(F, scratch, at);
      FloatVector d1 = fromArray(F, scratch, at + 4 * L);
      d0.sub(d1).intoArray(v, to);
      d1.intoArray(v, to + pitch);
      fromArray(F, scratch, at + 8 * L).sub(d1).intoArray(v, to + 2 * pitch);
      d0.intoArray(v, to + 3 * pitch);
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
    for (int x = 0; x < 5; x++) {
      int at = sumsAt + x * columnPitch;
      FloatVector m1 = fromArray(F, sums, at + pitch);
      int to = LINE + x * L;
      fromArray(F, sums, at + 3 * pitch).intoArray(scratch, to);
      fromArray(F, sums, at).add(m1).intoArray(scratch, to + 5 * L);
      fromArray(F, sums, at + 4 * pitch).intoArray(scratch, to + 10 * L);
      m1.add(fromArray(F, sums, at + 2 * pitch)).intoArray(scratch, to + 15 * L);
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
      int to = yAt + r * rowPitch;
      FloatVector y0 = fromArray(F, scratch, at + 3 * L).add(start);
      y0.blend(FloatVector.zero(F), y0.compare(LE, least)).intoArray(y, to);
      if (columns > 1) {
        FloatVector y1 = fromArray(F, scratch, at).add(m1).add(start);
        y1.blend(FloatVector.zero(F), y1.compare(LE, least)).intoArray(y, to + columnPitch);
      }
      if (columns > 2) {
        FloatVector y2 = fromArray(F, scratch, at + 4 * L).add(start);
        y2.blend(FloatVector.zero(F), y2.compare(LE, least)).intoArray(y, to + 2 * columnPitch);
      }
      if (columns > 3) {
        FloatVector y3 = m1.add(fromArray(F, scratch, at + 2 * L)).add(start);
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
    strided.weight(channels, g, gAt, tapPitch, u, uAt, grid, scratch);
  }
}
