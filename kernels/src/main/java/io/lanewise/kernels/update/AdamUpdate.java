package io.lanewise.kernels.update;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * {@code m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2; w -= learningRate * (m
 * / (1 - beta1^step)) / (sqrt(v / (1 - beta2^step)) + eps)}, where {@code g = gradScale * grad + l2
 * * w + l1 * sign(w)} (Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm
 * 1, in the form of PyTorch's {@code torch.optim.Adam}).
 *
 * <p>One step of Adam, in place on value and the two moments.
 *
 * <p><b>Split:</b> slices of 32K values; each value depends on its own index alone.
 */
public final class AdamUpdate {
  private AdamUpdate() {}

  /**
   * Hyperparameters of one step.
   *
   * @param learningRate at least 0
   * @param beta1 share of the first moment that is kept, at least 0 and less than 1; PyTorch takes
   *     0.9
   * @param beta2 share of the second moment that is kept, at least 0 and less than 1; PyTorch takes
   *     0.999
   * @param eps keeps the divisor from 0, above 0; PyTorch takes 1e-8
   * @param step number of this step; the first is 1
   */
  public record Settings(double learningRate, double beta1, double beta2, double eps, long step) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public Settings {
      SettingsCheck.notNegative("adam", "learningRate", learningRate);
      SettingsCheck.decayRate("adam", "beta1", beta1);
      SettingsCheck.decayRate("adam", "beta2", beta2);
      SettingsCheck.positive("adam", "eps", eps);
      if (step < 1) {
        throw new IllegalArgumentException("adam: step is " + step + ", needs at least 1");
      }
    }

    /** The learning rate over the bias correction of the first moment. */
    double stepSize() {
      return learningRate / (1 - StrictMath.pow(beta1, step));
    }

    /** Factor that corrects the bias of the second moment's root. */
    double rootCorrection() {
      return 1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, step));
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
   * @param firstMoment {@code [size]}, running average of gradients, updated; starts as 0
   * @param secondMoment {@code [size]}, running average of squared gradients, updated; starts as 0
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
      float[] firstMoment,
      float[] secondMoment,
      Parallel parallel) {
    step(
        shape,
        settings,
        1,
        regularization,
        gradScale,
        grad,
        value,
        firstMoment,
        secondMoment,
        parallel);
  }

  /** The step that first shrinks the value to {@code keep} times itself. */
  static void step(
      FlatShape shape,
      Settings settings,
      float keep,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] firstMoment,
      float[] secondMoment,
      Parallel parallel) {
    Sizes.check(shape, "grad", grad, shape.size(), "size");
    Sizes.check(shape, "value", value, shape.size(), "size");
    Sizes.check(shape, "firstMoment", firstMoment, shape.size(), "size");
    Sizes.check(shape, "secondMoment", secondMoment, shape.size(), "size");
    Slices slices = UpdateLanes.slices(shape);
    parallel.forEach(
        slices.count(),
        i ->
            UpdateLanes.ACTIVE.adam(
                settings,
                keep,
                regularization,
                gradScale,
                grad,
                value,
                firstMoment,
                secondMoment,
                slices.start(i),
                slices.length(i)));
  }
}
