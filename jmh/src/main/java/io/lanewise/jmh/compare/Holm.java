package io.lanewise.jmh.compare;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's correction for many tests at once: where nothing differs anywhere, the probability that
 * any adjusted p-value is below alpha is at most alpha, however the tests hang together.
 *
 * <p>Source: Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979.
 */
final class Holm {
  private Holm() {}

  /** Adjusted p-values, in the order of those given. */
  static double[] adjust(double[] p) {
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[p.length];
    double most = 0;
    for (int rank = 0; rank < order.length; rank++) {
      most = Math.max(most, Math.min(1, (p.length - rank) * p[order[rank]]));
      adjusted[order[rank]] = most;
    }
    return adjusted;
  }
}
