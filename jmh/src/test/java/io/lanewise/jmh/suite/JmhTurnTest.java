package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/** Who waits for another JMH, and who does not. */
class JmhTurnTest {
  private static final String BUSY =
      "ERROR: Another JMH instance might be running. Unable to acquire the JMH lock";

  private int tries;

  private Collection<RunResult> failing(String message, int times) throws RunnerException {
    if (tries++ < times) {
      throw new RunnerException(message);
    }
    return List.of();
  }

  @Test
  void anotherIsWaitedFor() throws RunnerException {
    assertEquals(List.of(), JmhTurn.run(() -> failing(BUSY, 3), 0));
    assertEquals(4, tries);
  }

  @Test
  void aFailureIsNotTriedAgain() {
    assertThrows(RunnerException.class, () -> JmhTurn.run(() -> failing("wrong answer", 1), 0));
    assertThrows(RunnerException.class, () -> JmhTurn.run(() -> failing(null, 9), 0));
    assertEquals(2, tries);
  }

  @Test
  void whoDoesNotEndIsNotWaitedForForEver() {
    Exception error =
        assertThrows(
            RunnerException.class, () -> JmhTurn.run(() -> failing(BUSY, Integer.MAX_VALUE), 0));
    assertEquals(BUSY, error.getMessage());
  }
}
