package io.lanewise.kernels.update;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * {@code s = rho * s + (1 - rho) * g^2; d = sqrt(u + eps) / sqrt(s + eps) * g; u = rho * u + (1 -
 * rho) * d^2; w -= learningRate * d}, where {@code g = gradScale * grad + l2 * w + l1 * sign(w)}
 * (Zeiler, "ADADELTA: an adaptive learning rate method", 2012, algorithm 1, in the form of
 * PyTorch's {@code torch.optim.Adadelta}; ConvNetJS's has no learning rate, which is 1 here).
 *
 * <p>One step of Adadelta, in place on value and the two running averages.
 *
 * <p><b>Split:</b> slices of 32K values; each value depends on its own index alone.
 */
public final class AdadeltaUpdate {
  private AdadeltaUpdate() {}

  /**
   * Hyperparameters.
   *
   * @param learningRate factor of the step, at least 0; PyTorch takes 1
   * @param rho share of the averages that is kept, at least 0 and less than 1; PyTorch takes 0.9
   * @param eps keeps roots and divisor from 0, above 0; PyTorch takes 1e-6
   */
  public record Settings(double learningRate, double rho, double eps) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public Settings {
      SettingsCheck.notNegative("adadelta", "learningRate", learningRate);
      SettingsCheck.decayRate("adadelta", "rho", rho);
      SettingsCheck.positive("adadelta", "eps", eps);
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
   * @param deltaAverage {@code [size]}, running average of squared steps d, updated; starts as 0
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
      float[] deltaAverage,
      Parallel parallel) {
    Sizes.check(shape, "grad", grad, shape.size(), "size");
    Sizes.check(shape, "value", value, shape.size(), "size");
    Sizes.check(shape, "squareAverage", squareAverage, shape.size(), "size");
    Sizes.check(shape, "deltaAverage", deltaAverage, shape.size(), "size");
    Slices slices = UpdateLanes.slices(shape);
    parallel.forEach(
        slices.count(),
        i ->
            UpdateLanes.ACTIVE.adadelta(
                settings,
                regularization,
                gradScale,
                grad,
                value,
                squareAverage,
                deltaAverage,
                slices.start(i),
                slices.length(i)));
  }
}
