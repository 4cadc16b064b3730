package io.lanewise.jmh.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.jmh.suite.Ceilings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Passes whose threads were further apart than others are named. */
class HandOversTest {
  @Test
  void phasesAreNamed() {
    String remark = HandOvers.remark(List.of(pass(36), pass(0), pass(171))).orElseThrow();
    assertTrue(remark.contains("took 36 ns in one pass and 171 in another"), remark);
  }

  @Test
  void noiseAndWhatWasNotMeasuredAreNot() {
    assertEquals(Optional.empty(), HandOvers.remark(List.of(pass(36), pass(60))));
    assertEquals(Optional.empty(), HandOvers.remark(List.of(pass(0), pass(0))));
  }

  private static Ceilings pass(double handOver) {
    return new Ceilings(0, 2, 1, 1, 1, 1, 1, handOver);
  }
}
