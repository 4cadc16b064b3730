package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.update.AdadeltaUpdate;
import io.lanewise.kernels.update.Regularization;
import java.util.List;

/** Adadelta: steps in the units of the parameter (Zeiler, 2012). */
public final class Adadelta extends Optimizer {
  private final double rho;
  private final double eps;
  private AdadeltaUpdate.Settings settings;

  /**
   * The optimiser.
   *
   * @param parameters what to change
   * @param learningRate the first rate
   * @param rho decay of the running averages, for example 0.95
   * @param eps keeps roots above 0, for example 1e-6
   * @param l1 L1 strength, 0 for none
   * @param l2 L2 strength, 0 for none
   */
  public Adadelta(
      List<Parameter> parameters,
      double learningRate,
      double rho,
      double eps,
      double l1,
      double l2) {
    super(parameters, learningRate, l1, l2, "squareAverage", "deltaAverage");
    this.rho = rho;
    this.eps = eps;
    beginStep(learningRate, 1);
  }

  @Override
  protected void beginStep(double rate, long step) {
    settings = new AdadeltaUpdate.Settings(rate, rho, eps);
  }

  @Override
  protected void update(
      Parameter parameter,
      FlatShape shape,
      Regularization regularization,
      float[][] stateArrays,
      Parallel parallel) {
    AdadeltaUpdate.step(
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
