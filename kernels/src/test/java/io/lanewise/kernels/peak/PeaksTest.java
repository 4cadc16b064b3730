package io.lanewise.kernels.peak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.parallel.Parallel;
import org.junit.jupiter.api.Test;

/** What is measured of the machine is measured at all, and remembered. */
class PeaksTest {
  @Test
  void twoThreadsHandANumberOver() {
    try (Parallel two = Parallel.of(2)) {
      Peaks peaks = new Peaks(two);
      double nanos = peaks.handOver();
      assertTrue(nanos > 0 && nanos < 1e8, "" + nanos);
      assertEquals(nanos, peaks.handOver());
    }
  }

  /** Inside a loop, where the team is taken, the caller would wait for itself. */
  @Test
  void whereNobodyAnswersItEnds() {
    try (Parallel two = Parallel.of(2)) {
      double[] found = {1, 1};
      two.forEach(2, i -> found[i] = new Peaks(two).handOver());
      assertEquals(0, found[0]);
      assertEquals(0, found[1]);
    }
  }

  @Test
  void oneThreadHandsNothingOver() {
    assertEquals(0, new Peaks(Parallel.serial()).handOver());
  }
}
