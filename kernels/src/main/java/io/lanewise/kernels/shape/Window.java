package io.lanewise.kernels.shape;

/**
 * How a window slides over the height and width of an image: kernel size, stride, padding and
 * dilation, shared by convolution and pooling.
 *
 * <p>One axis of {@code size} cells has {@code (size + padBefore + padAfter - extent) / stride + 1}
 * output positions, where {@code extent = dilation * (k - 1) + 1} (Dumoulin and Visin, "A guide to
 * convolution arithmetic for deep learning", 2016).
 *
 * <p>Text: {@code k3s1p1}, or with two values where height and width differ {@code k3x5s2x1p1x2};
 * four paddings are top, left, bottom, right ({@code p0x0x1x1}); dilation {@code d2} is written
 * unless it is 1; the rounding ends the text ({@code _ceil}, {@code _exact}).
 *
 * @param kh window height
 * @param kw window width
 * @param strideH rows between two windows
 * @param strideW columns between two windows
 * @param padTop zero rows above the image
 * @param padLeft zero columns left of the image
 * @param padBottom zero rows below the image
 * @param padRight zero columns right of the image
 * @param dilationH rows between two taps of one window; 1 is dense
 * @param dilationW columns between two taps of one window; 1 is dense
 * @param rounding what happens where the last window does not end at the edge
 */
public record Window(
    int kh,
    int kw,
    int strideH,
    int strideW,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight,
    int dilationH,
    int dilationW,
    Rounding rounding) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a kernel size, stride or dilation is below 1, or a padding
   *     is negative
   */
  public Window {
    if (rounding == null) {
      throw new IllegalArgumentException("window: rounding is null");
    }
    if (kh < 1 || kw < 1) {
      throw new IllegalArgumentException("window k" + pair(kh, kw) + ": kernel must be at least 1");
    }
    if (strideH < 1 || strideW < 1) {
      throw new IllegalArgumentException(
          "window s" + pair(strideH, strideW) + ": stride must be at least 1");
    }
    if (padTop < 0 || padLeft < 0 || padBottom < 0 || padRight < 0) {
      throw new IllegalArgumentException(
          "window p"
              + padText(padTop, padLeft, padBottom, padRight)
              + ": padding must not be negative");
    }
    if (dilationH < 1 || dilationW < 1) {
      throw new IllegalArgumentException(
          "window d" + pair(dilationH, dilationW) + ": dilation must be at least 1");
    }
  }

  /** A square, dense window with the same stride and padding on all sides, rounding down. */
  public static Window of(int k, int stride, int pad) {
    return new Window(k, k, stride, stride, pad, pad, pad, pad, 1, 1, Rounding.FLOOR);
  }

  /** This window with other paddings. */
  public Window withPadding(int top, int left, int bottom, int right) {
    return new Window(
        kh, kw, strideH, strideW, top, left, bottom, right, dilationH, dilationW, rounding);
  }

  /** This window with another dilation on both axes. */
  public Window withDilation(int dilation) {
    return new Window(
        kh, kw, strideH, strideW, padTop, padLeft, padBottom, padRight, dilation, dilation,
        rounding);
  }

  /** This window with another rounding. */
  public Window withRounding(Rounding other) {
    return new Window(
        kh, kw, strideH, strideW, padTop, padLeft, padBottom, padRight, dilationH, dilationW,
        other);
  }

  /** Rows from the first to the last tap of one window. */
  public int extentH() {
    return dilationH * (kh - 1) + 1;
  }

  /** Columns from the first to the last tap of one window. */
  public int extentW() {
    return dilationW * (kw - 1) + 1;
  }

  /** Whether each output pixel reads exactly one input pixel and each input pixel is read once. */
  public boolean isPointwise() {
    return kh == 1
        && kw == 1
        && strideH == 1
        && strideW == 1
        && padTop + padLeft + padBottom + padRight == 0;
  }

  /**
   * Output rows for an input of h rows.
   *
   * @throws IllegalArgumentException if the window is larger than the padded input, does not tile
   *     it under {@link Rounding#EXACT}, or the padded input is too large to count; the message
   *     starts with {@code prefix}
   */
  int outputH(int h, int w, String prefix) {
    return positions(prefix, h, w, h, padTop, padBottom, kh, dilationH, strideH);
  }

  /** Output columns for an input of w columns; see {@link #outputH}. */
  int outputW(int h, int w, String prefix) {
    return positions(prefix, h, w, w, padLeft, padRight, kw, dilationW, strideW);
  }

  private int positions(
      String prefix, int h, int w, int size, int before, int after, int k, int dil, int stride) {
    long padded = (long) size + before + after;
    long room = padded - ((long) dil * (k - 1) + 1);
    if (room < 0) {
      throw new IllegalArgumentException(
          String.format(
              "%s: the %dx%d window%s is larger than its padded input: %s < %s",
              prefix,
              kh,
              kw,
              dil == 1 ? "" : " at dilation " + dil,
              paddedText(size, before, after),
              extentText(k, dil)));
    }
    if (padded > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              "%s: the padded input has %s rows or columns, more than 2^31 - 1",
              prefix, paddedText(size, before, after)));
    }
    int whole = (int) (room / stride);
    if (room % stride != 0) {
      if (rounding == Rounding.EXACT) {
        throw new IllegalArgumentException(
            String.format(
                "%s: (%s - %s)/%d + 1 is not whole; %dx%d windows at stride %d do not tile %dx%d",
                prefix,
                paddedText(size, before, after),
                extentText(k, dil),
                stride,
                kh,
                kw,
                stride,
                h,
                w));
      }
      boolean startsInside = (whole + 1L) * stride < (long) size + before;
      if (rounding == Rounding.CEIL && startsInside) {
        whole++;
      }
    }
    return whole + 1;
  }

  private static String paddedText(int size, int before, int after) {
    return size + " + " + (before == after ? "2*" + before : before + " + " + after);
  }

  private static String extentText(int k, int dil) {
    return dil == 1 ? "" + k : "(" + dil + "*(" + k + " - 1) + 1)";
  }

  /** The kernel, stride, padding and dilation of this window, without its rounding. */
  String numbers() {
    String text =
        "k"
            + pair(kh, kw)
            + "s"
            + pair(strideH, strideW)
            + "p"
            + padText(padTop, padLeft, padBottom, padRight);
    return dilationH == 1 && dilationW == 1 ? text : text + "d" + pair(dilationH, dilationW);
  }

  /** The text of this window, for example {@code k3s1p1}. */
  @Override
  public String toString() {
    return numbers() + rounding.suffix();
  }

  private static String pair(int a, int b) {
    return a == b ? "" + a : a + "x" + b;
  }

  private static String padText(int top, int left, int bottom, int right) {
    boolean symmetric = top == bottom && left == right;
    return symmetric ? pair(top, left) : top + "x" + left + "x" + bottom + "x" + right;
  }
}
