package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;

/**
 * Chooses between direct convolution and the two sizes of Winograd's tiles by an estimate of their
 * cost, in multiply-adds of the micro-kernel:
 *
 * <pre>
 * positions * (rows * c * oc  +  8 * tiles * (c + oc)  +  load * c * oc)
 * </pre>
 *
 * where direct convolution has the 9 taps as positions, a row for each pixel and no transforms.
 * Rows are filled up to the 12 of a register tile, which is what makes few or small images
 * expensive. A value transformed takes about as long as 8 multiply-adds. The last term is what each
 * weight costs however few rows use it: 6 where it is read, 20 where its gradient is written and
 * added up.
 *
 * <p>The constants were read off times of all three algorithms on 20 shapes (3 to 512 channels,
 * maps from 2 to 32, 1 to 64 images; one thread of a Zen 4 with 512-bit lanes). In 58 of the 60
 * directions the estimate finds the fastest; in the other two its choice takes 1.15 times as long.
 */
final class WinogradRule {
  private static final int REGISTER_ROWS = 12;
  private static final long TRANSFORM = 8;
  private static final long READ = 6;
  private static final long WRITTEN = 20;

  private WinogradRule() {}

  /** The plan for a shape that can be computed in tiles. */
  static ConvPlan plan(ConvShape s) {
    return new ConvPlan(
        cheapest(s, s.oh(), s.ow(), false),
        cheapest(s, s.h(), s.w(), false),
        cheapest(s, s.oh(), s.ow(), true));
  }

  private static ConvAlgorithm cheapest(ConvShape s, int rows, int columns, boolean ofWeight) {
    long direct = cost(s, 9, (long) s.n() * rows * columns, 0, ofWeight);
    long two = cost(s, WinogradTile.TWO, rows, columns, ofWeight);
    long four = cost(s, WinogradTile.FOUR, rows, columns, ofWeight);
    if (direct <= Math.min(two, four)) {
      return ConvAlgorithm.DIRECT;
    }
    return two < four ? ConvAlgorithm.WINOGRAD_2X2 : ConvAlgorithm.WINOGRAD_4X4;
  }

  private static long cost(
      ConvShape s, WinogradTile tile, int rows, int columns, boolean ofWeight) {
    int down = WinogradShape.ceil(rows, tile.m());
    int across = WinogradShape.ceil(columns, tile.m());
    return cost(s, tile.positions(), (long) s.n() * down * across, TRANSFORM, ofWeight);
  }

  private static long cost(
      ConvShape s, int positions, long rows, long transform, boolean ofWeight) {
    long filled = (rows + REGISTER_ROWS - 1) / REGISTER_ROWS * REGISTER_ROWS;
    long weights = (long) s.c() * s.oc();
    long sums = ofWeight ? (rows + WRITTEN) * weights : (filled + READ) * weights;
    return positions * (sums + transform * rows * (s.c() + s.oc()));
  }
}
