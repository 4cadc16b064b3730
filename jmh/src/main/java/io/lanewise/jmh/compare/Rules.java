package io.lanewise.jmh.compare;

/**
 * How a comparison decides.
 *
 * @param failOver the threshold, 0.05 for 5 %: a slower row whose ratio is above it is a
 *     regression, and an interval within it is the same
 * @param alpha the probability of any false verdict of slower or faster in a whole comparison
 * @param screen forks a side of each row at first
 * @param confirm fresh forks a side of what is not clear then, at each look
 * @param looks how often what is not clear is looked at
 */
public record Rules(double failOver, double alpha, int screen, int confirm, int looks) {
  /** The usual ones. */
  public static Rules of(double failOver) {
    return new Rules(failOver, 0.05, 4, 8, 2);
  }

  /** Whether an interval of ratios lies within the threshold. */
  boolean within(double[] interval) {
    return interval[0] > 1 / (1 + failOver) && interval[1] < 1 + failOver;
  }
}
