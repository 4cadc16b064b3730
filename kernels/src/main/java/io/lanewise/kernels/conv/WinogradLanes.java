package io.lanewise.kernels.conv;

/**
 * The transforms of one tile of {@link WinogradTile}, with lanes along channels. Each is a product
 * {@code L X L^T} with a small constant matrix, taken as 1-D transforms of the columns and then of
 * the rows.
 *
 * <p>Arrays of pixels have a pitch from one row to the next and one from one column to the next;
 * arrays of transformed values are laid out by a {@link PositionGrid}, those that several positions
 * share once. Channels are consecutive in both. Tiles that are read come as bands, {@link
 * WinogradBands}, so that neighbours share the first pass of the columns that both read, and pixels
 * come in the order in which they lie in memory. The twins give the same bits, whatever the vector
 * width.
 */
interface WinogradLanes {
  /**
   * Index of a float on a cache line's edge, if the array itself starts on one: its header has 16
   * bytes.
   */
  int LINE = 12;

  /** Floats of scratch that a transform may overwrite: a vector of all columns of a band. */
  int SCRATCH = (4 * WinogradBands.MOST_TILES + 2) * 6 * 16 + 16;

  /**
   * {@code V = B^T d B} of the tiles of a band.
   *
   * @param d patches of pixels
   * @param tile the band's first tile
   * @param channel first channel to take
   * @param v receives the distinct values from {@code vAt}
   * @param tilePitch floats from a tile to the next in v
   */
  void input(
      WinogradBands d,
      int tile,
      int tiles,
      int channel,
      int channels,
      float[] v,
      int vAt,
      int tilePitch,
      PositionGrid grid,
      float[] scratch);

  /**
   * {@code Y = A^T M A + bias}.
   *
   * @param sums M, the positions from {@code sumsAt}
   * @param bias a float a channel from {@code biasAt}, or null for zero
   * @param rectify whether values up to zero become zero
   * @param y receives m x m pixels from {@code yAt}
   * @param rows how many of the m rows to write
   * @param columns how many of the m columns to write
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
      int rows,
      int columns,
      int rowPitch,
      int columnPitch,
      float[] scratch);

  /**
   * {@code U = G g G^T}.
   *
   * @param g 3 x 3 taps from {@code gAt}, {@code tapPitch} floats apart, which may be negative
   * @param u receives the distinct values from {@code uAt}
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
}
