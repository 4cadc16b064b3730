package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.WindowAxis;

/** Runs of output pixels whose windows meet the image with the same taps. */
final class DepthwiseWindowRuns {
  final DepthwiseRun run;
  private final ConvShape shape;
  private final WindowAxis vertical;
  private final WindowAxis horizontal;
  private int img;
  private int oy;
  private int ox;

  DepthwiseWindowRuns(ConvShape shape) {
    this.shape = shape;
    this.vertical = WindowAxis.rows(shape);
    this.horizontal = WindowAxis.columns(shape);
    int c = shape.c();
    this.run = new DepthwiseRun(c);
    run.sourceStep = horizontal.stride() * c;
    run.sourceRowPitch = vertical.dilation() * shape.w() * c;
    run.sourceColPitch = horizontal.dilation() * c;
    run.weightRowPitch = horizontal.k() * c;
    run.weightColPitch = c;
    run.targetStep = c;
  }

  /** Goes before the first run of an output row. */
  void start(int image, int outputRow) {
    img = image;
    oy = outputRow;
    ox = 0;
  }

  /** Goes to the next run of the row, if there is one. */
  boolean next() {
    if (ox == horizontal.positions()) {
      return false;
    }
    int c = shape.c();
    int ky = vertical.firstTap(oy);
    int kx = horizontal.firstTap(ox);
    int iy = vertical.cell(oy) + ky * vertical.dilation();
    int ix = horizontal.cell(ox) + kx * horizontal.dilation();
    int end = horizontal.runEnd(ox);
    run.pixels = end - ox;
    run.rows = vertical.endTap(oy) - ky;
    run.cols = horizontal.endTap(ox) - kx;
    run.sourceAt = ((img * shape.h() + iy) * shape.w() + ix) * c;
    run.weightAt = (ky * horizontal.k() + kx) * c;
    run.targetAt = ((img * vertical.positions() + oy) * horizontal.positions() + ox) * c;
    ox = end;
    return true;
  }
}
