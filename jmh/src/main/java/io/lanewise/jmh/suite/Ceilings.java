package io.lanewise.jmh.suite;

import io.lanewise.jmh.Work;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.peak.Peaks;
import java.util.List;
import java.util.Locale;

/**
 * What the machine allowed in a pass over the rows.
 *
 * @param pass which pass
 * @param threads how many worked at once
 * @param fma multiply-adds, in GFLOP/s
 * @param l1 a triad in the first cache, in GB/s
 * @param l2 a triad in the second, in GB/s
 * @param l3 a triad beyond, in GB/s
 * @param memory a triad in memory, in GB/s
 * @param handOver how long a number takes from thread to thread, in nanoseconds; 0 for one thread
 *     or if not measured
 */
public record Ceilings(
    int pass,
    int threads,
    double fma,
    double l1,
    double l2,
    double l3,
    double memory,
    double handOver) {
  private static final long L1_BYTES = 1L << 14;
  private static final long L2_BYTES = 1L << 18;
  private static final long L3_BYTES = 1L << 22;

  /** Measures them, in about 1.5 s. */
  static Ceilings measure(int pass, int threads) {
    try (Parallel parallel = Parallel.of(threads)) {
      Peaks peaks = new Peaks(parallel);
      return new Ceilings(
          pass,
          threads,
          peaks.fma(),
          peaks.bandwidth(L1_BYTES * threads),
          peaks.bandwidth(L2_BYTES * threads),
          peaks.bandwidth(L3_BYTES * threads),
          peaks.bandwidth(Peaks.MEMORY_BYTES),
          HandOver.nanos(parallel));
    }
  }

  /** The best rates of all passes of some runs. */
  public static Ceilings best(List<Results> runs, int threads) {
    Ceilings best = new Ceilings(0, threads, 0, 0, 0, 0, 0, 0);
    for (Results run : runs) {
      for (List<Ceilings> passes : run.ceilings().values()) {
        for (Ceilings each : passes) {
          best = each.threads == threads ? best.most(each) : best;
        }
      }
    }
    return best;
  }

  private Ceilings most(Ceilings other) {
    return new Ceilings(
        pass,
        threads,
        Math.max(fma, other.fma),
        Math.max(l1, other.l1),
        Math.max(l2, other.l2),
        Math.max(l3, other.l3),
        Math.max(memory, other.memory),
        0);
  }

  /** In words. */
  String text() {
    return String.format(
        Locale.ROOT,
        "fma %.0f GFLOP/s, L1 %.0f, L2 %.0f, L3 %.0f, memory %.1f GB/s%s",
        fma,
        l1,
        l2,
        l3,
        memory,
        HandOver.text(handOver));
  }

  /** The bandwidth where arrays of this size are kept. */
  double bandwidth(long footprint) {
    long each = footprint / threads;
    if (each <= 2 * L1_BYTES) {
      return l1;
    }
    if (each <= 2 * L2_BYTES) {
      return l2;
    }
    return each <= 2 * L3_BYTES ? l3 : memory;
  }

  /** The share of what the machine allows that a call of so many microseconds reached. */
  double fraction(Work work, double micros) {
    double flopNanos = work.flops() / fma;
    double byteNanos = work.bytes() / bandwidth(work.footprint());
    return Math.max(flopNanos, byteNanos) / (1000 * micros);
  }
}
