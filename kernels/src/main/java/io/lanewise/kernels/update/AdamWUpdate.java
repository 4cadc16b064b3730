package io.lanewise.kernels.update;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;

/**
 * {@code w *= 1 - learningRate * weightDecay}, then the step of {@link AdamUpdate} with a gradient
 * from the value before (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019,
 * algorithm 2, in the form of PyTorch's {@code torch.optim.AdamW}).
 *
 * <p>One step of Adam with decoupled weight decay, in place on value and the two moments.
 *
 * <p><b>Split:</b> slices of 32K values; each value depends on its own index alone.
 */
public final class AdamWUpdate {
  private AdamWUpdate() {}

  /**
   * Hyperparameters of one step.
   *
   * @param adam those it shares with Adam
   * @param weightDecay decoupled decay, which the moments do not see, at least 0; PyTorch takes
   *     0.01
   */
  public record Settings(AdamUpdate.Settings adam, double weightDecay) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the decay is negative or not finite
     */
    public Settings {
      SettingsCheck.notNegative("adamw", "weightDecay", weightDecay);
    }
  }

  /**
   * Updates value and state.
   *
   * @param shape number of values
   * @param settings hyperparameters
   * @param regularization coupled decay, besides the decoupled one; usually {@link
   *     Regularization#NONE}
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
    float keep = (float) (1 - settings.adam().learningRate() * settings.weightDecay());
    AdamUpdate.step(
        shape,
        settings.adam(),
        keep,
        regularization,
        gradScale,
        grad,
        value,
        firstMoment,
        secondMoment,
        parallel);
  }
}
