package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;
import java.util.Arrays;

/**
 * The tiles of Winograd's minimal filtering along rows, F(4, 5): 4 neighbours in a row of the
 * output from 8 of a row of the input, by 8 products where their 5 taps need 20. The 5 rows of the
 * window and the channels are a plain sum.
 *
 * <pre>
 *   padding 2, ow 8:     0 0 a b c d e f g h 0 0
 *   tile 0               [- - - - - - - -]
 *   tile 1                       [- - - - - - - -]
 * </pre>
 *
 * <p>Both output and gradient of the input are such a correlation; {@code h}, {@code w} and {@code
 * c} are those of what is read, {@code oh}, {@code ow} and {@code oc} of what is written.
 *
 * @param top rows of padding above what is read; may be negative, as may {@code left}
 */
record RowTiles(int n, int h, int w, int c, int oh, int ow, int oc, int top, int left) {
  /** Pixels of a tile. */
  static final int PIXELS = 4;

  /** Rows and columns of the window. */
  static final int TAPS = 5;

  /** Products of a tile, and pixels that it reads. */
  static final int PRODUCTS = PIXELS + TAPS - 1;

  /** Floats of a transformed weight that surely fit into an array, filled up or not. */
  private static final int MOST_FLOATS = Integer.MAX_VALUE / 2;

  /** Filters that fill up a register tile at most. */
  private static final int FILLED = 32;

  /** Whether a shape can be computed so. */
  static boolean fit(ConvShape shape) {
    return hasWindow(shape) && floats(shape) <= MOST_FLOATS;
  }

  private static boolean hasWindow(ConvShape shape) {
    Window window = shape.window();
    return shape.groups() == 1
        && window.kh() == TAPS
        && window.kw() == TAPS
        && window.strideH() == 1
        && window.strideW() == 1
        && window.dilationH() == 1
        && window.dilationW() == 1;
  }

  /** Floats of a transformed weight in either direction, at most. */
  private static long floats(ConvShape shape) {
    long more = Math.max(shape.c(), shape.oc());
    return PRODUCTS * TAPS * ((long) shape.c() * shape.oc() + FILLED * more);
  }

  /**
   * The tiles of the output.
   *
   * @throws IllegalArgumentException if the shape cannot be computed so
   */
  static RowTiles forward(ConvShape s) {
    check(s);
    Window window = s.window();
    return new RowTiles(
        s.n(), s.h(), s.w(), s.c(), s.oh(), s.ow(), s.oc(), window.padTop(), window.padLeft());
  }

  /**
   * The tiles of the gradient of the input, by the rotated window.
   *
   * @throws IllegalArgumentException if the shape cannot be computed so
   */
  static RowTiles backwardInput(ConvShape s) {
    check(s);
    int top = TAPS - 1 - s.window().padTop();
    int left = TAPS - 1 - s.window().padLeft();
    return new RowTiles(s.n(), s.oh(), s.ow(), s.oc(), s.h(), s.w(), s.c(), top, left);
  }

  private static void check(ConvShape shape) {
    if (fit(shape)) {
      return;
    }
    String planned = shape + ": planned as " + ConvAlgorithm.WINOGRAD_ROWS;
    throw new IllegalArgumentException(
        hasWindow(shape)
            ? planned
                + ", whose transformed weight has "
                + floats(shape)
                + " floats, needs at most "
                + MOST_FLOATS
            : planned + ", which needs a dense 5x5 window at stride 1");
  }

  /** Tiles in a row; the last one may have pixels outside. */
  int tiles() {
    return WinogradShape.ceil(ow, PIXELS);
  }

  /** Steps of the sum of one product: rows of the window times channels. */
  int depth() {
    return TAPS * c;
  }

  /**
   * Copies some rows of an image with zeros around them, {@code PIXELS * tiles} pixels each.
   *
   * @param iy the first row, which may be outside
   * @param ix the first column, which may be outside
   * @param to receives {@code [rows, PIXELS * tiles, c]} from {@code at}
   */
  void copyRows(float[] from, int img, int iy, int rows, int ix, float[] to, int at) {
    int width = PIXELS * tiles();
    Arrays.fill(to, at, at + rows * width * c, 0);
    int first = Math.max(0, -ix);
    int length = Math.min(width, w - ix) - first;
    int last = Math.min(rows, h - iy);
    for (int r = Math.max(0, -iy); r < last && length > 0; r++) {
      int source = ((img * h + iy + r) * w + ix + first) * c;
      System.arraycopy(from, source, to, at + (r * width + first) * c, length * c);
    }
  }
}
