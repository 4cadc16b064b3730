package io.lanewise.kernels.lanes;

/** {@link Lanes} in plain Java. */
final class ScalarLanes implements Lanes {
  @Override
  public void add(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = a[aAt + i] + b[bAt + i];
    }
  }

  @Override
  public void mul(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = a[aAt + i] * b[bAt + i];
    }
  }

  @Override
  public void max(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = Math.max(a[aAt + i], b[bAt + i]);
    }
  }

  @Override
  public void route(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] grad,
      int gradAt,
      float[] gradA,
      int gradAAt,
      float[] gradB,
      int gradBAt,
      int count) {
    for (int i = 0; i < count; i++) {
      boolean toA = a[aAt + i] >= b[bAt + i];
      gradA[gradAAt + i] = toA ? grad[gradAt + i] : 0;
      gradB[gradBAt + i] = toA ? 0 : grad[gradAt + i];
    }
  }

  @Override
  public void scale(float factor, float[] a, int aAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = factor * a[aAt + i];
    }
  }

  @Override
  public void divide(float[] a, int aAt, float divisor, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = a[aAt + i] / divisor;
    }
  }

  @Override
  public void accumulate(float[] a, int aAt, float[] sum, int sumAt, int count) {
    for (int i = 0; i < count; i++) {
      sum[sumAt + i] += a[aAt + i];
    }
  }

  @Override
  public void accumulateProduct(
      float[] a, int aAt, float[] b, int bAt, float[] sum, int sumAt, int count) {
    for (int i = 0; i < count; i++) {
      sum[sumAt + i] = Math.fma(a[aAt + i], b[bAt + i], sum[sumAt + i]);
    }
  }

  @Override
  public void accumulateScaled(
      float factor, float[] a, int aAt, float[] sum, int sumAt, int count) {
    for (int i = 0; i < count; i++) {
      sum[sumAt + i] = Math.fma(factor, a[aAt + i], sum[sumAt + i]);
    }
  }
}
