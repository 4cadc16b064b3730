package io.lanewise.kernels.conv;

/** How one direction of a convolution is computed. */
public enum ConvAlgorithm {
  /** Plain sums of products: a matrix product with the patches of the image. Any shape. */
  DIRECT,
  /**
   * Winograd's F(2x2, 3x3): 2.25 times fewer products at stride 1, 1.44 times at stride 2. Only
   * dense 3x3 windows, one group, and at stride 2 one row of padding above and one column left.
   */
  WINOGRAD_2X2,
  /**
   * Winograd's F(4x4, 3x3): 4 times fewer products, with a larger rounding error. Only dense 3x3
   * windows at stride 1, one group.
   */
  WINOGRAD_4X4,
  /**
   * Winograd's F(4, 5) along rows: 2.5 times fewer products. Only dense 5x5 windows at stride 1,
   * one group.
   */
  WINOGRAD_ROWS
}
