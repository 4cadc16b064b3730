package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.update.AdamUpdate;
import io.lanewise.kernels.update.AdamWUpdate;
import io.lanewise.kernels.update.Regularization;
import java.util.List;

/**
 * AdamW: Adam whose decay acts on the parameter itself, {@code w -= rate * decay * w}, not through
 * the gradient (Loshchilov and Hutter, 2019). The decay is scaled per parameter as L2 is, so biases
 * do not decay by default.
 */
public final class AdamW extends Optimizer {
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
   * @param decay strength of the decoupled weight decay, for example 0.01
   */
  public AdamW(
      List<Parameter> parameters,
      double learningRate,
      double beta1,
      double beta2,
      double eps,
      double l1,
      double decay) {
    super(parameters, learningRate, l1, decay, "mean", "meanSquare");
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
    AdamWUpdate.step(
        shape,
        new AdamWUpdate.Settings(settings, regularization.l2()),
        new Regularization(regularization.l1(), 0),
        1,
        parameter.grad(),
        parameter.value(),
        stateArrays[0],
        stateArrays[1],
        parallel);
  }
}
