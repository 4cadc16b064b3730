package io.lanewise.kernels.reference;

import io.lanewise.kernels.update.AdadeltaUpdate;
import io.lanewise.kernels.update.AdagradUpdate;
import io.lanewise.kernels.update.AdamUpdate;
import io.lanewise.kernels.update.AdamWUpdate;
import io.lanewise.kernels.update.Regularization;
import io.lanewise.kernels.update.RmspropUpdate;
import io.lanewise.kernels.update.SgdUpdate;

/** One step of each optimizer by its formula, in double, in place on value and state. */
public final class RefUpdate {
  private RefUpdate() {}

  private static double gradient(
      Regularization regularization, double gradScale, double grad, double value) {
    return gradScale * grad
        + regularization.l2() * value
        + regularization.l1() * Math.signum(value);
  }

  /** Stochastic gradient descent; velocity may be null if momentum is 0. */
  public static void sgd(
      SgdUpdate.Settings settings,
      Regularization regularization,
      double gradScale,
      double[] grad,
      double[] value,
      double[] velocity) {
    for (int i = 0; i < value.length; i++) {
      double g = gradient(regularization, gradScale, grad[i], value[i]);
      double direction = g;
      if (settings.momentum() != 0) {
        velocity[i] = settings.momentum() * velocity[i] + g;
        direction = settings.nesterov() ? g + settings.momentum() * velocity[i] : velocity[i];
      }
      value[i] -= settings.learningRate() * direction;
    }
  }

  /** Adagrad. */
  public static void adagrad(
      AdagradUpdate.Settings settings,
      Regularization regularization,
      double gradScale,
      double[] grad,
      double[] value,
      double[] squareSum) {
    for (int i = 0; i < value.length; i++) {
      double g = gradient(regularization, gradScale, grad[i], value[i]);
      squareSum[i] += g * g;
      value[i] -= settings.learningRate() * g / (Math.sqrt(squareSum[i]) + settings.eps());
    }
  }

  /** Adadelta. */
  public static void adadelta(
      AdadeltaUpdate.Settings settings,
      Regularization regularization,
      double gradScale,
      double[] grad,
      double[] value,
      double[] squareAverage,
      double[] deltaAverage) {
    double rho = settings.rho();
    double eps = settings.eps();
    for (int i = 0; i < value.length; i++) {
      double g = gradient(regularization, gradScale, grad[i], value[i]);
      squareAverage[i] = rho * squareAverage[i] + (1 - rho) * g * g;
      double delta = Math.sqrt(deltaAverage[i] + eps) / Math.sqrt(squareAverage[i] + eps) * g;
      deltaAverage[i] = rho * deltaAverage[i] + (1 - rho) * delta * delta;
      value[i] -= settings.learningRate() * delta;
    }
  }

  /** RMSprop, not centered; velocity may be null if momentum is 0. */
  public static void rmsprop(
      RmspropUpdate.Settings settings,
      Regularization regularization,
      double gradScale,
      double[] grad,
      double[] value,
      double[] squareAverage,
      double[] velocity) {
    double alpha = settings.alpha();
    for (int i = 0; i < value.length; i++) {
      double g = gradient(regularization, gradScale, grad[i], value[i]);
      squareAverage[i] = alpha * squareAverage[i] + (1 - alpha) * g * g;
      double direction = g / (Math.sqrt(squareAverage[i]) + settings.eps());
      if (settings.momentum() != 0) {
        velocity[i] = settings.momentum() * velocity[i] + direction;
        direction = velocity[i];
      }
      value[i] -= settings.learningRate() * direction;
    }
  }

  /** Adam. */
  public static void adam(
      AdamUpdate.Settings settings,
      Regularization regularization,
      double gradScale,
      double[] grad,
      double[] value,
      double[] firstMoment,
      double[] secondMoment) {
    adam(settings, 0, regularization, gradScale, grad, value, firstMoment, secondMoment);
  }

  /** Adam with decoupled weight decay. */
  public static void adamW(
      AdamWUpdate.Settings settings,
      Regularization regularization,
      double gradScale,
      double[] grad,
      double[] value,
      double[] firstMoment,
      double[] secondMoment) {
    adam(
        settings.adam(),
        settings.weightDecay(),
        regularization,
        gradScale,
        grad,
        value,
        firstMoment,
        secondMoment);
  }

  private static void adam(
      AdamUpdate.Settings settings,
      double weightDecay,
      Regularization regularization,
      double gradScale,
      double[] grad,
      double[] value,
      double[] firstMoment,
      double[] secondMoment) {
    double beta1 = settings.beta1();
    double beta2 = settings.beta2();
    for (int i = 0; i < value.length; i++) {
      double g = gradient(regularization, gradScale, grad[i], value[i]);
      firstMoment[i] = beta1 * firstMoment[i] + (1 - beta1) * g;
      secondMoment[i] = beta2 * secondMoment[i] + (1 - beta2) * g * g;
      double mean = firstMoment[i] / (1 - Math.pow(beta1, settings.step()));
      double square = secondMoment[i] / (1 - Math.pow(beta2, settings.step()));
      value[i] -= settings.learningRate() * weightDecay * value[i];
      value[i] -= settings.learningRate() * mean / (Math.sqrt(square) + settings.eps());
    }
  }
}
