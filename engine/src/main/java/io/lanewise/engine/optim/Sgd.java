package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.update.Regularization;
import io.lanewise.kernels.update.SgdUpdate;
import java.util.List;

/** Stochastic gradient descent, with momentum and Nesterov momentum as options. */
public final class Sgd extends Optimizer {
  private final double momentum;
  private final boolean nesterov;
  private SgdUpdate.Settings settings;

  /**
   * Plain gradient descent, {@code w -= learningRate * gradient}.
   *
   * @param parameters what to change
   * @param learningRate the first rate
   */
  public Sgd(List<Parameter> parameters, double learningRate) {
    this(parameters, learningRate, 0, false, 0, 0);
  }

  /**
   * The optimiser.
   *
   * @param parameters what to change
   * @param learningRate the first rate
   * @param momentum share of the last step that is kept, 0 for none
   * @param nesterov whether the gradient is taken ahead, along the momentum
   * @param l1 L1 strength, 0 for none
   * @param l2 L2 strength, 0 for none
   */
  public Sgd(
      List<Parameter> parameters,
      double learningRate,
      double momentum,
      boolean nesterov,
      double l1,
      double l2) {
    super(parameters, learningRate, l1, l2, "velocity");
    this.momentum = momentum;
    this.nesterov = nesterov;
    beginStep(learningRate, 1);
  }

  @Override
  protected void beginStep(double rate, long step) {
    settings = new SgdUpdate.Settings(rate, momentum, nesterov);
  }

  @Override
  protected void update(
      Parameter parameter,
      FlatShape shape,
      Regularization regularization,
      float[][] stateArrays,
      Parallel parallel) {
    SgdUpdate.step(
        shape,
        settings,
        regularization,
        1,
        parameter.grad(),
        parameter.value(),
        stateArrays[0],
        parallel);
  }
}
