package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The inner loops of depthwise convolution: one {@link DepthwiseRun} of pixels, lanes along
 * channels.
 *
 * <p>The twins {@link SimdDepthwiseLanes} and {@link ScalarDepthwiseLanes} give the same bits:
 * every value is one chain of {@link Math#fma} in a fixed order.
 */
interface DepthwiseLanes {
  /** The lanes of this process. */
  DepthwiseLanes ACTIVE =
      LanesProvider.choose(() -> new SimdDepthwiseLanes(), () -> new ScalarDepthwiseLanes());

  /**
   * {@code target = initial + sum over taps of source * weight}, tap by tap in row order.
   *
   * @param initial what the sums of a pixel begin with, one float a channel from index 0; null is
   *     zero
   */
  void weightedSums(
      DepthwiseRun run, float[] source, float[] weight, float[] initial, float[] target);

  /**
   * {@code weightSums += sum over pixels of source * target}, for each tap and channel pixel by
   * pixel: the gradient of the weight, where the run's target is gradOutput.
   */
  void addProducts(DepthwiseRun run, float[] source, float[] target, float[] weightSums);
}
