package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;

/**
 * Chooses between direct convolution and the sizes of Winograd's tiles that a shape allows by an
 * estimate of their cost, in multiply-adds of the micro-kernel:
 *
 * <pre>
 * positions * (rows * a * b  +  load * a * b)  +  tiles * (i * transform(a) + o * transform(b))
 * </pre>
 *
 * where a and b are the channels that go in and come out, c and oc or, for the gradient of the
 * input, oc and c, and i and o the values of a tile that are transformed, all positions but for
 * those that share one; direct convolution has the 9 taps as positions, a row for each pixel that a
 * tap meets and no transforms. Rows are filled up to the 12 of a register tile, which is what makes
 * few or small images expensive, and b up to a vector of 16. A value transformed takes about as
 * long as 8 multiply-adds where 16 channels are transformed at once; fewer channels than that are
 * transformed one by one, each as long as 150 (with 512-bit lanes; the rule is the same for all, as
 * bits are). So the output of a first layer of 3 channels is computed directly. The load is what
 * each weight costs however few rows use it: 6 where it is read, 20 where its gradient is written
 * and added up.
 *
 * <p>At stride 2, where tiles save less, a tap's value in a patch costs direct convolution 4
 * multiply-adds more, 8 in the phases of the gradient of the input, 24 in the gradient of the
 * weight.
 *
 * <p>The constants were read off times of all three algorithms on 20 shapes (3 to 512 channels,
 * maps from 2 to 32, 1 to 64 images) and again on 9 shapes with 3, 4, 8, 12 or 16 channels on one
 * side, one thread of a Zen 4 with 512-bit lanes. Of the 27 directions of the latter the estimate
 * finds the fastest in 25; in the other two its choice takes 1.13 times as long at most. The first
 * 20 were not timed again with the constants for few channels. Those of stride 2 come from 20 other
 * shapes, 3 to 512 channels, 1 to 64 images, timed once on the same thread: of their 60 directions
 * the estimate finds the faster in 57; in the other three its choice takes 1.14 times as long at
 * most.
 */
final class WinogradRule {
  private static final ConvAlgorithm[] TILED = {
    ConvAlgorithm.WINOGRAD_4X4, ConvAlgorithm.WINOGRAD_2X2
  };

  private static final int REGISTER_ROWS = 12;
  private static final int LANES = 16;
  private static final long TRANSFORM = 8;
  private static final long TRANSFORM_ALONE = 150;
  private static final long READ = 6;
  private static final long WRITTEN = 20;
  private static final long PACKED = 4;
  private static final long PACKED_BY_PHASES = 8;
  private static final long PACKED_BY_COLUMNS = 24;

  /** Floats of a transformed weight that surely fit into an array. */
  private static final int MOST_FLOATS = Integer.MAX_VALUE / 2;

  private WinogradRule() {}

  /** The plan for a shape that can be computed in tiles. */
  static ConvPlan plan(ConvShape s) {
    return new ConvPlan(
        cheapest(s, false, false), cheapest(s, true, false), cheapest(s, false, true));
  }

  private static ConvAlgorithm cheapest(ConvShape s, boolean ofInput, boolean ofWeight) {
    int rows = ofInput ? s.h() : s.oh();
    int columns = ofInput ? s.w() : s.ow();
    int in = ofInput ? s.oc() : s.c();
    int out = ofInput ? s.c() : s.oc();
    long weights = in * fill(out, LANES);
    // A tap meets the pixels of the input that leave the same remainders by the strides.
    int strideH = ofInput ? s.window().strideH() : 1;
    int strideW = ofInput ? s.window().strideW() : 1;
    long pixels = count(s, rows, columns, strideH, strideW);
    ConvAlgorithm cheapest = ConvAlgorithm.DIRECT;
    long least =
        9 * (products(pixels, weights, ofWeight) + pixels * in * packed(s, ofInput, ofWeight));
    for (ConvAlgorithm algorithm : TILED) {
      if (WinogradTile.fits(algorithm, s)) {
        WinogradTile forward = WinogradTile.of(algorithm, s);
        WinogradTile tile = ofInput ? forward.backwards() : forward;
        if (tile.weights().values() * weights > MOST_FLOATS) {
          continue;
        }
        long tiles = count(s, rows, columns, tile.m(), tile.m());
        DistinctRows sums = ofWeight ? tile.gradients() : tile.sums();
        long values = tile.inputs().values() * transform(in) + sums.values() * transform(out);
        long cost = tile.positions() * products(tiles, weights, ofWeight) + tiles * values;
        cheapest = cost < least ? algorithm : cheapest;
        least = Math.min(cost, least);
      }
    }
    return cheapest;
  }

  private static long count(ConvShape s, int rows, int columns, int height, int width) {
    return (long) s.n() * WinogradShape.ceil(rows, height) * WinogradShape.ceil(columns, width);
  }

  /** What a value of a patch costs direct convolution. */
  private static long packed(ConvShape s, boolean ofInput, boolean ofWeight) {
    if (s.window().strideH() == 1) {
      return 0;
    }
    if (ofWeight) {
      return PACKED_BY_COLUMNS;
    }
    return ofInput ? PACKED_BY_PHASES : PACKED;
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
