package io.lanewise.kernels.conv;

/**
 * The pixels that some tiles side by side read from an image, and which of them it has; those
 * outside count as zero. A view that moves, so that a task needs one.
 *
 * <pre>
 *            left          right
 *       +-----|--------------|--+
 *   top -     |    image     |  |     size rows,
 *       |     |              |  |     (tiles - 1) * step + size columns
 *       +-----|--------------|--+     bottom = size here: the image goes on below
 * </pre>
 */
final class WinogradBand {
  /** Tiles at most: columns of one vector that have gone through the first pass fit in L1. */
  static final int MOST_TILES = 8;

  private final float[] image;
  private final int h;
  private final int w;
  private final int c;
  private final int step;
  private final int size;

  private int tiles;
  private int at;
  private int top;
  private int bottom;
  private int left;
  private int right;

  /**
   * Bands of an image.
   *
   * @param image {@code [n, h, w, c]}
   * @param step columns from a tile to the next
   * @param size rows and columns that a tile reads
   */
  WinogradBand(float[] image, int h, int w, int c, int step, int size) {
    this.image = image;
    this.h = h;
    this.w = w;
    this.c = c;
    this.step = step;
    this.size = size;
  }

  /**
   * Goes to the tiles whose first pixel is (row, column) of an image, where it may lie outside.
   *
   * @param tiles at most {@link #MOST_TILES}
   */
  void moveTo(int img, int row, int column, int tiles) {
    this.tiles = tiles;
    at = ((img * h + row) * w + column) * c;
    top = Math.min(size, Math.max(0, -row));
    bottom = Math.max(top, Math.min(size, h - row));
    left = top == bottom ? columns() : Math.min(columns(), Math.max(0, -column));
    right = Math.max(left, Math.min(columns(), w - column));
  }

  /** The image. */
  float[] image() {
    return image;
  }

  /** Number of tiles. */
  int tiles() {
    return tiles;
  }

  /** Columns of the band. */
  int columns() {
    return (tiles - 1) * step + size;
  }

  /** First column in the image; {@link #columns} if the image has no pixel of the band. */
  int left() {
    return left;
  }

  /** First column behind {@link #left} that is outside again. */
  int right() {
    return right;
  }

  /** Whether the image has every row. */
  boolean hasAllRows() {
    return bottom - top == size;
  }

  /** Index of the first channel of (row, column) of the band; no index if it is outside. */
  int at(int row, int column) {
    return at + (row * w + column) * c;
  }

  /** The row of the band that is read for a row: itself or, if it is outside, the nearest. */
  int nearest(int row) {
    return Math.max(top, Math.min(bottom - 1, row));
  }

  /** What values of the nearest row are multiplied with: 1, or 0 if the row is outside. */
  float share(int row) {
    return row >= top && row < bottom ? 1 : 0;
  }

  /** A value of the band. */
  float value(int row, int column, int channel) {
    if (column < left || column >= right) {
      return 0;
    }
    return share(row) * image[at(nearest(row), column) + channel];
  }

  /** Floats from one row of the image to the next. */
  int rowPitch() {
    return w * c;
  }

  /** Floats from one pixel to the next. */
  int pixelPitch() {
    return c;
  }
}
