package io.lanewise.jmh.suite;

/**
 * How long a fork takes: until compilers rest, iterations before those that count, and those.
 *
 * @param settleMillis how long its JVM may take until its compilers rest
 * @param warmUps iterations that do not count
 * @param warmUpMillis length of each
 * @param iterations iterations that count
 * @param millis length of each
 * @param freshMillis how long a fresh JVM is watched while it warms up
 */
public record Timing(
    int settleMillis, int warmUps, int warmUpMillis, int iterations, int millis, int freshMillis) {
  /** A JVM's start, the check of its answer, and its end, on 2 cores of an EPYC (Zen 4). */
  private static final double OVERHEAD_SECONDS = 1.5;

  /** The part of the time to settle that is needed on average, there. */
  private static final double SETTLED = 0.25;

  /** Counting the arrays that a call makes, where forks settle, there. */
  private static final double COUNT_SECONDS = 0.5;

  /** About how long a fork takes. */
  public double forkSeconds() {
    return OVERHEAD_SECONDS
        + (settleMillis > 0 ? COUNT_SECONDS : 0)
        + (SETTLED * settleMillis + warmUps * warmUpMillis + iterations * millis) / 1e3;
  }
}
