package io.lanewise.kernels.update;

import static java.lang.Math.fma;

/** {@link UpdateLanes} in plain Java. */
final class ScalarUpdateLanes implements UpdateLanes {
  @Override
  public void sgd(
      SgdUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      int at,
      int count) {
    float l1 = (float) regularization.l1();
    float l2 = (float) regularization.l2();
    float down = (float) -settings.learningRate();
    for (int i = at; i < at + count; i++) {
      float g = gradient(grad[i], gradScale, value[i], l1, l2);
      value[i] = fma(down, g, value[i]);
    }
  }

  @Override
  public void momentum(
      SgdUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] velocity,
      int at,
      int count) {
    float l1 = (float) regularization.l1();
    float l2 = (float) regularization.l2();
    float momentum = (float) settings.momentum();
    float down = (float) -settings.learningRate();
    for (int i = at; i < at + count; i++) {
      float g = gradient(grad[i], gradScale, value[i], l1, l2);
      float v = flushed(fma(momentum, velocity[i], g));
      velocity[i] = v;
      value[i] = fma(down, v, value[i]);
    }
  }

  @Override
  public void nesterov(
      SgdUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] velocity,
      int at,
      int count) {
    float l1 = (float) regularization.l1();
    float l2 = (float) regularization.l2();
    float momentum = (float) settings.momentum();
    float down = (float) -settings.learningRate();
    for (int i = at; i < at + count; i++) {
      float g = gradient(grad[i], gradScale, value[i], l1, l2);
      float v = flushed(fma(momentum, velocity[i], g));
      velocity[i] = v;
      value[i] = fma(down, fma(momentum, v, g), value[i]);
    }
  }

  @Override
  public void adagrad(
      AdagradUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] squareSum,
      int at,
      int count) {
    float l1 = (float) regularization.l1();
    float l2 = (float) regularization.l2();
    float eps = (float) settings.eps();
    float down = (float) -settings.learningRate();
    for (int i = at; i < at + count; i++) {
      float g = gradient(grad[i], gradScale, value[i], l1, l2);
      float s = fma(g, g, squareSum[i]);
      squareSum[i] = s;
      value[i] = fma(down, g / (sqrt(s) + eps), value[i]);
    }
  }

  @Override
  public void adadelta(
      AdadeltaUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] squareAverage,
      float[] deltaAverage,
      int at,
      int count) {
    float l1 = (float) regularization.l1();
    float l2 = (float) regularization.l2();
    float rho = (float) settings.rho();
    float rest = (float) (1 - settings.rho());
    float eps = (float) settings.eps();
    float down = (float) -settings.learningRate();
    for (int i = at; i < at + count; i++) {
      float g = gradient(grad[i], gradScale, value[i], l1, l2);
      float s = flushed(fma(rho, squareAverage[i], rest * g * g));
      float d = sqrt(deltaAverage[i] + eps) / sqrt(s + eps) * g;
      squareAverage[i] = s;
      deltaAverage[i] = flushed(fma(rho, deltaAverage[i], rest * d * d));
      value[i] = fma(down, d, value[i]);
    }
  }

  @Override
  public void rmsprop(
      RmspropUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] squareAverage,
      int at,
      int count) {
    float l1 = (float) regularization.l1();
    float l2 = (float) regularization.l2();
    float alpha = (float) settings.alpha();
    float rest = (float) (1 - settings.alpha());
    float eps = (float) settings.eps();
    float down = (float) -settings.learningRate();
    for (int i = at; i < at + count; i++) {
      float g = gradient(grad[i], gradScale, value[i], l1, l2);
      float s = flushed(fma(alpha, squareAverage[i], rest * g * g));
      squareAverage[i] = s;
      value[i] = fma(down, g / (sqrt(s) + eps), value[i]);
    }
  }

  @Override
  public void rmspropMomentum(
      RmspropUpdate.Settings settings,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] squareAverage,
      float[] velocity,
      int at,
      int count) {
    float l1 = (float) regularization.l1();
    float l2 = (float) regularization.l2();
    float alpha = (float) settings.alpha();
    float rest = (float) (1 - settings.alpha());
    float eps = (float) settings.eps();
    float momentum = (float) settings.momentum();
    float down = (float) -settings.learningRate();
    for (int i = at; i < at + count; i++) {
      float g = gradient(grad[i], gradScale, value[i], l1, l2);
      float s = flushed(fma(alpha, squareAverage[i], rest * g * g));
      float v = flushed(fma(momentum, velocity[i], g / (sqrt(s) + eps)));
      squareAverage[i] = s;
      velocity[i] = v;
      value[i] = fma(down, v, value[i]);
    }
  }

  @Override
  public void adam(
      AdamUpdate.Settings settings,
      float keep,
      Regularization regularization,
      float gradScale,
      float[] grad,
      float[] value,
      float[] firstMoment,
      float[] secondMoment,
      int at,
      int count) {
    float l1 = (float) regularization.l1();
    float l2 = (float) regularization.l2();
    float beta1 = (float) settings.beta1();
    float rest1 = (float) (1 - settings.beta1());
    float beta2 = (float) settings.beta2();
    float rest2 = (float) (1 - settings.beta2());
    float rootCorrection = (float) settings.rootCorrection();
    float eps = (float) settings.eps();
    float down = (float) -settings.stepSize();
    for (int i = at; i < at + count; i++) {
      float g = gradient(grad[i], gradScale, value[i], l1, l2);
      float m = flushed(fma(beta1, firstMoment[i], rest1 * g));
      float v = flushed(fma(beta2, secondMoment[i], rest2 * g * g));
      firstMoment[i] = m;
      secondMoment[i] = v;
      value[i] = fma(down, m / fma(sqrt(v), rootCorrection, eps), keep * value[i]);
    }
  }

  private static float gradient(float grad, float gradScale, float w, float l1, float l2) {
    return fma(l1, Math.signum(w), fma(l2, w, grad * gradScale));
  }

  private static float flushed(float a) {
    return Math.abs(a) < Float.MIN_NORMAL ? 0 : a;
  }

  private static float sqrt(float a) {
    return (float) Math.sqrt(a);
  }
}
