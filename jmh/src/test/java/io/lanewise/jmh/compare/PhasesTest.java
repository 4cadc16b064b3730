package io.lanewise.jmh.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.jmh.suite.Ceilings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Passes whose threads were further apart than others, or did less, are named. */
class PhasesTest {
  @Test
  void slowHandOversAreNamed() {
    List<String> remarks =
        Phases.remarks(List.of(handOver(36), handOver(0)), List.of(handOver(171)));
    assertEquals(1, remarks.size(), remarks.toString());
    assertTrue(remarks.get(0).contains("took 36 ns in one pass and 171 in another"));
  }

  @Test
  void processorsOnOneCoreAreNamed() {
    List<String> remarks =
        Phases.remarks(List.of(), List.of(rate(2, 232), rate(2, 117), rate(1, 117)));
    assertEquals(1, remarks.size(), remarks.toString());
    assertTrue(
        remarks.get(0).startsWith("2 threads of the candidate did 117 GFLOP/s"), remarks.get(0));
    assertTrue(remarks.get(0).contains("and 232 in another"), remarks.get(0));
  }

  @Test
  void noiseAndOtherNumbersOfThreadsAreNot() {
    assertEquals(List.of(), Phases.remarks(List.of(handOver(36), handOver(60)), List.of()));
    assertEquals(List.of(), Phases.remarks(List.of(handOver(0), handOver(0)), List.of()));
    assertEquals(List.of(), Phases.remarks(List.of(rate(2, 232), rate(2, 210)), List.of()));
    assertEquals(List.of(), Phases.remarks(List.of(rate(1, 117), rate(2, 232)), List.of()));
    assertEquals(List.of(), Phases.remarks(List.of(rate(1, 117), rate(1, 60)), List.of()));
  }

  @Test
  void sidesOfOtherLanesAreNoPhases() {
    assertEquals(List.of(), Phases.remarks(List.of(rate(2, 232)), List.of(rate(2, 9))));
  }

  private static Ceilings handOver(double nanos) {
    return new Ceilings(0, 2, 1, 1, 1, 1, 1, nanos);
  }

  private static Ceilings rate(int threads, double fma) {
    return new Ceilings(0, threads, fma, 1, 1, 1, 1, 0);
  }
}
