package io.lanewise.kernels.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopTest {
  private final Loop loop = new Loop();
  private final List<Integer> taken = new ArrayList<>();

  @Test
  void aRunnerTakesItsShareThenTheEndsOfTheOthers() {
    loop.begin(10, 3, taken::add);
    loop.run(1);
    assertEquals(List.of(3, 4, 5, 9, 8, 7, 6, 2, 1, 0), taken);
  }

  @Test
  void runnersBeyondTheSharesTakePartInOne() {
    loop.begin(4, 2, taken::add);
    loop.run(3);
    assertEquals(List.of(2, 3, 1, 0), taken);
  }

  @Test
  void sharesOfManyIndicesDoNotOverflow() {
    int count = Integer.MAX_VALUE;
    IllegalStateException enough = new IllegalStateException();
    loop.begin(
        count,
        7,
        i -> {
          taken.add(i);
          throw enough;
        });
    loop.run(6);
    assertEquals(List.of((int) (count * 6L / 7)), taken);
    assertSame(enough, loop.end());
  }

  @Test
  void servesAnotherLoopAfterAFailure() {
    RuntimeException failure = new RuntimeException();
    loop.begin(
        3,
        1,
        i -> {
          throw failure;
        });
    loop.run(0);
    assertSame(failure, loop.end());
    loop.begin(3, 1, taken::add);
    loop.run(0);
    assertEquals(List.of(0, 1, 2), taken);
    assertNull(loop.end());
  }

  @Test
  void wrapsWhatABodyCannotDeclare() {
    IOException undeclared = new IOException();
    UndeclaredThrowableException thrown =
        assertThrows(UndeclaredThrowableException.class, () -> Loop.rethrow(undeclared));
    assertSame(undeclared, thrown.getCause());
  }
}
