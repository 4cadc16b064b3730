package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.update.Regularization;
import io.lanewise.kernels.update.RmspropUpdate;
import java.util.List;

/** RMSprop: divides by a running root mean square (Hinton, 2012). */
public final class Rmsprop extends Optimizer {
  private final double alpha;
  private final double eps;
  private final double momentum;
  private RmspropUpdate.Settings settings;

  /**
   * The optimiser.
   *
   * @param parameters what to change
   * @param learningRate the first rate
   * @param alpha decay of the running average, for example 0.99
   * @param eps keeps the divisor above 0, for example 1e-8
   * @param momentum share of the last step that is kept, 0 for none
   * @param l1 L1 strength, 0 for none
   * @param l2 L2 strength, 0 for none
   */
  public Rmsprop(
      List<Parameter> parameters,
      double learningRate,
      double alpha,
      double eps,
      double momentum,
      double l1,
      double l2) {
    super(parameters, learningRate, l1, l2, "squareAverage", "velocity");
    this.alpha = alpha;
    this.eps = eps;
    this.momentum = momentum;
    beginStep(learningRate, 1);
  }

  @Override
  protected void beginStep(double rate, long step) {
    settings = new RmspropUpdate.Settings(rate, alpha, eps, momentum);
  }

  @Override
  protected void update(
      Parameter parameter,
      FlatShape shape,
      Regularization regularization,
      float[][] stateArrays,
      Parallel parallel) {
    RmspropUpdate.step(
        shape,
        settings,
        regularization,
        1,
        parameter.grad(),
        parameter.value(),
        stateArrays[0],
        stateArrays[1],
        parallel);
  }
}
