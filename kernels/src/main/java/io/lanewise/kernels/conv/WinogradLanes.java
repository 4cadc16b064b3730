package io.lanewise.kernels.conv;

/**
 * The transforms of one tile of {@link WinogradTile}, with lanes along channels. Each is a product
 * {@code L X L^T} with a small constant matrix, taken as 1-D transforms of the columns and then of
 * the rows.
 *
 * <p>Arrays of pixels have a pitch from one row to the next and one from one column to the next;
 * arrays of positions are laid out by a {@link PositionGrid}. Channels are consecutive in both. The
 * twins give the same bits, whatever the vector width.
 */
interface WinogradLanes {
  /**
   * Index of a float on a cache line's edge, if the array itself starts on one: its header has 16
   * bytes.
   */
  int LINE = 12;

  /** Floats of scratch that a transform may overwrite: t x t vectors, begun on a cache line. */
  int SCRATCH = 36 * 16 + 16;

  /**
   * {@code V = B^T d B}.
   *
   * @param d patch of t x t pixels from {@code dAt}
   * @param v receives the positions from {@code vAt}
   */
  void input(
      int channels,
      float[] d,
      int dAt,
      int rowPitch,
      int columnPitch,
      float[] v,
      int vAt,
      PositionGrid grid,
      float[] scratch);

  /**
   * {@code Y = A^T M A + bias}.
   *
   * @param sums M, the positions from {@code sumsAt}
   * @param bias a float a channel from {@code biasAt}, or null for zero
   * @param rectify whether values up to zero become zero
   * @param y receives m x m pixels from {@code yAt}
   */
  void output(
      int channels,
      float[] sums,
      int sumsAt,
      PositionGrid grid,
      float[] bias,
      int biasAt,
      boolean rectify,
      float[] y,
      int yAt,
      int rowPitch,
      int columnPitch,
      float[] scratch);

  /**
   * {@code U = G g G^T}.
   *
   * @param g 3 x 3 taps from {@code gAt}, {@code tapPitch} floats apart, which may be negative
   * @param u receives the positions from {@code uAt}
   */
  void weight(
      int channels,
      float[] g,
      int gAt,
      int tapPitch,
      float[] u,
      int uAt,
      PositionGrid grid,
      float[] scratch);

  /**
   * The adjoint of {@link #output}: {@code P = A e A^T}.
   *
   * @param e m x m pixels of the output's gradient from {@code eAt}
   * @param p receives the positions from {@code pAt}
   */
  void outputGradient(
      int channels,
      float[] e,
      int eAt,
      int rowPitch,
      int columnPitch,
      float[] p,
      int pAt,
      PositionGrid grid,
      float[] scratch);

  /**
   * The adjoint of {@link #weight}: {@code g += G^T Q G}.
   *
   * @param q the positions from {@code qAt}
   * @param g 3 x 3 taps from {@code gAt}, {@code tapPitch} floats apart, added into
   */
  void weightGradient(
      int channels,
      float[] q,
      int qAt,
      PositionGrid grid,
      float[] g,
      int gAt,
      int tapPitch,
      float[] scratch);
}
