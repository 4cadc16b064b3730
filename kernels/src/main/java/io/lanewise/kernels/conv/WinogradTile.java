package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/**
 * The tiles of Winograd's minimal filtering for 3x3 windows, F(m x m, 3x3): m x m outputs from a
 * patch of inputs, with t * t products a channel pair instead of 9 * m * m (Lavin and Gray, "Fast
 * Algorithms for Convolutional Neural Networks", 2016). At stride 1 a patch has t x t inputs, t = m
 * + 2, and the next one begins m further.
 *
 * <p>At stride 2 the inputs of an axis that meet the two outer taps, every other one, are
 * correlated with them at stride 1, which F(2, 2) does with 3 products for 2 outputs; the inputs
 * between meet the middle tap alone, in 2 products. So an axis has 5 products instead of 6. Some of
 * them share an input, a weight or a gradient; it is held once ({@link DistinctRows}).
 */
enum WinogradTile {
  /** F(2x2, 3x3): 16 products for 36. */
  TWO(2, LanesProvider.choose(() -> new SimdWinogradLanes2(), () -> new ScalarWinogradLanes2())),
  /** F(4x4, 3x3): 36 products for 144. */
  FOUR(4, LanesProvider.choose(() -> new SimdWinogradLanes4(), () -> new ScalarWinogradLanes4())),
  /** F(2x2, 3x3) at stride 2: 25 products for 36. */
  STRIDED(
      2,
      4,
      5,
      DistinctRows.all(5),
      DistinctRows.of(0, 1, 2, 3, 3),
      DistinctRows.of(0, 1, 2, 0, 2),
      LanesProvider.choose(
          () -> new SimdWinogradLanesStrided(), () -> new ScalarWinogradLanesStrided())),
  /**
   * The gradient of the input at stride 2, a transposed convolution padded by 1: 4 x 4 pixels from
   * 3 x 3 of the output's gradient, 25 products for 36. It has no gradient of a weight.
   */
  TRANSPOSED(
      4,
      2,
      3,
      DistinctRows.of(0, 1, 2, 3, 1),
      DistinctRows.of(0, 1, 2, 3, 3),
      LanesProvider.choose(
          () -> new SimdWinogradLanesTransposed(), () -> new ScalarWinogradLanesTransposed()));

  private final int m;
  private final int step;
  private final int patch;
  private final DistinctRows sums;
  private final DistinctRows inputs;
  private final DistinctRows weights;
  private final DistinctRows gradients;
  private final WinogradLanes lanes;
  private final WinogradGradientLanes gradientLanes;

  /** Stride 1. */
  WinogradTile(int m, WinogradGradientLanes lanes) {
    this(
        m,
        m,
        m + 2,
        DistinctRows.all(m + 2),
        DistinctRows.all(m + 2),
        DistinctRows.all(m + 2),
        lanes);
  }

  WinogradTile(
      int m,
      int step,
      int patch,
      DistinctRows inputs,
      DistinctRows weights,
      DistinctRows gradients,
      WinogradGradientLanes lanes) {
    this(m, step, patch, inputs, weights, gradients, lanes, lanes);
  }

  /** Without a gradient of the weight. */
  WinogradTile(
      int m, int step, int patch, DistinctRows inputs, DistinctRows weights, WinogradLanes lanes) {
    this(m, step, patch, inputs, weights, null, lanes, null);
  }

  WinogradTile(
      int m,
      int step,
      int patch,
      DistinctRows inputs,
      DistinctRows weights,
      DistinctRows gradients,
      WinogradLanes lanes,
      WinogradGradientLanes gradientLanes) {
    this.m = m;
    this.step = step;
    this.patch = patch;
    this.sums = DistinctRows.all(inputs.products());
    this.inputs = inputs;
    this.weights = weights;
    this.gradients = gradients;
    this.lanes = lanes;
    this.gradientLanes = gradientLanes;
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
    if (!fits(algorithm, shape)) {
      throw new IllegalArgumentException(
          shape
              + ": planned as "
              + algorithm
              + ", which needs a dense 3x3 window at stride 1"
              + (algorithm == ConvAlgorithm.WINOGRAD_2X2
                  ? ", or at stride 2 with padding 1 above and left"
                  : ""));
    }
    if (shape.window().strideH() == 2) {
      return STRIDED;
    }
    return algorithm == ConvAlgorithm.WINOGRAD_2X2 ? TWO : FOUR;
  }

  /** Whether direct convolution or an algorithm of square tiles can compute a shape. */
  static boolean fits(ConvAlgorithm algorithm, ConvShape shape) {
    if (algorithm == ConvAlgorithm.DIRECT) {
      return true;
    }
    Window window = shape.window();
    boolean dense =
        window.kh() == 3
            && window.kw() == 3
            && window.dilationH() == 1
            && window.dilationW() == 1
            && shape.groups() == 1;
    boolean one = window.strideH() == 1 && window.strideW() == 1;
    boolean two =
        window.strideH() == 2
            && window.strideW() == 2
            && window.padTop() == 1
            && window.padLeft() == 1;
    boolean square = algorithm != ConvAlgorithm.WINOGRAD_ROWS;
    return dense && (one && square || two && algorithm == ConvAlgorithm.WINOGRAD_2X2);
  }

  /** The tile that computes the gradient of the input. */
  WinogradTile backwards() {
    return this == STRIDED ? TRANSPOSED : this;
  }

  /** Rows and columns of outputs. */
  int m() {
    return m;
  }

  /** Rows and columns of inputs that a tile reads. */
  int patch() {
    return patch;
  }

  /** Rows or columns of inputs from a tile's first to the next one's. */
  int step() {
    return step;
  }

  /** Products of a channel pair: positions. */
  int positions() {
    return sums.values();
  }

  /** Rows of B^T, whose values are V. */
  DistinctRows inputs() {
    return inputs;
  }

  /** Rows of G, whose values are U, and the sums of its gradient, Q. */
  DistinctRows weights() {
    return weights;
  }

  /** Columns of A^T for the sums that the output is computed from, M: all positions. */
  DistinctRows sums() {
    return sums;
  }

  /** Rows of A, whose values are P; null for {@link #TRANSPOSED}. */
  DistinctRows gradients() {
    return gradients;
  }

  /** The transforms. */
  WinogradLanes lanes() {
    return lanes;
  }

  /** The transforms with those of the weight's gradient; null for {@link #TRANSPOSED}. */
  WinogradGradientLanes gradientLanes() {
    return gradientLanes;
  }
}
