package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The inner loops of depthwise convolution, lanes along channels: one {@link DepthwiseRun} of
 * pixels for any window, one {@link DepthwisePair} of lines for the commonest.
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

  /**
   * {@code target = initial + sum over taps of source * weight} on both lines, tap by tap in row
   * order. A source column that is padding adds products with 0.
   *
   * @param initial as for a run
   */
  void weightedSums(DepthwisePair pair, float[] weight, float[] initial);

  /**
   * {@code weightSums += sum over both lines of source * target}, for each tap and channel strip by
   * strip, in a strip the pixels of the first line, then those of the second. The pair's weight
   * positions are those of the sums.
   */
  void addProducts(DepthwisePair pair, float[] weightSums);
}
