package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;

/**
 * Chooses between direct convolution and the two sizes of Winograd's tiles by an estimate of their
 * cost, in multiply-adds of the micro-kernel:
 *
 * <pre>
 * positions * (rows * a * b  +  tiles * (transform(c) + transform(oc))  +  load * a * b)
 * </pre>
 *
 * where a and b are the channels that go in and come out, c and oc or, for the gradient of the
 * input, oc and c; direct convolution has the 9 taps as positions, a row for each pixel and no
 * transforms. Rows are filled up to the 12 of a register tile, which is what makes few or small
 * images expensive, and b up to a vector of 16. A value transformed takes about as long as 8
 * multiply-adds where 16 channels are transformed at once; fewer channels than that are transformed
 * one by one, each as long as 150 (with 512-bit lanes; the rule is the same for all, as bits are).
 * So the output of a first layer of 3 channels is computed directly. The last term is what each
 * weight costs however few rows use it: 6 where it is read, 20 where its gradient is written and
 * added up.
 *
 * <p>The constants were read off times of all three algorithms on 20 shapes (3 to 512 channels,
 * maps from 2 to 32, 1 to 64 images) and again on 9 shapes with 3, 4, 8, 12 or 16 channels on one
 * side, one thread of a Zen 4 with 512-bit lanes. Of the 27 directions of the latter the estimate
 * finds the fastest in 25; in the other two its choice takes 1.13 times as long at most. The first
 * 20 were not timed again with the constants for few channels.
 */
final class WinogradRule {
  private static final int REGISTER_ROWS = 12;
  private static final int LANES = 16;
  private static final long TRANSFORM = 8;
  private static final long TRANSFORM_ALONE = 150;
  private static final long READ = 6;
  private static final long WRITTEN = 20;

  private WinogradRule() {}

  /** The plan for a shape that can be computed in tiles. */
  static ConvPlan plan(ConvShape s) {
    return new ConvPlan(
        cheapest(s, s.oh(), s.ow(), s.c(), s.oc(), false),
        cheapest(s, s.h(), s.w(), s.oc(), s.c(), false),
        cheapest(s, s.oh(), s.ow(), s.c(), s.oc(), true));
  }

  private static ConvAlgorithm cheapest(
      ConvShape s, int rows, int columns, int in, int out, boolean ofWeight) {
    long weights = (long) in * fill(out, LANES);
    long pixels = (long) s.n() * rows * columns;
    long direct = 9 * products(pixels, weights, ofWeight);
    long two = cost(s, WinogradTile.TWO, rows, columns, weights, ofWeight);
    long four = cost(s, WinogradTile.FOUR, rows, columns, weights, ofWeight);
    if (direct <= Math.min(two, four)) {
      return ConvAlgorithm.DIRECT;
    }
    return two < four ? ConvAlgorithm.WINOGRAD_2X2 : ConvAlgorithm.WINOGRAD_4X4;
  }

  private static long cost(
      ConvShape s, WinogradTile tile, int rows, int columns, long weights, boolean ofWeight) {
    int down = WinogradShape.ceil(rows, tile.m());
    int across = WinogradShape.ceil(columns, tile.m());
    long tiles = (long) s.n() * down * across;
    long transforms = tiles * (transform(s.c()) + transform(s.oc()));
    return tile.positions() * (products(tiles, weights, ofWeight) + transforms);
  }

  /** The product of one position, and what its weights cost. */
  private static long products(long rows, long weights, boolean ofWeight) {
    return ofWeight ? (rows + WRITTEN) * weights : (fill(rows, REGISTER_ROWS) + READ) * weights;
  }

  /** The transform of one value of each channel; a last vector overlaps the one before it. */
  private static long transform(int channels) {
    return channels < LANES ? TRANSFORM_ALONE * channels : TRANSFORM * fill(channels, LANES);
  }

  private static long fill(long count, int multiple) {
    return (count + multiple - 1) / multiple * multiple;
  }
}
