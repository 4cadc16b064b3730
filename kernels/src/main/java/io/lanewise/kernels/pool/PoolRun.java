package io.lanewise.kernels.pool;

import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.WindowAxis;

/**
 * A cursor over the output rows of a pooling that stops at each run of pixels whose windows hold
 * the same taps: mostly one pixel at either edge and one run between.
 *
 * <p>The taps of the run's first pixel are {@code rows * cols} places of the input: tap {@code
 * firstTap + r*kw + q} at {@code inputAt + r*rowPitch + q*colPitch}. From pixel to pixel, taps move
 * on by {@code inputStep} and the output by {@code channels}.
 */
final class PoolRun {
  private final PoolShape shape;
  private final WindowAxis vertical;
  private final WindowAxis horizontal;
  private final boolean flattens;
  private int row;
  private int ox;

  final int kw;
  final int rowPitch;
  final int colPitch;
  final int inputStep;
  int inputAt;
  int outputAt;
  int pixels;
  int channels;
  int firstTap;
  int rows;
  int cols;
  float divisor;

  private PoolRun(PoolShape shape, boolean mayFlatten) {
    this.shape = shape;
    this.vertical = WindowAxis.rows(shape);
    this.horizontal = WindowAxis.columns(shape);
    this.kw = horizontal.k();
    this.rowPitch = vertical.dilation() * shape.w() * shape.c();
    this.colPitch = horizontal.dilation() * shape.c();
    this.inputStep = horizontal.stride() * shape.c();
    this.flattens = mayFlatten && horizontal.stride() == 1;
  }

  /**
   * For the forward direction: where neighbouring pixels read neighbouring floats at every tap, a
   * run is given as one pixel of many channels.
   */
  static PoolRun forward(PoolShape shape) {
    return new PoolRun(shape, true);
  }

  /**
   * For the backward direction, pixel by pixel: adding into overlapping windows has an order only
   * then.
   */
  static PoolRun backward(PoolShape shape) {
    return new PoolRun(shape, false);
  }

  /** Number of output rows, {@code n*oh}. */
  static int rows(PoolShape shape) {
    return shape.n() * shape.oh();
  }

  /** Goes before the first run of an output row, {@code img*oh + oy}. */
  void start(int outputRow) {
    row = outputRow;
    ox = 0;
  }

  /** Goes to the next run of the row, if there is one. */
  boolean next() {
    if (ox == horizontal.positions()) {
      return false;
    }
    int oy = row % vertical.positions();
    int img = row / vertical.positions();
    int end = horizontal.runEnd(ox);
    int ky = vertical.firstTap(oy);
    int kx = horizontal.firstTap(ox);
    int iy = vertical.cell(oy) + ky * vertical.dilation();
    int ix = horizontal.cell(ox) + kx * horizontal.dilation();
    int c = shape.c();
    inputAt = ((img * shape.h() + iy) * shape.w() + ix) * c;
    outputAt = (row * horizontal.positions() + ox) * c;
    firstTap = ky * kw + kx;
    rows = vertical.endTap(oy) - ky;
    cols = horizontal.endTap(ox) - kx;
    divisor =
        shape.paddingCounts()
            ? (float) vertical.paddedTaps(oy) * horizontal.paddedTaps(ox)
            : (float) rows * cols;
    pixels = flattens ? 1 : end - ox;
    channels = flattens ? (end - ox) * c : c;
    ox = end;
    return true;
  }
}
