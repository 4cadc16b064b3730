package io.lanewise.kernels.update;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * {@code v = momentum * v + g; w -= learningRate * v}, or with Nesterov's momentum {@code w -=
 * learningRate * (momentum * v + g)}, where {@code g = gradScale * grad + l2 * w + l1 * sign(w)}
 * (Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, in
 * the form of PyTorch's {@code torch.optim.SGD} with dampening 0).
 *
 * <p>One step of stochastic gradient descent, in place on value and velocity.
 *
 * <p><b>Split:</b> slices of 32K values; each value depends on its own index alone.
 */
public final class SgdUpdate {
  private SgdUpdate() {}

  /**
   * Hyperparameters.
   *
   * @param learningRate at least 0
   * @param momentum share of the velocity that is kept, at least 0 and less than 1; 0 needs no
   *     velocity
   * @param nesterov whether to look ahead by the momentum
   */
  public record Settings(double learningRate, double momentum, boolean nesterov) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of range, or Nesterov has no momentum
     */
    public Settings {
      SettingsCheck.notNegative("sgd", "learningRate", learningRate);
      SettingsCheck.decayRate("sgd", "momentum", momentum);
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("sgd: momentum is 0, nesterov needs it above 0");
      }
    }
  }

  /**
   * Updates value and velocity.
   *
   * @param shape number of values
   * @param settings hyperparameters
   * @param regularization coupled decay
   * @param gradScale factor of the gradient, 1 for none: averaging, clipping
   * @param grad {@code [size]}
   * @param value {@code [size]}, updated
   * @param velocity {@code [size]}, updated; starts as 0; not used and may be null if momentum is 0
   * @param parallel who runs the slices
   * @throws IllegalArgumentException if an array is too short
   */
  public static void step(
      FlatShape shape,
      Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] velocity,
      Parallel parallel) {
    Sizes.check(shape, "grad", grad, shape.size(), "size");
    Sizes.check(shape, "value", value, shape.size(), "size");
    if (settings.momentum() > 0) {
      Sizes.check(shape, "velocity", velocity, shape.size(), "size");
    }
    UpdateLanes lanes = UpdateLanes.ACTIVE;
    Slices slices = UpdateLanes.slices(shape);
    parallel.forEach(
        slices.count(),
        i -> {
          int at = slices.start(i);
          int count = slices.length(i);
          if (settings.momentum() == 0) {
            lanes.sgd(settings, regularization, gradScale, grad, value, at, count);
          } else if (settings.nesterov()) {
            lanes.nesterov(settings, regularization, gradScale, grad, value, velocity, at, count);
          } else {
            lanes.momentum(settings, regularization, gradScale, grad, value, velocity, at, count);
          }
        });
  }
}
