package io.lanewise.kernels.gemm;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * Carries a finished tile from scratch to C, row by row, or rows of a matrix into a panel: {@code
 * rows} rows of {@code columns} floats, of which row r of the tile lies at {@code tileAt + r *
 * MicroKernel.ACTIVE.nr()}.
 *
 * <p>The rectifier here is that of {@code Relu}: {@code x <= 0 ? 0 : x}. The twins give the same
 * bits.
 */
interface TileLanes {
  /** The lanes of this process. */
  TileLanes ACTIVE = LanesProvider.choose(() -> new SimdTileLanes(), () -> new ScalarTileLanes());

  /** {@code c = tile}. */
  void store(float[] tile, int tileAt, float[] c, int cAt, int ldc, int rows, int columns);

  /**
   * {@code c = bias + tile}, the same bias for each row, and {@code max(0, ...)} of that if {@code
   * rectified}.
   */
  void storeBiased(
      boolean rectified,
      float[] tile,
      int tileAt,
      float[] bias,
      int biasAt,
      float[] c,
      int cAt,
      int ldc,
      int rows,
      int columns);

  /** {@code c += tile}. */
  void add(float[] tile, int tileAt, float[] c, int cAt, int ldc, int rows, int columns);

  /** {@code tile = c}: rows of a matrix on their way into a panel. */
  void load(float[] c, int cAt, int ldc, int rows, int columns, float[] tile, int tileAt);

  /** {@code c = max(0, c)}. */
  void rectify(float[] c, int cAt, int ldc, int rows, int columns);
}
