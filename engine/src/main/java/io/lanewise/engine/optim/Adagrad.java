package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.update.AdagradUpdate;
import io.lanewise.kernels.update.Regularization;
import java.util.List;

/** Adagrad: rates fall with the sum of squared gradients (Duchi et al., 2011). */
public final class Adagrad extends Optimizer {
  private final double eps;
  private AdagradUpdate.Settings settings;

  /**
   * The optimiser.
   *
   * @param parameters what to change
   * @param learningRate the first rate
   * @param eps keeps the divisor above 0, for example 1e-10
   * @param l1 L1 strength, 0 for none
   * @param l2 L2 strength, 0 for none
   */
  public Adagrad(
      List<Parameter> parameters, double learningRate, double eps, double l1, double l2) {
    super(parameters, learningRate, l1, l2, "squareSum");
    this.eps = eps;
    beginStep(learningRate, 1);
  }

  @Override
  protected void beginStep(double rate, long step) {
    settings = new AdagradUpdate.Settings(rate, eps);
  }

  @Override
  protected void update(
      Parameter parameter,
      FlatShape shape,
      Regularization regularization,
      float[][] stateArrays,
      Parallel parallel) {
    AdagradUpdate.step(
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
