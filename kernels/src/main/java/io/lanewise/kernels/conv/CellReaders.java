package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.WindowAxis;

/**
 * Who reads an input cell along one axis: {@code count} windows, the first by {@code tap} at {@code
 * position}, each further one by a tap {@code tapStep} later at a position {@code positionStep}
 * earlier. The same taps read the {@code run} cells that follow, one stride apart.
 */
final class CellReaders {
  final WindowAxis axis;
  final int tapStep;
  final int positionStep;
  int tap;
  int position;
  int count;
  int run;

  CellReaders(WindowAxis axis) {
    this.axis = axis;
    int divisor = greatestCommonDivisor(axis.stride(), axis.dilation());
    this.tapStep = axis.stride() / divisor;
    this.positionStep = axis.dilation() / divisor;
  }

  void goTo(int cell) {
    int stride = axis.stride();
    int fromStart = cell + axis.padBefore();
    int k = 0;
    while (k < axis.k() && !meets(fromStart - k * axis.dilation())) {
      k++;
    }
    tap = k;
    position = (fromStart - k * axis.dilation()) / stride;
    count = 0;
    int at = position;
    while (k < axis.k() && at >= 0) {
      count++;
      k += tapStep;
      at -= positionStep;
    }
    int cells = (axis.size() - cell + stride - 1) / stride;
    if (count == 0) {
      position = 0;
      tap = 0;
      run = 1;
    } else {
      int untilNextTap = k < axis.k() ? -at : cells;
      run = Math.min(Math.min(axis.positions() - position, untilNextTap), cells);
    }
  }

  int firstPosition() {
    return count == 0 ? 0 : position - (count - 1) * positionStep;
  }

  int lastTap() {
    return count == 0 ? 0 : tap + (count - 1) * tapStep;
  }

  /** Whether a window starts this many cells behind the start of the padded image. */
  private boolean meets(int cells) {
    return cells >= 0 && cells % axis.stride() == 0 && cells / axis.stride() < axis.positions();
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
