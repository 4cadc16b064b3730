package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.parallel.Parallel;
import org.junit.jupiter.api.Test;

/** Hand-overs are measured where there are two threads, and end where there are not. */
class HandOverTest {
  @Test
  void twoThreadsHandANumberOver() {
    try (Parallel two = Parallel.of(2)) {
      double nanos = HandOver.nanos(two);
      assertTrue(nanos > 0 && nanos < 1e8, "" + nanos);
    }
  }

  /** Inside a loop, where the team is taken, the caller would wait for itself. */
  @Test
  void whereNobodyAnswersItEnds() {
    try (Parallel two = Parallel.of(2)) {
      double[] found = {1, 1};
      two.forEach(2, i -> found[i] = HandOver.nanos(two));
      assertEquals(0, found[0]);
      assertEquals(0, found[1]);
    }
  }

  @Test
  void oneThreadHandsNothingOver() {
    assertEquals(0, HandOver.nanos(Parallel.serial()));
    assertEquals("", HandOver.text(0));
    assertEquals(", hand-over 36 ns", HandOver.text(36.2));
  }
}
