package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.WindowAxis;

/**
 * One phase along one axis: the cells of the image that lie {@code phase} places behind a multiple
 * of the stride, counted from the start of the padding, and the taps of windows that read them.
 *
 * <p>Tap k of the window at a position lies {@code position*stride + k*dilation} places behind the
 * start of the padding. So the taps of a phase are those whose {@code k*dilation} leaves the
 * remainder {@code phase}, and from one to the next, {@code stride/gcd} taps later, the position
 * goes back by {@code dilation/gcd}.
 *
 * @param firstCell the phase's first cell
 * @param cells how many cells it has, {@code stride} apart
 * @param stride cells between two windows
 * @param firstTap its first tap
 * @param tapStep taps from one of its taps to the next
 * @param taps how many taps it has
 * @param firstPosition the window whose last tap reads the first cell, negative if there is none
 * @param positionStep windows from one tap of a cell to the next
 */
record PhaseAxis(
    int firstCell,
    int cells,
    int stride,
    int firstTap,
    int tapStep,
    int taps,
    int firstPosition,
    int positionStep) {

  /** How many phases an axis has. */
  static int count(WindowAxis axis) {
    return Math.min(axis.stride(), axis.size());
  }

  /** The phase of the axis that starts at a cell, from 0 to {@link #count} - 1. */
  static PhaseAxis of(WindowAxis axis, int cell) {
    int stride = axis.stride();
    int place = cell + axis.padBefore();
    int divisor = greatestCommonDivisor(stride, axis.dilation());
    int tapStep = stride / divisor;
    int positionStep = axis.dilation() / divisor;
    int firstTap = 0;
    while (firstTap < axis.k() && Math.floorMod(place - firstTap * axis.dilation(), stride) != 0) {
      firstTap++;
    }
    int taps = (axis.k() - firstTap + tapStep - 1) / tapStep;
    int position = Math.floorDiv(place - firstTap * axis.dilation(), stride);
    return new PhaseAxis(
        cell,
        (axis.size() - cell + stride - 1) / stride,
        stride,
        firstTap,
        tapStep,
        taps,
        position - (taps - 1) * positionStep,
        positionStep);
  }

  /** The cell with this number. */
  int cell(int number) {
    return firstCell + number * stride;
  }

  /** The taps in rising order of the positions from which they read a cell, so backwards. */
  int tap(int number) {
    return firstTap + (taps - 1 - number) * tapStep;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
