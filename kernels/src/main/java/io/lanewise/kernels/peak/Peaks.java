package io.lanewise.kernels.peak;

import io.lanewise.kernels.parallel.Parallel;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/**
 * What this machine can do, measured when first asked for and remembered: multiply-adds a second,
 * and bytes a second for work that touches a given number of bytes over and over.
 *
 * <p>Each measurement takes 0.3 s: ten rounds, of which the best counts, as the first ones pay for
 * compilation and others may be disturbed. Not for use by several threads at once.
 */
public final class Peaks {
  private static final int ROUNDS = 10;
  private static final long ROUND_NANOS = 30_000_000;
  private static final int FMA_ROUNDS = 20_000;

  /** Bytes of one element of the triad: two floats read and one written. */
  private static final int TRIAD_BYTES = 12;

  /** Elements of a call of the triad, and calls between two looks at the clock. */
  private static final int PIECE = 4096;

  private static final int PIECES = 64;

  /** The largest work that is measured, 256 MB: beyond the caches, within a small heap. */
  public static final long MEMORY_BYTES = 1L << 28;

  private static final long LEAST_BYTES = 1L << 13;

  private final Parallel parallel;
  private final Map<Long, Double> bandwidths = new TreeMap<>();
  private double fma;
  private volatile float sink;

  /** The peaks of as many threads as a runner has. */
  public Peaks(Parallel parallel) {
    this.parallel = parallel;
  }

  /** Fused multiply-adds of all threads, counted as two operations, in GFLOP/s. */
  public double fma() {
    if (fma == 0) {
      fma =
          best(
              thread -> {
                sink = PeakLanes.ACTIVE.fma(FMA_ROUNDS, 0.5f, 1);
                return PeakLanes.ACTIVE.fmaFlops(FMA_ROUNDS);
              });
    }
    return fma;
  }

  /**
   * The triad of all threads, in GB/s: two reads and a write an element, without what a cache reads
   * before it is written to.
   *
   * @param bytes what all threads together touch, rounded up to a power of two; above {@link
   *     #MEMORY_BYTES} counts as that
   */
  public double bandwidth(long bytes) {
    long rounded = LEAST_BYTES * parallel.threads();
    while (rounded < Math.min(bytes, MEMORY_BYTES)) {
      rounded *= 2;
    }
    return bandwidths.computeIfAbsent(rounded, this::measureBandwidth);
  }

  private double measureBandwidth(long bytes) {
    int size = (int) (bytes / TRIAD_BYTES / parallel.threads());
    Triad[] triads = new Triad[parallel.threads()];
    for (int i = 0; i < triads.length; i++) {
      triads[i] = new Triad(size);
    }
    return best(thread -> triads[thread].run());
  }

  /** The best rate of all rounds, in 1e9 a second; a piece of work returns how much it was. */
  private double best(IntToLongFunction piece) {
    long[] done = new long[parallel.threads()];
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      parallel.forEach(
          done.length,
          thread -> {
            long sum = 0;
            do {
              sum += piece.applyAsLong(thread);
            } while (System.nanoTime() - start < ROUND_NANOS);
            done[thread] = sum;
          });
      double nanos = System.nanoTime() - start;
      long sum = 0;
      for (long each : done) {
        sum += each;
      }
      best = Math.max(best, sum / nanos);
    }
    return best;
  }

  /** One thread's arrays and how far it has come in them. */
  private static final class Triad {
    private final float[] a;
    private final float[] b;
    private final float[] out;
    private int at;

    Triad(int size) {
      this.a = new float[size];
      this.b = new float[size];
      this.out = new float[size];
    }

    /** A few pieces; returns their bytes. */
    long run() {
      long elements = 0;
      for (int i = 0; i < PIECES; i++) {
        int count = Math.min(PIECE, out.length - at);
        PeakLanes.ACTIVE.triad(a, 0.5f, b, out, at, count);
        elements += count;
        at += count;
        if (at == out.length) {
          at = 0;
        }
      }
      return elements * TRIAD_BYTES;
    }
  }
}
