package io.lanewise.jmh.compare;

import java.util.Arrays;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * The rank test of Mann, Whitney and Wilcoxon, by Apache Commons Statistics, of two sets of times,
 * and the estimate and interval of Hodges and Lehmann that belong to it. It assumes no distribution
 * and one wild fork changes one rank. All of it is on logarithms, so a difference is a ratio.
 *
 * <p>Source: Hodges and Lehmann, Estimates of Location Based on Rank Tests, 1963; Hollander and
 * Wolfe, Nonparametric Statistical Methods, chapter 4.
 */
final class RankTest {
  /** Up to so many samples on both sides the p-value is exact. */
  private static final int EXACT = 60;

  private final double[] base;
  private final double[] candidate;
  private final double[] differences;

  /** The test of times in any unit, all above zero. */
  RankTest(double[] base, double[] candidate) {
    if (base.length == 0 || candidate.length == 0) {
      throw new IllegalArgumentException(
          "a rank test of " + base.length + " and " + candidate.length + ", needs 1 at least");
    }
    this.base = logs(base);
    this.candidate = logs(candidate);
    this.differences = new double[base.length * candidate.length];
    int at = 0;
    for (double b : this.base) {
      for (double c : this.candidate) {
        differences[at++] = c - b;
      }
    }
    Arrays.sort(differences);
  }

  private static double[] logs(double[] times) {
    for (double time : times) {
      if (!(time > 0 && time < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a time is " + time + ", needs more than 0");
      }
    }
    return Arrays.stream(times).map(Math::log).toArray();
  }

  /** How probable ranks as far apart are where nothing differs; two-sided. */
  double p() {
    return p(0);
  }

  /** The p-value after the candidate's logarithms are lessened by a shift. */
  private double p(double shift) {
    double[] shifted = Arrays.stream(candidate).map(value -> value - shift).toArray();
    if (same(base[0], base) && same(base[0], shifted)) {
      return 1; // Ranks that are all tied have no variance.
    }
    boolean exact = base.length + candidate.length <= EXACT && distinct(shifted);
    return MannWhitneyUTest.withDefaults()
        .with(AlternativeHypothesis.TWO_SIDED)
        .with(exact ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC)
        .test(base, shifted)
        .getPValue();
  }

  private static boolean same(double one, double[] all) {
    return Arrays.stream(all).allMatch(each -> each == one);
  }

  private boolean distinct(double[] shifted) {
    return Arrays.stream(base).noneMatch(b -> Arrays.stream(shifted).anyMatch(c -> b == c));
  }

  /** The candidate's time by the base's: the median of all pairs. */
  double ratio() {
    int middle = differences.length / 2;
    double median =
        differences.length % 2 == 1
            ? differences[middle]
            : (differences[middle - 1] + differences[middle]) / 2;
    return Math.exp(median);
  }

  /**
   * The interval of ratios that the test does not reject.
   *
   * @param alpha the error allowed, 0.05 for an interval of 95 %
   * @return its ends; 0 and infinity where there are too few samples to reject anything
   */
  double[] interval(double alpha) {
    int last = differences.length - 1;
    int trim = 0;
    // A shift just within the pair of this rank is not rejected: found by halves, as p only grows.
    int low = 0;
    int high = last / 2;
    if (p(differences[0] - 1) > alpha) {
      return new double[] {0, Double.POSITIVE_INFINITY};
    }
    while (low <= high) {
      int at = (low + high) / 2;
      if (p(between(at)) > alpha) {
        trim = at;
        high = at - 1;
      } else {
        low = at + 1;
        trim = low;
      }
    }
    trim = Math.min(trim, last / 2);
    return new double[] {Math.exp(differences[trim]), Math.exp(differences[last - trim])};
  }

  /** A shift between the pairs of two neighbouring ranks. */
  private double between(int at) {
    return (differences[at] + differences[Math.min(at + 1, differences.length - 1)]) / 2;
  }

  /** The least p-value that so many samples can give: 2 in the number of ways to divide them. */
  static double leastP(int base, int candidate) {
    double ways = 1;
    for (int i = 1; i <= base; i++) {
      ways = ways * (candidate + i) / i;
    }
    return Math.min(1, 2 / ways);
  }
}
