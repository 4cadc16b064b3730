package io.lanewise.engine.schedule;

import java.util.Arrays;

/**
 * The learning rate, or a factor on it, as a function of the step.
 *
 * <p>Positions in a run are shares of it, 0 to 1, so that a schedule fits runs of any length; a
 * position falls on the last whole step before it. {@link Schedules#parse} reads schedules from
 * text.
 */
public interface Schedule {
  /**
   * The rate of a step.
   *
   * @param step the step, from 0
   * @param steps steps in the whole run
   */
  double rate(long step, long steps);

  /** The same rate throughout. */
  static Schedule constant(double rate) {
    return (step, steps) -> rate;
  }

  /** This schedule with every rate multiplied by a number. */
  default Schedule times(double factor) {
    return (step, steps) -> factor * rate(step, steps);
  }

  /** 1 at first, multiplied by a factor at each of some positions. */
  static Schedule step(double factor, double... positions) {
    double[] sorted = positions.clone();
    Arrays.sort(sorted);
    return (step, steps) -> {
      double rate = 1;
      for (double position : sorted) {
        if (step >= wholeStep(position, steps)) {
          rate *= factor;
        }
      }
      return rate;
    };
  }

  /** From 1 down to {@code end}, by the same factor each step: {@code end^(step/steps)}. */
  static Schedule exponential(double end) {
    return (step, steps) -> StrictMath.pow(end, (double) step / steps);
  }

  /**
   * From 1 to {@code end} along half a period of the cosine (Loshchilov and Hutter, "SGDR", 2016).
   */
  static Schedule cosine(double end) {
    return (step, steps) -> end + (1 - end) * (1 + StrictMath.cos(Math.PI * step / steps)) / 2;
  }

  /** From 1 to {@code end} on a straight line. */
  static Schedule linear(double end) {
    return piecewise(new double[] {0, 1}, new double[] {1, end});
  }

  /**
   * From {@code start} up to 1 at a position, then down to {@code end}, both on straight lines
   * (after Smith and Topin, "Super-convergence", 2017).
   */
  static Schedule oneCycle(double peak, double start, double end) {
    return piecewise(new double[] {0, peak, 1}, new double[] {start, 1, end});
  }

  /**
   * Straight lines from point to point; before the first and behind the last the rate stays.
   *
   * @param positions shares of the run, 0 to 1, in rising order
   * @param rates the rate at each position
   */
  static Schedule piecewise(double[] positions, double[] rates) {
    return new Piecewise(positions, rates);
  }

  /** From 0 on a straight line to where another schedule is at a position, then that one. */
  static Schedule warmUp(double position, Schedule then) {
    return (step, steps) -> {
      long warm = wholeStep(position, steps);
      double rate = then.rate(step, steps);
      return step < warm ? rate * (step + 1) / (warm + 1) : rate;
    };
  }

  /** The last whole step before a position. */
  static long wholeStep(double position, long steps) {
    return (long) Math.floor(position * steps);
  }
}
