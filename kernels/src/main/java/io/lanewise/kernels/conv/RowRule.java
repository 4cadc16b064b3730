package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;

/**
 * Says which directions of a 5x5 convolution are computed by tiles along rows: those where tiles
 * need at most 4 products for 5 of the plain sum. Where rows are whole tiles they need 2; what does
 * not fill them, or the register tile, makes it more.
 *
 * <p>One thread of a Zen 4, JDK 17, microseconds by plain sums and by tiles:
 *
 * <pre>
 *                      output          gradient of input   of weight
 *   32 x 32-32@16    4500   2000        4700   2200        6700   2110
 *   32 x 16-20@16    1280    720        1320    760        1300    740
 *   32 x  8-32@16    1150    520        3300    800        1270    805
 *   32 x  3-32@32    1640   1020       13300   3330        2050   2060
 *   32 x  1-32@28     505    400       11200   2760         690   1360
 *   32 x 16-20@11     830    600         930    590         640    385
 *   32 x 32-32@5      430    380         460    420         630    330
 *   32 x 16-20@5      194    197         208    211         173    116
 *    1 x 32-64@14     210    125         265    185         237    135
 *    1 x 32-64@160  28200  16500       31500  20500       36000  13900
 *    1 x 16-16@224   7100   5800        7500   5750        6900   4900
 * </pre>
 *
 * <p>The transformed weight has 8/5 of the floats, and transforming and reading it takes its time:
 * few tiles of many channels do not pay. 1 x 256-256@8 took twice as long as plain sums.
 *
 * <p>Rows of V are computed anew by each block, which for long rows holds few: only up to 256
 * pixels, where a block has 2 rows and sees 6.
 *
 * <p>The gradient of the weight of up to 3 channels stays direct: its sums fill one vector, so that
 * the gradient of the output is transformed for few products.
 *
 * <p>The sums of that gradient have 8/5 of its floats for each slice of the batch, all of them
 * written and transformed whatever the number of tiles: 1 x 32-32@4 took 29 us instead of 15, 1 x
 * 128-128@4 415 instead of 208. So few tiles do not pay, and heavy weights take too much memory: 64
 * x 1024-1024@8 on two threads 4.5 GB instead of 0.3.
 */
final class RowRule {
  /** Tiles of a vector of 512 bits, where they are lanes; the rule is the same for all widths. */
  private static final int LANES = 16;

  /** Rows of the lowest register tile, where tiles are its rows. */
  private static final int ROWS = 4;

  private static final int MOST_TILES = 64;

  /** Floats of a transformed weight that few tiles pay for. */
  private static final int LIGHT_FLOATS = 100_000;

  /** Tiles that pay for a heavier one, and how many floats of it one tile pays for. */
  private static final int FEWEST_TILES = 32;

  private static final int FLOATS_OF_TILE = 1 << 15;

  /** Floats beyond which nothing was measured. */
  private static final int MOST_FLOATS = 1 << 24;

  /** The same for the gradient of the weight, whose sums are up to 8 times as many. */
  private static final int MOST_GRADIENT_FLOATS = 1 << 22;

  private RowRule() {}

  /** The plan for a shape that has no square tiles. */
  static ConvPlan plan(ConvShape s) {
    if (!RowTiles.fit(s)) {
      return ConvPlan.all(ConvAlgorithm.DIRECT);
    }
    RowTiles there = RowTiles.forward(s);
    return new ConvPlan(
        choose(pays(there)),
        choose(pays(RowTiles.backwardInput(s))),
        choose(paysForGradient(there)));
  }

  private static ConvAlgorithm choose(boolean rows) {
    return rows ? ConvAlgorithm.WINOGRAD_ROWS : ConvAlgorithm.DIRECT;
  }

  private static boolean pays(RowTiles t) {
    long floats = floats(t);
    long needed = Math.max(FEWEST_TILES, floats / FLOATS_OF_TILE);
    boolean reused = floats <= LIGHT_FLOATS || tiles(t) >= needed;
    return reused && floats <= MOST_FLOATS && saves(t, FilterColumns.fit(t) ? ROWS : LANES);
  }

  private static boolean paysForGradient(RowTiles t) {
    long floats = floats(t);
    int needed = floats <= LIGHT_FLOATS ? FEWEST_TILES / 2 : FEWEST_TILES;
    return tiles(t) >= needed && floats <= MOST_GRADIENT_FLOATS && t.depth() > LANES && saves(t, 1);
  }

  /** Floats of a transformed weight. */
  private static long floats(RowTiles t) {
    return (long) RowTiles.PRODUCTS * t.depth() * t.oc();
  }

  /** Tiles of all images. */
  private static long tiles(RowTiles t) {
    return (long) t.n() * t.oh() * t.tiles();
  }

  /**
   * Whether tiles save enough products.
   *
   * @param multiple tiles of an image are filled up to one of these
   */
  private static boolean saves(RowTiles t, int multiple) {
    long filled = (long) WinogradShape.ceil(t.oh() * t.tiles(), multiple) * multiple;
    long products = RowTiles.PRODUCTS * filled;
    return t.tiles() <= MOST_TILES && 5 * products <= 4L * RowTiles.TAPS * t.oh() * t.ow();
  }
}
