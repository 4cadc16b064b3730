package io.lanewise.jmh.suite;

import io.lanewise.kernels.parallel.Parallel;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a number takes from one thread to another that waits for it: two threads pass it to and
 * fro. Cores that share a cache pass it in tens of nanoseconds; others, or a virtual machine whose
 * host has moved one of them away, in hundreds. It bounds what small layers can gain from threads.
 */
public final class HandOver {
  private static final int ROUNDS = 15;
  private static final int THERE_AND_BACK = 2000;

  /** Where both threads share one processor, a round ends before it is through. */
  private static final long ROUND_NANOS = 20_000_000;

  /** So long without an answer, there is nobody who could give one. */
  private static final long PATIENCE_NANOS = 500_000_000;

  /** Turns of a waiting loop between two looks at the clock. */
  private static final int TURNS = 1 << 12;

  private static final int OVER = -1;

  private final AtomicInteger ball = new AtomicInteger();
  private double median;

  private HandOver() {}

  /**
   * The median of 15 rounds of up to 4000 passes, in nanoseconds a pass; 0 for one thread, or if no
   * second one came.
   */
  public static double nanos(Parallel parallel) {
    if (parallel.threads() == 1) {
      return 0;
    }
    HandOver game = new HandOver();
    parallel.forEach(
        2,
        side -> {
          if (side == 0) {
            game.play();
          } else {
            game.answer();
          }
        });
    return game.median;
  }

  /** What the end of a line says of such a time: nothing of 0. */
  public static String text(double nanos) {
    return nanos == 0 ? "" : String.format(Locale.ROOT, ", hand-over %.0f ns", nanos);
  }

  private void play() {
    double[] rounds = new double[ROUNDS];
    boolean alone = false;
    for (int i = 0; i < ROUNDS && !alone; i++) {
      rounds[i] = round();
      alone = rounds[i] == 0;
    }
    ball.set(OVER);
    Arrays.sort(rounds);
    median = alone ? 0 : rounds[ROUNDS / 2];
  }

  /** Makes each odd number even, until it is over. */
  private void answer() {
    for (int now = ball.get(); now != OVER; now = ball.get()) {
      if (now % 2 == 1) {
        // Not if it is over meanwhile.
        ball.compareAndSet(now, now + 1);
      }
    }
  }

  /** Nanoseconds a pass, or 0 if there was no answer. */
  private double round() {
    long start = System.nanoTime();
    long nanos = 0;
    int done = 0;
    while (done < THERE_AND_BACK && nanos < ROUND_NANOS) {
      int next = ball.get() + 1;
      ball.set(next);
      for (int turn = 1; ball.get() == next; turn++) {
        if (turn % TURNS == 0 && System.nanoTime() - start > PATIENCE_NANOS) {
          return 0;
        }
      }
      done++;
      nanos = System.nanoTime() - start;
    }
    return (double) nanos / (2 * done);
  }
}
