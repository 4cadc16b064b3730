package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.WindowAxis;

/**
 * Runs of input pixels, one stride apart, that the same taps of windows read. From one pixel of a
 * run to the next, windows move on by one.
 */
final class DepthwiseCellRuns {
  final DepthwiseRun run;
  private final ConvShape shape;
  private final CellReaders vertical;
  private final CellReaders horizontal;
  private int img;
  private int iy;
  private int ix;

  DepthwiseCellRuns(ConvShape shape) {
    this.shape = shape;
    this.vertical = new CellReaders(WindowAxis.rows(shape));
    this.horizontal = new CellReaders(WindowAxis.columns(shape));
    int c = shape.c();
    int ow = horizontal.axis.positions();
    this.run = new DepthwiseRun(c);
    run.sourceStep = c;
    run.sourceRowPitch = vertical.positionStep * ow * c;
    run.sourceColPitch = horizontal.positionStep * c;
    run.weightRowPitch = -vertical.tapStep * horizontal.axis.k() * c;
    run.weightColPitch = -horizontal.tapStep * c;
    run.targetStep = horizontal.axis.stride() * c;
  }

  /** Goes before the first run of an input row. */
  void start(int image, int inputRow) {
    img = image;
    iy = inputRow;
    ix = 0;
    vertical.goTo(inputRow);
  }

  /** Goes to the next run of the row, if there is one. */
  boolean next() {
    if (ix >= shape.w()) {
      return false;
    }
    horizontal.goTo(ix);
    int c = shape.c();
    int oh = vertical.axis.positions();
    int ow = horizontal.axis.positions();
    run.pixels = horizontal.run;
    run.rows = vertical.count;
    run.cols = horizontal.count;
    int oy = vertical.firstPosition();
    int ox = horizontal.firstPosition();
    run.sourceAt = ((img * oh + oy) * ow + ox) * c;
    run.weightAt = (vertical.lastTap() * horizontal.axis.k() + horizontal.lastTap()) * c;
    run.targetAt = ((img * shape.h() + iy) * shape.w() + ix) * c;
    int stride = horizontal.axis.stride();
    int behind = ix + horizontal.run * stride;
    boolean samePhase = behind < shape.w();
    ix = samePhase ? behind : ix % stride + 1;
    if (!samePhase && ix >= stride) {
      ix = shape.w();
    }
    return true;
  }
}
