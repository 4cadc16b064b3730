package io.lanewise.kernels.conv;

/**
 * The pixels that tiles side by side read from an image, and which of them it has; those outside
 * count as zero.
 *
 * <pre>
 *            left          right
 *       +-----|--------------|--+
 *   top -     |    image     |  |     size rows,
 *       |     |              |  |     (tiles - 1) * step + size columns
 *       +-----|--------------|--+     bottom = size here: the image goes on below
 * </pre>
 *
 * <p>A band is named by its first tile and the number of its tiles, and nothing is kept of it, so
 * that no object is made for one.
 */
final class WinogradBands {
  /** Tiles at most: columns of one vector that have gone through the first pass fit in L1. */
  static final int MOST_TILES = 8;

  private final float[] image;
  private final int h;
  private final int w;
  private final int c;
  private final int step;
  private final int size;
  private final int down;
  private final int across;
  private final int padTop;
  private final int padLeft;

  private WinogradBands(
      WinogradShape s,
      float[] image,
      int h,
      int w,
      int c,
      int step,
      int size,
      int padTop,
      int padLeft) {
    this.image = image;
    this.h = h;
    this.w = w;
    this.c = c;
    this.step = step;
    this.size = size;
    this.down = s.down();
    this.across = s.across();
    this.padTop = padTop;
    this.padLeft = padLeft;
  }

  /** The pixels that each tile reads of {@code [n, h, w, c]}. */
  static WinogradBands ofInput(WinogradShape s, float[] input) {
    int step = s.tile().step();
    int patch = s.tile().patch();
    return new WinogradBands(s, input, s.h(), s.w(), s.c(), step, patch, s.padTop(), s.padLeft());
  }

  /** The m x m pixels that each tile writes of {@code [n, oh, ow, oc]}, or reads backwards. */
  static WinogradBands ofOutput(WinogradShape s, float[] output) {
    int m = s.tile().m();
    return new WinogradBands(s, output, s.oh(), s.ow(), s.oc(), m, m, 0, 0);
  }

  /** How many tiles from one on make a band, where the next {@code tiles} are wanted. */
  int sideBySide(int tile, int tiles) {
    return Math.min(MOST_TILES, Math.min(across - tile % across, tiles));
  }

  private int row(int tile) {
    return tile / across % down * step - padTop;
  }

  private int column(int tile) {
    return tile % across * step - padLeft;
  }

  /** The image. */
  float[] image() {
    return image;
  }

  /** Index of the first value of a band from a tile on; no index if it lies outside. */
  int at(int tile) {
    return ((tile / across / down * h + row(tile)) * w + column(tile)) * c;
  }

  /** First row in the image. */
  int top(int tile) {
    return Math.min(size, Math.max(0, -row(tile)));
  }

  /** First row behind {@link #top} that is outside again. */
  int bottom(int tile) {
    return Math.max(top(tile), Math.min(size, h - row(tile)));
  }

  /** Columns of a band. */
  int columns(int tiles) {
    return (tiles - 1) * step + size;
  }

  /** First column in the image; {@link #columns} if the image has no pixel of the band. */
  int left(int tile, int tiles) {
    boolean empty = top(tile) == bottom(tile);
    return empty ? columns(tiles) : Math.min(columns(tiles), Math.max(0, -column(tile)));
  }

  /** First column behind {@link #left} that is outside again. */
  int right(int tile, int tiles) {
    return Math.max(left(tile, tiles), Math.min(columns(tiles), w - column(tile)));
  }

  /** Copies one channel of a column, or zeros for one that is not inside. */
  void column(int tile, boolean inside, int column, int channel, float[] to, int toAt) {
    int top = top(tile);
    int bottom = bottom(tile);
    int at = at(tile) + column * c + channel;
    for (int y = 0; y < size; y++) {
      float share = share(y, top, bottom);
      to[toAt + y] = inside ? share * image[at + nearest(y, top, bottom) * w * c] : 0;
    }
  }

  /** The row that is read for a row: itself or, if it is outside, the nearest. */
  static int nearest(int row, int top, int bottom) {
    return Math.max(top, Math.min(bottom - 1, row));
  }

  /** What values of the nearest row are multiplied with: 1, or 0 if the row is outside. */
  static float share(int row, int top, int bottom) {
    return row >= top && row < bottom ? 1 : 0;
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
