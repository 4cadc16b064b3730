package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The transforms of F(4, 5), each the product of a small constant matrix with {@code count} vectors
 * at once: value i of vector k lies at {@code at + i * pitch + k}, in what is read and in what is
 * written. Those two are apart or the same, place for place.
 *
 * <p>The matrices stand in {@link ScalarRowLanes}; its twin is {@code SimdRowLanes}. They give the
 * same bits, whatever the vector width.
 */
interface RowLanes {
  /** The lanes of this process. */
  RowLanes ACTIVE = LanesProvider.choose(() -> new SimdRowLanes(), () -> new ScalarRowLanes());

  /** {@code V = B^T d}: 8 values of 8 pixels. */
  void input(int count, float[] d, int dAt, int dPitch, float[] v, int vAt, int vPitch);

  /** {@code U = G g}: 8 values of 5 taps. */
  void weight(int count, float[] g, int gAt, int gPitch, float[] u, int uAt, int uPitch);

  /**
   * {@code Y = A^T M + term}, 4 pixels from 8 sums, which they replace.
   *
   * @param rectify whether values up to zero become zero
   * @param sums M from {@code at}; may be read and written up to a vector behind each run, so the
   *     pitch is at least count and {@code SlidingGemm.OVERHANG}
   */
  void output(int count, float term, boolean rectify, float[] sums, int at, int pitch);

  /**
   * {@code Y = A^T M + bias}, stored channels last, of tiles whose sums lie channel by channel.
   *
   * @param count tiles
   * @param pixels how many of each tile to store, from 1 to 4
   * @param bias {@code [channels]}, or null for none
   * @param rectify whether values up to zero become zero
   * @param sums sum p of channel o of tile i at {@code at + p * pitch + i * tilePitch + o}
   * @param output receives pixel j of tile i from {@code outputAt + (4 * i + j) * channels}
   */
  void pixels(
      int count,
      int pixels,
      int channels,
      float[] bias,
      boolean rectify,
      float[] sums,
      int at,
      int tilePitch,
      int pitch,
      float[] output,
      int outputAt);

  /** {@code P = A e}: 8 values of 4 pixels. */
  void outputGradient(int count, float[] e, int eAt, int ePitch, float[] p, int pAt, int pPitch);

  /** {@code g = G^T Q}, 5 taps from 8 sums, which they replace. */
  void weightGradient(int count, float[] sums, int at, int pitch);
}
