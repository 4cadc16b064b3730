package io.lanewise.engine.schedule;

/** The learning rate as a function of the step. */
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
}
