package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The products of Winograd's positions between 16 channels and 16 channels, one vector of 512 bits:
 * so narrow that the micro-kernel's register tile is half empty and its calls are too short. Here a
 * position's 16 x 16 values stay in registers while all tiles of a block stream past; rows of all
 * arrays are 16 floats, one behind the other.
 *
 * <p>The twins {@link SimdNarrowLanes} and {@link ScalarNarrowLanes}, and the micro-kernel where
 * neither is used, give the same bits: every value is one chain of {@link Math#fma} from zero.
 */
interface NarrowLanes {
  /** Channels on either side. */
  int CHANNELS = 16;

  /** Tiles multiplied at once. */
  int TILES = 12;

  /** The lanes of this process. */
  NarrowLanes ACTIVE =
      LanesProvider.choose(() -> new SimdNarrowLanes(), () -> new ScalarNarrowLanes());

  /** Whether vectors have the width of these loops; others are left to the micro-kernel. */
  boolean areWide();

  /** Whether products of these channels are formed here. */
  static boolean fit(int c, int oc) {
    return c == CHANNELS && oc == CHANNELS && ACTIVE.areWide();
  }

  /**
   * {@code M = V U}, channels ascending.
   *
   * @param tiles a multiple of {@link #TILES}
   * @param v {@code [tiles, 16]}
   * @param u {@code [16, 16]}
   * @param m {@code [tiles, 16]}, overwritten
   */
  void multiply(int tiles, float[] v, int vAt, float[] u, int uAt, float[] m, int mAt);

  /**
   * {@code Q = V^T P}, tiles ascending.
   *
   * @param v {@code [tiles, 16]}
   * @param p {@code [tiles, 16]}
   * @param q {@code [16, 16]}, overwritten
   */
  void sumOverTiles(int tiles, float[] v, int vAt, float[] p, int pAt, float[] q, int qAt);
}
