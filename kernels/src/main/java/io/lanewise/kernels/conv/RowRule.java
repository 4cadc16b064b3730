package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;

/**
 * Says which directions of a 5x5 convolution are computed by tiles along rows: those that would
 * otherwise run transposed, with few filters as rows of the register tile ({@link SlidingConv2d},
 * {@link SlidingGradient}), if tiles need at most 3 products for 5 of the plain sum. Where rows are
 * whole tiles and images whole vectors of 16 tiles they need 2; what does not fill them makes it
 * more: 7x7 pixels are 14 tiles of 16, 11x11 are 33 of 48 and stay direct.
 *
 * <p>Rows of V are computed anew by each block, which for long rows holds few: only up to 128
 * pixels, where a block has 4 rows and sees 8; wider images were not measured.
 *
 * <p>The gradient of the weight of up to 3 channels stays direct, too: its sums fill one vector, so
 * that the gradient of the output is transformed for few products. 3-16@32 took 1.2 times as long.
 */
final class RowRule {
  /** Tiles of a vector of 512 bits; the rule is the same for all, as bits are. */
  private static final int LANES = 16;

  private static final int MOST_TILES = 32;

  private RowRule() {}

  /** The plan for a shape that has no square tiles. */
  static ConvPlan plan(ConvShape s) {
    if (!RowTiles.fit(s)) {
      return ConvPlan.all(ConvAlgorithm.DIRECT);
    }
    boolean there = pays(RowTiles.forward(s));
    boolean back = pays(RowTiles.backwardInput(s));
    return new ConvPlan(
        choose(there && SlidingConv2d.suits(s)),
        choose(back && SlidingConv2d.suitsBackwards(s)),
        choose(there && SlidingGradient.suits(s) && RowTiles.TAPS * s.c() > LANES));
  }

  private static ConvAlgorithm choose(boolean rows) {
    return rows ? ConvAlgorithm.WINOGRAD_ROWS : ConvAlgorithm.DIRECT;
  }

  private static boolean pays(RowTiles t) {
    long lanes = (long) WinogradShape.ceil(t.oh() * t.tiles(), LANES) * LANES;
    long products = RowTiles.PRODUCTS * lanes;
    return t.tiles() <= MOST_TILES && 5 * products <= 3L * RowTiles.TAPS * t.oh() * t.ow();
  }
}
