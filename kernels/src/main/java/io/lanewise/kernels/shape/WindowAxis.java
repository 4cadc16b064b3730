package io.lanewise.kernels.shape;

/**
 * The windows along one axis: which cells of the image a window's taps meet.
 *
 * <p>Tap {@code k} of the window at {@code position} lies on cell {@code position*stride -
 * padBefore + k*dilation}; the cells of the image are 0 to {@code size - 1}, all others are
 * padding.
 *
 * @param size cells of the image along this axis
 * @param positions windows along this axis
 * @param k taps of one window
 * @param stride cells between two windows
 * @param padBefore padding cells before cell 0
 * @param padAfter padding cells behind the last cell
 * @param dilation cells between two taps
 */
public record WindowAxis(
    int size, int positions, int k, int stride, int padBefore, int padAfter, int dilation) {

  /** The vertical axis of a convolution. */
  public static WindowAxis rows(ConvShape shape) {
    return rows(shape.window(), shape.h(), shape.oh());
  }

  /** The horizontal axis of a convolution. */
  public static WindowAxis columns(ConvShape shape) {
    return columns(shape.window(), shape.w(), shape.ow());
  }

  /** The vertical axis of a pooling. */
  public static WindowAxis rows(PoolShape shape) {
    return rows(shape.window(), shape.h(), shape.oh());
  }

  /** The horizontal axis of a pooling. */
  public static WindowAxis columns(PoolShape shape) {
    return columns(shape.window(), shape.w(), shape.ow());
  }

  private static WindowAxis rows(Window v, int h, int oh) {
    return new WindowAxis(h, oh, v.kh(), v.strideH(), v.padTop(), v.padBottom(), v.dilationH());
  }

  private static WindowAxis columns(Window v, int w, int ow) {
    return new WindowAxis(w, ow, v.kw(), v.strideW(), v.padLeft(), v.padRight(), v.dilationW());
  }

  /** The cell of tap 0, negative in the leading padding. */
  public int cell(int position) {
    return position * stride - padBefore;
  }

  /** The first tap that meets the image. */
  public int firstTap(int position) {
    int cell = cell(position);
    return cell >= 0 ? 0 : Math.min(k, tapsBefore(-cell));
  }

  /** The tap behind the last one that meets the image; {@link #firstTap} if none does. */
  public int endTap(int position) {
    int room = size - cell(position);
    return Math.max(firstTap(position), room <= 0 ? 0 : Math.min(k, tapsBefore(room)));
  }

  /** Taps that meet the image or its padding: all but those that overhang the padded end. */
  public int paddedTaps(int position) {
    return Math.min(k, tapsBefore(size + padAfter - cell(position)));
  }

  /** The position behind a run, from this position on, of windows that hold the same taps. */
  public int runEnd(int position) {
    int lastInside = size - (k - 1) * dilation - 1 + padBefore;
    boolean inside = position * stride >= padBefore && position * stride <= lastInside;
    return inside ? Math.min(positions, lastInside / stride + 1) : position + 1;
  }

  /** Whether no cell belongs to two windows. */
  public boolean isDisjoint() {
    return stride > (k - 1) * dilation;
  }

  /** Whether each cell of the image belongs to exactly one window. */
  public boolean isTiled() {
    return k == stride && (dilation == 1 || k == 1) && cell(positions) >= size;
  }

  private int tapsBefore(int cells) {
    return (cells + dilation - 1) / dilation;
  }
}
