package io.lanewise.engine.optim;

import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.tensor.Parameter;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * Parameters that an {@link Optimizer} treats in a way of their own.
 *
 * <pre>{@code
 * ParameterGroup.of("biases", p -> p.name().endsWith(".bias")).rateFactor(64).decay(2.08e-5)
 * }</pre>
 *
 * @param name what errors call it
 * @param members which parameters
 * @param factor factor on the optimiser's rate, step by step
 * @param l2 strength of L2 regularisation instead of the optimiser's, if given
 * @param fromStep the first step, from 0, that changes the parameters
 * @param untilStep the first step that does not any more
 */
public record ParameterGroup(
    String name,
    Predicate<Parameter> members,
    Schedule factor,
    OptionalDouble l2,
    long fromStep,
    long untilStep) {
  /** A group that is treated as all others are, until told otherwise. */
  public static ParameterGroup of(String name, Predicate<Parameter> members) {
    return new ParameterGroup(
        name, members, Schedule.constant(1), OptionalDouble.empty(), 0, Long.MAX_VALUE);
  }

  /** The same with a constant factor on the rate. */
  public ParameterGroup rateFactor(double constant) {
    return rateFactor(Schedule.constant(constant));
  }

  /** The same with a factor on the rate that changes from step to step. */
  public ParameterGroup rateFactor(Schedule schedule) {
    return new ParameterGroup(name, members, schedule, l2, fromStep, untilStep);
  }

  /** The same with an L2 strength of its own, for biases too. */
  public ParameterGroup decay(double strength) {
    return new ParameterGroup(
        name, members, factor, OptionalDouble.of(strength), fromStep, untilStep);
  }

  /** The same, frozen until a step. */
  public ParameterGroup frozenUntil(long step) {
    return new ParameterGroup(name, members, factor, l2, step, untilStep);
  }

  /** The same, frozen from a step on; 0 freezes for good. */
  public ParameterGroup frozenFrom(long step) {
    return new ParameterGroup(name, members, factor, l2, fromStep, step);
  }

  /** Whether a step, from 0, changes these parameters. */
  boolean learnsAt(long step) {
    return step >= fromStep && step < untilStep;
  }
}
