package io.lanewise.kernels.update;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * {@code s = alpha * s + (1 - alpha) * g^2; v = momentum * v + g / (sqrt(s) + eps); w -=
 * learningRate * v}, where {@code g = gradScale * grad + l2 * w + l1 * sign(w)} (Tieleman and
 * Hinton, "Neural networks for machine learning", lecture 6.5, 2012, in the form of PyTorch's
 * {@code torch.optim.RMSprop}, not centered).
 *
 * <p>One step of RMSprop, in place on value, running average and velocity.
 *
 * <p><b>Split:</b> slices of 32K values; each value depends on its own index alone.
 */
public final class RmspropUpdate {
  private RmspropUpdate() {}

  /**
   * Hyperparameters.
   *
   * @param learningRate at least 0
   * @param alpha share of the average that is kept, at least 0 and less than 1; PyTorch takes 0.99
   * @param eps keeps the divisor from 0, above 0; PyTorch takes 1e-8
   * @param momentum share of the velocity that is kept, at least 0 and less than 1; 0 needs no
   *     velocity
   */
  public record Settings(double learningRate, double alpha, double eps, double momentum) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public Settings {
      SettingsCheck.notNegative("rmsprop", "learningRate", learningRate);
      SettingsCheck.decayRate("rmsprop", "alpha", alpha);
      SettingsCheck.positive("rmsprop", "eps", eps);
      SettingsCheck.decayRate("rmsprop", "momentum", momentum);
    }
  }

  /**
   * Updates value and state.
   *
   * @param shape number of values
   * @param settings hyperparameters
   * @param regularization coupled decay
   * @param gradScale factor of the gradient, 1 for none: averaging, clipping
   * @param grad {@code [size]}
   * @param value {@code [size]}, updated
   * @param squareAverage {@code [size]}, running average of squared gradients, updated; starts as 0
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
      float[] squareAverage,
      float[] velocity,
      Parallel parallel) {
    Sizes.check(shape, "grad", grad, shape.size(), "size");
    Sizes.check(shape, "value", value, shape.size(), "size");
    Sizes.check(shape, "squareAverage", squareAverage, shape.size(), "size");
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
            lanes.rmsprop(
                settings, regularization, gradScale, grad, value, squareAverage, at, count);
          } else {
            lanes.rmspropMomentum(
                settings,
                regularization,
                gradScale,
                grad,
                value,
                squareAverage,
                velocity,
                at,
                count);
          }
        });
  }
}
