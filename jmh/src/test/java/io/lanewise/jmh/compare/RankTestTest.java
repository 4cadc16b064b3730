package io.lanewise.jmh.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** The rank test against answers known from tables and by counting. */
class RankTestTest {
  private static double[] exp(double... logs) {
    return DoubleStream.of(logs).map(Math::exp).toArray();
  }

  /** All of 4 below all of 4: 2 of 70 divisions; one pair the wrong way: 4 of 70; and so on. */
  @Test
  void exactProbabilities() {
    double[] base = {1, 2, 3, 4};
    assertEquals(2.0 / 70, new RankTest(base, new double[] {5, 6, 7, 8}).p(), 1e-12);
    assertEquals(4.0 / 70, new RankTest(base, new double[] {3.5, 6, 7, 8}).p(), 1e-12);
    assertEquals(8.0 / 70, new RankTest(base, new double[] {2.5, 6, 7, 8}).p(), 1e-12);
    assertEquals(2.0 / 12870, RankTest.leastP(8, 8), 1e-15);
    assertEquals(2.0 / 70, RankTest.leastP(4, 4), 1e-15);
  }

  /** Two of each: no shift can be rejected at 5 %. */
  @Test
  void tooFewSamplesGiveNoInterval() {
    double[] interval = new RankTest(new double[] {1, 2}, new double[] {3, 4}).interval(0.05);
    assertArrayEquals(new double[] {0, Double.POSITIVE_INFINITY}, interval);
  }

  /**
   * R: {@code wilcox.test(c(11,13,17,19), c(1,2,4,8), conf.int=TRUE, conf.level=0.94)}: U of 0 and
   * 1 are rejected at 6 %, so that one pair is left out at each end.
   */
  @Test
  void estimateAndInterval() {
    RankTest test = new RankTest(exp(1, 2, 4, 8), exp(11, 13, 17, 19));
    // Pairs, sorted: 3 5 7 9 9 9 10 11 11 12 13 15 15 16 17 18.
    assertEquals(11, Math.log(test.ratio()), 1e-9);
    assertArrayEquals(new double[] {3, 18}, logs(test.interval(0.05)), 1e-9);
    assertArrayEquals(new double[] {5, 17}, logs(test.interval(0.06)), 1e-9);
    assertArrayEquals(new double[] {7, 16}, logs(test.interval(0.12)), 1e-9);
  }

  @Test
  void timesAreAboveZero() {
    for (double time : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] bad = {1, time};
      Exception error =
          assertThrows(
              IllegalArgumentException.class, () -> new RankTest(new double[] {1, 2}, bad));
      assertTrue(error.getMessage().contains("a time is " + time), error.getMessage());
    }
  }

  /** All the same, and twice the same: nothing is known, and nothing breaks. */
  @Test
  void timesThatAreEqual() {
    double[] ones = {1, 1, 1, 1};
    RankTest test = new RankTest(ones, ones);
    assertEquals(1, test.p(), 0);
    assertArrayEquals(new double[] {1, 1}, test.interval(0.05), 0);
  }

  private static double[] logs(double[] values) {
    return Arrays.stream(values).map(Math::log).toArray();
  }

  /**
   * An interval of 95 % covers the true ratio at least as often as it says, with wild forks too.
   */
  @Test
  void intervalsCover() {
    Random random = new Random(1);
    int covered = 0;
    int runs = 1000;
    for (int run = 0; run < runs; run++) {
      double[] base = random.doubles(8).map(u -> noise(random, u)).toArray();
      double[] candidate = random.doubles(8).map(u -> 1.07 * noise(random, u)).toArray();
      double[] interval = new RankTest(base, candidate).interval(0.05);
      covered += interval[0] <= 1.07 && 1.07 <= interval[1] ? 1 : 0;
    }
    assertTrue(covered > 0.94 * runs, covered + " of " + runs);
  }

  private static double noise(Random random, double u) {
    double wild = u < 0.1 ? 0.3 : 0;
    return Math.exp(0.02 * random.nextGaussian() + wild);
  }

  /** Holm by hand: 4 * .01, 3 * .02, 2 * .03, and what comes later is never less. */
  @Test
  void holm() {
    assertArrayEquals(
        new double[] {0.06, 0.04, 0.06, 0.5},
        Holm.adjust(new double[] {0.03, 0.01, 0.02, 0.5}),
        1e-12);
    assertArrayEquals(new double[] {1, 1}, Holm.adjust(new double[] {0.7, 0.9}), 0);
    assertEquals(0, Holm.adjust(new double[0]).length);
  }
}
