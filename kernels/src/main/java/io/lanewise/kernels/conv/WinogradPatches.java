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

  private int firstRow;
  private int firstColumn;
  private int at;

  /**
   * Patches of an image.
   *
   * @param image {@code [n, h, w, c]}
   * @param size rows and columns of a patch
   */
  WinogradPatches(float[] image, int h, int w, int c, int size) {
    this.image = image;
    this.h = h;
    this.w = w;
    this.c = c;
    this.size = size;
  }

  /** Goes to the patch whose first pixel is (row, column) of an image; it may lie outside. */
  void moveTo(int img, int row, int column) {
    firstRow = row;
    firstColumn = column;
    at = ((img * h + row) * w + column) * c;
  }

  /** Whether the whole patch lies inside the image. */
  boolean isInside() {
    return firstRow >= 0 && firstColumn >= 0 && firstRow + size <= h && firstColumn + size <= w;
  }

  /** Index of the patch's first value in the image; negative numbers are no index. */
  int at() {
    return at;
  }

  /** Floats from a row of the image to the next. */
  int rowPitch() {
    return w * c;
  }

  /** Copies some channels of the patch to {@code [size, size, channels]}. */
  void copyOut(int channel, int channels, float[] patch, int patchAt) {
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
  void copyIn(float[] patch, int patchAt) {
    int rows = Math.min(size, h - firstRow);
    int columns = Math.min(size, w - firstColumn);
    for (int y = 0; y < rows; y++) {
      System.arraycopy(patch, patchAt + y * size * c, image, at + y * w * c, columns * c);
    }
  }
}
