package io.lanewise.kernels.update;

/**
 * Coupled weight decay: {@code l2 * w + l1 * sign(w)}, with {@code sign(0) = 0}, is added to the
 * gradient of each value w before the optimizer sees it, as PyTorch's {@code weight_decay} does for
 * l2. It is the gradient of {@code l2 / 2 * w^2 + l1 * |w|}.
 *
 * @param l1 factor of the sign, at least 0
 * @param l2 factor of the value, at least 0
 */
public record Regularization(double l1, double l2) {
  /** No decay, as for biases. */
  public static final Regularization NONE = new Regularization(0, 0);

  /**
   * Checks the factors.
   *
   * @throws IllegalArgumentException if one is negative or not finite
   */
  public Regularization {
    SettingsCheck.notNegative("regularization", "l1", l1);
    SettingsCheck.notNegative("regularization", "l2", l2);
  }
}
