package io.lanewise.kernels.peak;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * Two loops that do nothing useful as fast as a machine can: the yardsticks of every kernel.
 *
 * <p>The twins {@link SimdPeakLanes} and {@link ScalarPeakLanes} give the same bits: every lane of
 * {@link #fma} computes the same numbers.
 */
public interface PeakLanes {
  /** Independent chains of {@link #fma}: more than any unit's latency times its throughput. */
  int CHAINS = 12;

  /** The lanes of this process. */
  PeakLanes ACTIVE = LanesProvider.choose(() -> new SimdPeakLanes(), () -> new ScalarPeakLanes());

  /**
   * Repeats {@code x = fma(x, factor, term)} in {@link #CHAINS} chains, of which chain i starts
   * with {@code x = i}.
   *
   * @return the sum of the chains' ends, in their order
   */
  float fma(int rounds, float factor, float term);

  /** Floating-point operations of {@link #fma}: two a chain, lane and round. */
  long fmaFlops(int rounds);

  /** {@code out = fma(factor, b, a)}: the triad of the STREAM benchmark (McCalpin 1995). */
  void triad(float[] a, float factor, float[] b, float[] out, int at, int count);
}
