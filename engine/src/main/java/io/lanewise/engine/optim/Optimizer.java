package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Resumable;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.update.Regularization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes parameters against their gradients, after PyTorch's formulas.
 *
 * <p>Regularisation is coupled: {@code l1 * sign(w) + l2 * w} is added to the gradient, scaled per
 * parameter, so biases are left alone unless told otherwise. The state arrays are part of a
 * checkpoint: restored, the next step has the same bits as if the run had never stopped.
 */
public abstract class Optimizer implements Resumable {
  private static final ParameterGroup ALL = ParameterGroup.of("all", parameter -> true);

  private final List<Parameter> parameters;
  private final List<String> stateNames;
  private final List<FlatShape> shapes = new ArrayList<>();
  private final double l1;
  private final double l2;
  private final List<float[][]> state = new ArrayList<>();
  private final List<ParameterGroup> groups = new ArrayList<>();
  private double learningRate;
  private long steps;
  private long plannedSteps = 1;

  /**
   * An optimiser.
   *
   * @param parameters what to change
   * @param learningRate the first rate
   * @param l1 strength of L1 regularisation, added to the gradient as {@code l1 * sign(w)}
   * @param l2 strength of L2 regularisation, added to the gradient as {@code l2 * w}
   * @param stateNames the arrays kept for each parameter
   */
  protected Optimizer(
      List<Parameter> parameters, double learningRate, double l1, double l2, String... stateNames) {
    this.parameters = List.copyOf(parameters);
    this.stateNames = List.of(stateNames);
    this.learningRate = learningRate;
    this.l1 = l1;
    this.l2 = l2;
    for (Parameter parameter : parameters) {
      shapes.add(new FlatShape(parameter.size()));
      float[][] arrays = new float[stateNames.length][];
      for (int i = 0; i < arrays.length; i++) {
        arrays[i] = new float[parameter.size()];
      }
      state.add(arrays);
      groups.add(ALL);
    }
  }

  /**
   * Treats some parameters in ways of their own; a parameter belongs to the first group that wants
   * it.
   *
   * @throws IllegalArgumentException if a group has no parameter
   */
  public final void groups(List<ParameterGroup> wanted) {
    for (ParameterGroup group : wanted) {
      if (parameters.stream().noneMatch(group.members())) {
        throw new IllegalArgumentException(
            "parameter group " + group.name() + " has no member among " + parameters);
      }
    }
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      groups.set(
          i, wanted.stream().filter(g -> g.members().test(parameter)).findFirst().orElse(ALL));
    }
  }

  /** Says how many steps there will be, which the schedules of groups want to know. */
  public final void plannedSteps(long planned) {
    this.plannedSteps = planned;
  }

  /** One step on all parameters, from their gradients. */
  public final void step(Parallel parallel) {
    for (int i = 0; i < parameters.size(); i++) {
      ParameterGroup group = groups.get(i);
      if (group.learnsAt(steps)) {
        beginStep(learningRate * group.factor().rate(steps, plannedSteps), steps + 1);
        Parameter parameter = parameters.get(i);
        update(
            parameter,
            shapes.get(i),
            new Regularization(
                l1 * parameter.l1Scale(), group.l2().orElse(l2 * parameter.l2Scale())),
            state.get(i),
            parallel);
      }
    }
    steps++;
  }

  /** Called before a parameter is updated, to fix the settings. */
  protected abstract void beginStep(double rate, long step);

  /** Updates one parameter in place. */
  protected abstract void update(
      Parameter parameter,
      FlatShape shape,
      Regularization regularization,
      float[][] stateArrays,
      Parallel parallel);

  /** The rate of the next step. */
  public final double learningRate() {
    return learningRate;
  }

  /** Sets the rate of the steps to come. */
  public final void learningRate(double rate) {
    this.learningRate = rate;
  }

  @Override
  public final long steps() {
    return steps;
  }

  @Override
  public final void steps(long done) {
    this.steps = done;
  }

  /** The live state arrays by name, {@code conv1.weight/velocity}. */
  @Override
  public final Map<String, float[]> state() {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      for (int j = 0; j < stateNames.size(); j++) {
        arrays.put(parameters.get(i).name() + "/" + stateNames.get(j), state.get(i)[j]);
      }
    }
    return arrays;
  }
}
