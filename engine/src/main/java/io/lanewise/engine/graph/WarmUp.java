package io.lanewise.engine.graph;

import java.time.Duration;

/**
 * Repeats work until it does not get faster any more, so that Java compiles it before it counts.
 *
 * <p>Work runs in rounds of a fifth of a second; it ends when the fastest run of the last {@value
 * #CALM} rounds is less than 3 % faster than all runs before, or at the limit.
 */
public final class WarmUp {
  private static final long ROUND_NANOS = 200_000_000;
  private static final int CALM = 4;
  private static final double FASTER = 0.97;

  private WarmUp() {}

  /**
   * How a warm-up went.
   *
   * @param took how long it took
   * @param runs how often the work was run
   * @param steady whether it ended because runs did not get faster any more, not at the limit
   */
  public record Outcome(Duration took, int runs, boolean steady) {}

  /**
   * Repeats work, at least once.
   *
   * @param work what will be wanted fast
   * @param limit no run begins after it
   * @return how long it took
   * @throws IllegalArgumentException if the limit is not above zero
   */
  public static Duration repeat(Runnable work, Duration limit) {
    return repeat(work, limit, CALM).took();
  }

  /**
   * Repeats work, at least once, until so many rounds in a row were calm: what is to be measured to
   * a few percent wants more of them than what is only to answer soon.
   *
   * @param work what will be wanted fast
   * @param limit no run begins after it
   * @param calmRounds rounds of at least a fifth of a second, none of them 3 % faster than all
   *     before
   * @throws IllegalArgumentException if the limit is not above zero
   */
  public static Outcome repeat(Runnable work, Duration limit, int calmRounds) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("warm-up limit is " + limit + ", needs more than 0");
    }
    long start = System.nanoTime();
    long end = start + limit.toNanos();
    long best = Long.MAX_VALUE;
    long now = start;
    int runs = 0;
    int calm = 0;
    while (calm < calmRounds && now < end) {
      long roundEnd = Math.min(end, now + ROUND_NANOS);
      long fastest = Long.MAX_VALUE;
      do {
        work.run();
        long after = System.nanoTime();
        fastest = Math.min(fastest, after - now);
        now = after;
        runs++;
      } while (now < roundEnd);
      calm++;
      if (fastest < FASTER * best) {
        best = fastest;
        calm = 0;
      }
    }
    return new Outcome(Duration.ofNanos(now - start), runs, calm >= calmRounds);
  }
}
