package io.lanewise.kernels.update;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link UpdateLanes} on vectors: whole vectors first, the tail by the scalar twin. */
final class SimdUpdateLanes implements UpdateLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarUpdateLanes tail = new ScalarUpdateLanes();

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
    FloatVector down = broadcast(F, (float) -settings.learningRate());
    int end = at + count;
    int i = at;
    for (; i <= end - L; i += L) {
      FloatVector w = fromArray(F, value, i);
      FloatVector g = gradient(fromArray(F, grad, i), gradScale, w, l1, l2);
      down.fma(g, w).intoArray(value, i);
    }
    tail.sgd(settings, regularization, gradScale, grad, value, i, end - i);
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
    FloatVector momentum = broadcast(F, (float) settings.momentum());
    FloatVector down = broadcast(F, (float) -settings.learningRate());
    int end = at + count;
    int i = at;
    for (; i <= end - L; i += L) {
      FloatVector w = fromArray(F, value, i);
      FloatVector g = gradient(fromArray(F, grad, i), gradScale, w, l1, l2);
      FloatVector v = flushed(momentum.fma(fromArray(F, velocity, i), g));
      v.intoArray(velocity, i);
      down.fma(v, w).intoArray(value, i);
    }
    tail.momentum(settings, regularization, gradScale, grad, value, velocity, i, end - i);
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
    FloatVector momentum = broadcast(F, (float) settings.momentum());
    FloatVector down = broadcast(F, (float) -settings.learningRate());
    int end = at + count;
    int i = at;
    for (; i <= end - L; i += L) {
      FloatVector w = fromArray(F, value, i);
      FloatVector g = gradient(fromArray(F, grad, i), gradScale, w, l1, l2);
      FloatVector v = flushed(momentum.fma(fromArray(F, velocity, i), g));
      v.intoArray(velocity, i);
      down.fma(momentum.fma(v, g), w).intoArray(value, i);
    }
    tail.nesterov(settings, regularization, gradScale, grad, value, velocity, i, end - i);
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
    FloatVector eps = broadcast(F, (float) settings.eps());
    FloatVector down = broadcast(F, (float) -settings.learningRate());
    int end = at + count;
    int i = at;
    for (; i <= end - L; i += L) {
      FloatVector w = fromArray(F, value, i);
      FloatVector g = gradient(fromArray(F, grad, i), gradScale, w, l1, l2);
      FloatVector s = g.fma(g, fromArray(F, squareSum, i));
      s.intoArray(squareSum, i);
      down.fma(g.div(s.sqrt().add(eps)), w).intoArray(value, i);
    }
    tail.adagrad(settings, regularization, gradScale, grad, value, squareSum, i, end - i);
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
    FloatVector rho = broadcast(F, (float) settings.rho());
    FloatVector rest = broadcast(F, (float) (1 - settings.rho()));
    FloatVector eps = broadcast(F, (float) settings.eps());
    FloatVector down = broadcast(F, (float) -settings.learningRate());
    int end = at + count;
    int i = at;
    for (; i <= end - L; i += L) {
      FloatVector w = fromArray(F, value, i);
      FloatVector g = gradient(fromArray(F, grad, i), gradScale, w, l1, l2);
      FloatVector s = flushed(rho.fma(fromArray(F, squareAverage, i), rest.mul(g).mul(g)));
      FloatVector u = fromArray(F, deltaAverage, i);
      FloatVector d = u.add(eps).sqrt().div(s.add(eps).sqrt()).mul(g);
      s.intoArray(squareAverage, i);
      flushed(rho.fma(u, rest.mul(d).mul(d))).intoArray(deltaAverage, i);
      down.fma(d, w).intoArray(value, i);
    }
    tail.adadelta(
        settings, regularization, gradScale, grad, value, squareAverage, deltaAverage, i, end - i);
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
    FloatVector alpha = broadcast(F, (float) settings.alpha());
    FloatVector rest = broadcast(F, (float) (1 - settings.alpha()));
    FloatVector eps = broadcast(F, (float) settings.eps());
    FloatVector down = broadcast(F, (float) -settings.learningRate());
    int end = at + count;
    int i = at;
    for (; i <= end - L; i += L) {
      FloatVector w = fromArray(F, value, i);
      FloatVector g = gradient(fromArray(F, grad, i), gradScale, w, l1, l2);
      FloatVector s = flushed(alpha.fma(fromArray(F, squareAverage, i), rest.mul(g).mul(g)));
      s.intoArray(squareAverage, i);
      down.fma(g.div(s.sqrt().add(eps)), w).intoArray(value, i);
    }
    tail.rmsprop(settings, regularization, gradScale, grad, value, squareAverage, i, end - i);
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
    FloatVector alpha = broadcast(F, (float) settings.alpha());
    FloatVector rest = broadcast(F, (float) (1 - settings.alpha()));
    FloatVector eps = broadcast(F, (float) settings.eps());
    FloatVector momentum = broadcast(F, (float) settings.momentum());
    FloatVector down = broadcast(F, (float) -settings.learningRate());
    int end = at + count;
    int i = at;
    for (; i <= end - L; i += L) {
      FloatVector w = fromArray(F, value, i);
      FloatVector g = gradient(fromArray(F, grad, i), gradScale, w, l1, l2);
      FloatVector s = flushed(alpha.fma(fromArray(F, squareAverage, i), rest.mul(g).mul(g)));
      FloatVector v = flushed(momentum.fma(fromArray(F, velocity, i), g.div(s.sqrt().add(eps))));
      s.intoArray(squareAverage, i);
      v.intoArray(velocity, i);
      down.fma(v, w).intoArray(value, i);
    }
    tail.rmspropMomentum(
        settings, regularization, gradScale, grad, value, squareAverage, velocity, i, end - i);
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
    FloatVector beta1 = broadcast(F, (float) settings.beta1());
    FloatVector rest1 = broadcast(F, (float) (1 - settings.beta1()));
    FloatVector beta2 = broadcast(F, (float) settings.beta2());
    FloatVector rest2 = broadcast(F, (float) (1 - settings.beta2()));
    FloatVector rootCorrection = broadcast(F, (float) settings.rootCorrection());
    FloatVector eps = broadcast(F, (float) settings.eps());
    FloatVector down = broadcast(F, (float) -settings.stepSize());
    int end = at + count;
    int i = at;
    for (; i <= end - L; i += L) {
      FloatVector w = fromArray(F, value, i);
      FloatVector g = gradient(fromArray(F, grad, i), gradScale, w, l1, l2);
      FloatVector m = flushed(beta1.fma(fromArray(F, firstMoment, i), rest1.mul(g)));
      FloatVector v = flushed(beta2.fma(fromArray(F, secondMoment, i), rest2.mul(g).mul(g)));
      m.intoArray(firstMoment, i);
      v.intoArray(secondMoment, i);
      FloatVector root = v.sqrt().fma(rootCorrection, eps);
      down.fma(m.div(root), broadcast(F, keep).mul(w)).intoArray(value, i);
    }
    tail.adam(
        settings,
        keep,
        regularization,
        gradScale,
        grad,
        value,
        firstMoment,
        secondMoment,
        i,
        end - i);
  }

  private static FloatVector gradient(
      FloatVector grad, float gradScale, FloatVector w, float l1, float l2) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector signum =
        w.blend(broadcast(F, 1), w.compare(VectorOperators.GT, zero))
            .blend(broadcast(F, -1), w.compare(VectorOperators.LT, zero));
    return broadcast(F, l1).fma(signum, broadcast(F, l2).fma(w, broadcast(F, gradScale).mul(grad)));
  }

  private static FloatVector flushed(FloatVector a) {
    return a.blend(
        FloatVector.zero(F), a.abs().compare(VectorOperators.LT, broadcast(F, Float.MIN_NORMAL)));
  }
}
