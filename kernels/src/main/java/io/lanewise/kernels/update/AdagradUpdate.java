package io.lanewise.kernels.update;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * {@code s += g^2; w -= learningRate * g / (sqrt(s) + eps)}, where {@code g = gradScale * grad + l2
 * * w + l1 * sign(w)} (Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011, in the form
 * of PyTorch's {@code torch.optim.Adagrad} with learning rate decay 0).
 *
 * <p>One step of Adagrad, in place on value and sum of squares.
 *
 * <p><b>Split:</b> slices of 32K values; each value depends on its own index alone.
 */
public final class AdagradUpdate {
  private AdagradUpdate() {}

  /**
   * Hyperparameters.
   *
   * @param learningRate at least 0
   * @param eps keeps the divisor from 0, above 0; PyTorch takes 1e-10
   */
  public record Settings(double learningRate, double eps) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public Settings {
      SettingsCheck.notNegative("adagrad", "learningRate", learningRate);
      SettingsCheck.positive("adagrad", "eps", eps);
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
   * @param squareSum {@code [size]}, sum of squared gradients, updated; starts as 0 or any other
   *     initial value
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
      float[] squareSum,
      Parallel parallel) {
    Sizes.check(shape, "grad", grad, shape.size(), "size");
    Sizes.check(shape, "value", value, shape.size(), "size");
    Sizes.check(shape, "squareSum", squareSum, shape.size(), "size");
    Slices slices = UpdateLanes.slices(shape);
    parallel.forEach(
        slices.count(),
        i ->
            UpdateLanes.ACTIVE.adagrad(
                settings,
                regularization,
                gradScale,
                grad,
                value,
                squareSum,
                slices.start(i),
                slices.length(i)));
  }
}
