package io.lanewise.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often a call is made until compilers rest. */
class SettlingTest {
  private static final int CALL_MILLIS = 20;

  private int calls;
  private long first;
  private long last;

  /** Takes its time. */
  public void call() throws InterruptedException {
    Thread.sleep(CALL_MILLIS);
    last = System.nanoTime();
    first = calls++ == 0 ? last : first;
  }

  @AfterEach
  void forget() {
    System.clearProperty(Settling.LIMIT);
  }

  private void settle() throws ReflectiveOperationException {
    Settling.run(new BenchmarkCall(this, "io.lanewise.Some.call"));
  }

  @Test
  void withoutALimitNothingIsCalled() throws ReflectiveOperationException {
    settle();
    assertEquals(0, calls);
  }

  /** Of a minute that it might take. */
  @Test
  void callsGoOnUntilCompilersHaveRested() throws ReflectiveOperationException {
    System.setProperty(Settling.LIMIT, "60000");
    settle();
    long millis = (last - first) / 1_000_000;
    assertTrue(millis >= 400 && millis < 60_000, "settled after " + millis + " ms");
  }

  @Test
  void theLimitEndsIt() throws ReflectiveOperationException {
    System.setProperty(Settling.LIMIT, "100");
    settle();
    assertTrue(calls >= 1 && calls <= 100 / CALL_MILLIS, "calls: " + calls);
  }
}
