package io.lanewise.kernels.peak;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a number takes from one thread to another that waits for it: two threads pass it to and
 * fro. Cores that share a cache pass it in tens of nanoseconds; others, or a virtual machine whose
 * host has moved one of them away, in hundreds.
 */
final class HandOver {
  private static final int ROUNDS = 15;
  private static final int THERE_AND_BACK = 2000;

  /** Where both threads share one processor, a round ends before it is through. */
  private static final long ROUND_NANOS = 20_000_000;

  private static final int OVER = -1;

  private final AtomicInteger ball = new AtomicInteger();

  private HandOver() {}

  /** The median of 15 rounds of 4000 passes, in nanoseconds a pass. */
  static double nanos() {
    HandOver game = new HandOver();
    Thread partner = new Thread(game::answer, "lanewise-hand-over");
    partner.setDaemon(true);
    partner.start();
    double[] rounds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] = game.round();
    }
    game.ball.set(OVER);
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  /** Makes each odd number even, until it is over. */
  private void answer() {
    for (int now = ball.get(); now != OVER; now = ball.get()) {
      if (now % 2 == 1) {
        ball.set(now + 1);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private double round() {
    long start = System.nanoTime();
    long nanos = 0;
    int done = 0;
    while (done < THERE_AND_BACK && nanos < ROUND_NANOS) {
      int next = ball.get() + 1;
      ball.set(next);
      while (ball.get() == next) {
        Thread.onSpinWait();
      }
      done++;
      nanos = System.nanoTime() - start;
    }
    return (double) nanos / (2 * done);
  }
}
