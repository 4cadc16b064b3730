package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.update.Regularization;
import io.lanewise.kernels.update.SgdUpdate;
import java.util.List;

/**
 * Muon for the filters of convolutions, SGD with Nesterov momentum for everything else (Jordan,
 * "Muon: an optimizer for hidden layers in neural networks", 2024).
 *
 * <p>Filters {@code [kh, kw, c, oc]} are taken as a matrix with a column for each of the oc
 * filters. Its momentum step is made nearly orthogonal ({@link NewtonSchulz}), so that every
 * direction in the space of filters is learned at the same speed; before each step the filters are
 * scaled to norm {@code sqrt(oc)}, which takes the place of weight decay:
 *
 * <pre>
 * v = momentum * v + g
 * w = w * sqrt(oc) / |w| - rate * orthogonal(g + momentum * v)
 * </pre>
 *
 * <p>Nets that are trained so must not depend on the size of filters: each convolution is followed
 * by a normalisation. Other parameters need rates of another size: see {@link ParameterGroup}.
 */
public final class Muon extends Optimizer {
  private static final int ROUNDS = 3;

  private final double momentum;
  private final double othersMomentum;
  private final NewtonSchulz newtonSchulz = new NewtonSchulz(ROUNDS);
  private final float[] ahead;
  private Workspace workspace;
  private double rate;
  private SgdUpdate.Settings others;

  /**
   * The optimiser.
   *
   * @param parameters what to change
   * @param learningRate the first rate
   * @param momentum share of the last step of filters that is kept, for example 0.6
   * @param othersMomentum the same for all other parameters, for example 0.85
   * @param l1 L1 strength for the others, 0 for none
   * @param l2 L2 strength for the others, 0 for none
   */
  public Muon(
      List<Parameter> parameters,
      double learningRate,
      double momentum,
      double othersMomentum,
      double l1,
      double l2) {
    super(parameters, learningRate, l1, l2, "velocity");
    this.momentum = momentum;
    this.othersMomentum = othersMomentum;
    this.ahead =
        new float
            [parameters.stream().filter(Muon::isFilters).mapToInt(Parameter::size).max().orElse(0)];
    beginStep(learningRate, 1);
  }

  private static boolean isFilters(Parameter parameter) {
    return parameter.shape().rank() == 4;
  }

  @Override
  protected void beginStep(double rate, long step) {
    this.rate = rate;
    this.others = new SgdUpdate.Settings(rate, othersMomentum, true);
  }

  @Override
  protected void update(
      Parameter parameter,
      FlatShape shape,
      Regularization regularization,
      float[][] stateArrays,
      Parallel parallel) {
    float[] velocity = stateArrays[0];
    if (isFilters(parameter)) {
      updateFilters(parameter, velocity, parallel);
    } else {
      SgdUpdate.step(
          shape,
          others,
          regularization,
          1,
          parameter.grad(),
          parameter.value(),
          velocity,
          parallel);
    }
  }

  private void updateFilters(Parameter parameter, float[] velocity, Parallel parallel) {
    if (workspace == null) {
      workspace = new Workspace(parallel);
    }
    Shape shape = parameter.shape();
    int filters = shape.dim(3);
    int size = parameter.size();
    float[] grad = parameter.grad();
    float kept = (float) momentum;
    for (int i = 0; i < size; i++) {
      velocity[i] = kept * velocity[i] + grad[i];
      ahead[i] = grad[i] + kept * velocity[i];
    }
    newtonSchulz.orthogonalize(size / filters, filters, ahead, workspace, parallel);
    float[] value = parameter.value();
    double norm = NewtonSchulz.norm(size, value);
    float scale = norm == 0 ? 1 : (float) (Math.sqrt(filters) / norm);
    float step = (float) rate;
    for (int i = 0; i < size; i++) {
      value[i] = scale * value[i] - step * ahead[i];
    }
  }
}
