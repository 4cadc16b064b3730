package io.lanewise.kernels.conv;

/**
 * The transforms of a tile with those that the gradient of the weight takes besides {@link #input};
 * what holds for {@link WinogradLanes} holds for them.
 */
interface WinogradGradientLanes extends WinogradLanes {
  /**
   * The adjoint of {@link WinogradLanes#output}: {@code P = A e A^T} of the tiles of a band.
   *
   * @param e tiles of m x m pixels of the output's gradient
   * @param tile the band's first tile
   * @param channel first channel to take
   * @param p receives the distinct values from {@code pAt}
   * @param tilePitch floats from a tile to the next in p
   */
  void outputGradient(
      WinogradBands e,
      int tile,
      int tiles,
      int channel,
      int channels,
      float[] p,
      int pAt,
      int tilePitch,
      PositionGrid grid,
      float[] scratch);

  /**
   * The adjoint of {@link WinogradLanes#weight}: {@code g += G^T Q G}.
   *
   * @param q the distinct values from {@code qAt}
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
