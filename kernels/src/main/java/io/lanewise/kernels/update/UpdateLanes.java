package io.lanewise.kernels.update;

import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.FlatShape;

/**
 * One pass of each optimizer over {@code count} values from index {@code at} on, the same index in
 * every array.
 *
 * <p>In all of them {@code g = l1 * sign(w) + (l2 * w + gradScale * grad)}. A state that decays
 * below the normal floats becomes 0: that of a value whose gradient stays 0 would come to rest at
 * some subnormal number, and each pass over such took 40 times as long (Xeon, AVX-512).
 *
 * <p>The twins {@link SimdUpdateLanes} and {@link ScalarUpdateLanes} give the same bits: the same
 * operations in the same order, fused in the same places; square root and division are correctly
 * rounded in both.
 */
interface UpdateLanes {
  /** The lanes of this process. */
  UpdateLanes ACTIVE =
      LanesProvider.choose(() -> new SimdUpdateLanes(), () -> new ScalarUpdateLanes());

  /** The cut of all passes: 32K floats of each array, 256 KB to 512 KB. */
  static Slices slices(FlatShape shape) {
    return new Slices(shape.size(), 1 << 15);
  }

  /** {@code w -= learningRate * g}. */
  void sgd(
      SgdUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      int at,
      int count);

  /** {@code v = momentum * v + g; w -= learningRate * v}. */
  void momentum(
      SgdUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] velocity,
      int at,
      int count);

  /** {@code v = momentum * v + g; w -= learningRate * (momentum * v + g)}. */
  void nesterov(
      SgdUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] velocity,
      int at,
      int count);

  /** {@code s += g * g; w -= learningRate * (g / (sqrt(s) + eps))}. */
  void adagrad(
      AdagradUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] squareSum,
      int at,
      int count);

  /**
   * {@code s = rho * s + ((1 - rho) * g) * g; d = sqrt(u + eps) / sqrt(s + eps) * g; u = rho * u +
   * ((1 - rho) * d) * d; w -= learningRate * d}.
   */
  void adadelta(
      AdadeltaUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] squareAverage,
      float[] deltaAverage,
      int at,
      int count);

  /** {@code s = alpha * s + ((1 - alpha) * g) * g; w -= learningRate * (g / (sqrt(s) + eps))}. */
  void rmsprop(
      RmspropUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] squareAverage,
      int at,
      int count);

  /**
   * {@code s = alpha * s + ((1 - alpha) * g) * g; v = momentum * v + g / (sqrt(s) + eps); w -=
   * learningRate * v}.
   */
  void rmspropMomentum(
      RmspropUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] squareAverage,
      float[] velocity,
      int at,
      int count);

  /**
   * {@code m = beta1 * m + (1 - beta1) * g; v = beta2 * v + ((1 - beta2) * g) * g; w = keep * w -
   * stepSize * (m / (sqrt(v) * rootCorrection + eps))}; keep is 1 for Adam.
   */
  void adam(
      AdamUpdate.Settings settings,
      float keep,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] firstMoment,
      float[] secondMoment,
      int at,
      int count);
}
