package io.lanewise.kernels.conv;

/**
 * The square patches of an image that tiles read and write. One that hangs over the edge goes
 * through a copy, with zeros outside the image; the others are used where they lie.
 */
final class WinogradPatches {
  private final float[] image;
  private final int h;
  private final int w;
  private final int c;
  private final int size;
  private final int step;
  private final int down;
  private final int across;
  private final int top;
  private final int left;

  private WinogradPatches(
      WinogradShape s, float[] image, int h, int w, int c, int size, int top, int left) {
    this.image = image;
    this.h = h;
    this.w = w;
    this.c = c;
    this.size = size;
    this.step = s.tile().m();
    this.down = s.down();
    this.across = s.across();
    this.top = top;
    this.left = left;
  }

  /** The t x t pixels that each tile reads of {@code [n, h, w, c]}. */
  static WinogradPatches ofInput(WinogradShape s, float[] input) {
    int t = s.tile().t();
    return new WinogradPatches(s, input, s.h(), s.w(), s.c(), t, s.padTop(), s.padLeft());
  }

  /** The m x m pixels that each tile writes of {@code [n, oh, ow, oc]}, or reads backwards. */
  static WinogradPatches ofOutput(WinogradShape s, float[] output) {
    return new WinogradPatches(s, output, s.oh(), s.ow(), s.oc(), s.tile().m(), 0, 0);
  }

  /** First row of a tile's patch; it may lie outside the image. */
  private int row(int tile) {
    return tile / across % down * step - top;
  }

  /** First column of a tile's patch; it may lie outside the image. */
  private int column(int tile) {
    return tile % across * step - left;
  }

  /** Whether the whole patch of a tile lies inside the image. */
  boolean isInside(int tile) {
    int row = row(tile);
    int column = column(tile);
    return row >= 0 && column >= 0 && row + size <= h && column + size <= w;
  }

  /** Index of the patch's first value in the image; negative numbers are no index. */
  int at(int tile) {
    return ((tile / across / down * h + row(tile)) * w + column(tile)) * c;
  }

  /** Floats from a row of the image to the next. */
  int rowPitch() {
    return w * c;
  }

  /** Copies some channels of a tile's patch to {@code [size, size, channels]}. */
  void copyOut(int tile, int channel, int channels, float[] patch, int patchAt) {
    int firstRow = row(tile);
    int firstColumn = column(tile);
    int at = at(tile);
    int from = Math.min(size, Math.max(0, -firstColumn));
    int to = Math.max(from, Math.min(size, w - firstColumn));
    PatchLanes lanes = PatchLanes.ACTIVE;
    for (int y = 0; y < size; y++) {
      int row = patchAt + y * size * channels;
      if (firstRow + y < 0 || firstRow + y >= h || from == to) {
        lanes.copyRow(size * channels, 0, 0, image, 0, patch, row);
        continue;
      }
      int source = at + (y * w + from) * c + channel;
      int after = (size - to) * channels;
      if (channels == c) {
        lanes.copyRow(from * c, (to - from) * c, after, image, source, patch, row);
        continue;
      }
      lanes.copyRow(from * channels, 0, 0, image, 0, patch, row);
      for (int x = from; x < to; x++, source += c) {
        lanes.copyRow(0, channels, 0, image, source, patch, row + x * channels);
      }
      lanes.copyRow(after, 0, 0, image, 0, patch, row + to * channels);
    }
  }

  /** Copies a patch {@code [size, size, c]} to where the image has room for it. */
  void copyIn(int tile, float[] patch, int patchAt) {
    int rows = Math.min(size, h - row(tile));
    int columns = Math.min(size, w - column(tile));
    int at = at(tile);
    for (int y = 0; y < rows; y++) {
      System.arraycopy(patch, patchAt + y * size * c, image, at + y * w * c, columns * c);
    }
  }
}
