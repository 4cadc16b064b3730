package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.update.AdamUpdate;
import io.lanewise.kernels.update.Regularization;
import java.util.List;

/** Adam: running mean over running root mean square (Kingma and Ba, 2015), L2 coupled. */
public final class Adam extends Optimizer {
  private final double beta1;
  private final double beta2;
  private final double eps;
  private AdamUpdate.Settings settings;

  /**
   * The optimiser.
   *
   * @param parameters what to change
   * @param learningRate the first rate
   * @param beta1 decay of the mean, for example 0.9
   * @param beta2 decay of the mean square, for example 0.999
   * @param eps keeps the divisor above 0, for example 1e-8
   * @param l1 L1 strength, 0 for none
   * @param l2 L2 strength, 0 for none
   */
  public Adam(
      List<Parameter> parameters,
      double learningRate,
      double beta1,
      double beta2,
      double eps,
      double l1,
      double l2) {
    super(parameters, learningRate, l1, l2, "mean", "meanSquare");
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
    beginStep(learningRate, 1);
  }

  @Override
  protected void beginStep(double rate, long step) {
    settings = new AdamUpdate.Settings(rate, beta1, beta2, eps, step);
  }

  @Override
  protected void update(
      Parameter parameter,
      FlatShape shape,
      Regularization regularization,
      float[][] stateArrays,
      Parallel parallel) {
    AdamUpdate.step(
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
