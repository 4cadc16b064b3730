package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.shape.ConvShape;

/**
 * The two sizes of Winograd's minimal filtering for 3x3 windows, F(m x m, 3x3): a tile of m x m
 * outputs from a patch of t x t inputs, {@code t = m + 2}, with t * t products a channel pair
 * instead of 9 * m * m (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
 */
enum WinogradTile {
  /** F(2x2, 3x3): 16 products for 36. */
  TWO(2, LanesProvider.choose(() -> new SimdWinogradLanes2(), () -> new ScalarWinogradLanes2())),
  /** F(4x4, 3x3): 36 products for 144. */
  FOUR(4, LanesProvider.choose(() -> new SimdWinogradLanes4(), () -> new ScalarWinogradLanes4()));

  private final int m;
  private final WinogradLanes lanes;

  WinogradTile(int m, WinogradLanes lanes) {
    this.m = m;
    this.lanes = lanes;
  }

  /**
   * The tile of an algorithm for a shape, or null for direct convolution.
   *
   * @throws IllegalArgumentException if the shape cannot be computed in tiles
   */
  static WinogradTile of(ConvAlgorithm algorithm, ConvShape shape) {
    if (algorithm == ConvAlgorithm.DIRECT) {
      return null;
    }
    if (!WinogradShape.fits(shape)) {
      throw new IllegalArgumentException(
          shape + ": planned as " + algorithm + ", which needs a dense 3x3 window at stride 1");
    }
    return algorithm == ConvAlgorithm.WINOGRAD_2X2 ? TWO : FOUR;
  }

  /** Rows and columns of outputs. */
  int m() {
    return m;
  }

  /** Rows and columns of inputs. */
  int t() {
    return m + 2;
  }

  /** Products of a channel pair, {@code t * t}. */
  int positions() {
    return t() * t();
  }

  /** The transforms. */
  WinogradLanes lanes() {
    return lanes;
  }
}
