package io.lanewise.kernels.pool;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The inner loops of pooling: one {@link PoolRun} of output pixels, lanes along channels.
 *
 * <p>The twins {@link SimdPoolLanes} and {@link ScalarPoolLanes} give the same bits: every value
 * has its own chain of comparisons or additions, in the order of its taps.
 */
interface PoolLanes {
  /** The lanes of this process. */
  PoolLanes ACTIVE = LanesProvider.choose(() -> new SimdPoolLanes(), () -> new ScalarPoolLanes());

  /** The greatest value of each window and its tap. */
  void max(PoolRun run, float[] input, float[] output, int[] argmax);

  /** The sum of each window over the run's divisor. */
  void average(PoolRun run, float[] input, float[] output);

  /**
   * The backward of {@link #max}: to each tap of a window its gradient where argmax names the tap,
   * else zero.
   *
   * @param add whether to add to gradInput, for windows that overlap, or to overwrite it
   */
  void route(PoolRun run, float[] gradOutput, int[] argmax, boolean add, float[] gradInput);

  /**
   * The backward of {@link #average}: to each tap of a window its gradient over the run's divisor.
   *
   * @param add whether to add to gradInput, for windows that overlap, or to overwrite it
   */
  void spread(PoolRun run, float[] gradOutput, boolean add, float[] gradInput);

  /**
   * The mean of each column of a matrix {@code [rows, channels]}: a sum in row order over the
   * number of rows.
   */
  void columnMeans(
      float[] matrix, int matrixAt, int rows, int channels, float[] means, int meansAt);
}
