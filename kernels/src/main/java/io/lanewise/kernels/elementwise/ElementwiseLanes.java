package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The loops that {@link io.lanewise.kernels.lanes.Lanes} does not have: {@code count} values from
 * index {@code at} of every array. The twins {@link SimdElementwiseLanes} and {@link
 * ScalarElementwiseLanes} give the same bits.
 */
interface ElementwiseLanes {
  /** The lanes of this process. */
  ElementwiseLanes ACTIVE =
      LanesProvider.choose(() -> new SimdElementwiseLanes(), () -> new ScalarElementwiseLanes());

  /** Values in one piece of parallel work: three arrays of them fill a fifth of a 2 MB L2. */
  int PIECE = 1 << 15;

  void shift(float term, float[] input, float[] output, int at, int count);

  void exp(float[] input, float[] output, int at, int count);

  void square(float[] input, float[] output, int at, int count);

  void squareBackward(float[] gradOutput, float[] input, float[] gradInput, int at, int count);

  void reciprocal(float[] input, float[] output, int at, int count);

  void reciprocalBackward(float[] gradOutput, float[] output, float[] gradInput, int at, int count);

  /**
   * Part of a row of {@link Dropout}: a value in column {@code col}, {@code col + 1}, ... is kept
   * and multiplied by {@code scale} where the hash of key and column is at least {@code threshold},
   * else it becomes 0.
   *
   * <p>The hash is the mixer lowbias32 of C. Wellons on column plus low half of the key, with the
   * high half joined in its middle, so that rows are not shifted copies of each other.
   */
  void dropout(
      long key,
      int threshold,
      float scale,
      int col,
      float[] input,
      float[] output,
      int at,
      int count);
}
