package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The sums of Winograd's weight gradient between 16 channels and 16 channels, one vector of 512
 * bits, where the micro-kernel's tiles of 12 rows would be filled up to 24. All 16 rows are summed
 * at once; rows of all arrays are 16 floats, one behind the other.
 *
 * <p>The twins {@link SimdNarrowLanes} and {@link ScalarNarrowLanes}, and the micro-kernel where
 * neither is used, give the same bits: every value is one chain of {@link Math#fma} from zero.
 */
interface NarrowLanes {
  /** Channels on either side. */
  int CHANNELS = 16;

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
   * {@code Q = V^T P}, tiles ascending.
   *
   * @param v {@code [tiles, 16]}
   * @param p {@code [tiles, 16]}
   * @param q {@code [16, 16]}, overwritten
   */
  void sumOverTiles(int tiles, float[] v, int vAt, float[] p, int pAt, float[] q, int qAt);
}
