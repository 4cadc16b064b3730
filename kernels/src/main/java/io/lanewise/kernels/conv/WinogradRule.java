package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;

/** Chooses between direct convolution and the two sizes of Winograd's tiles, by the shape alone. */
final class WinogradRule {
  private WinogradRule() {}

  static ConvPlan plan(ConvShape s) {
    boolean few = s.c() < 16 || s.oc() < 16;
    return ConvPlan.all(few ? ConvAlgorithm.DIRECT : ConvAlgorithm.WINOGRAD_4X4);
  }
}
