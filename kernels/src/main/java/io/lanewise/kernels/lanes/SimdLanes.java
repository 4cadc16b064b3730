package io.lanewise.kernels.lanes;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Lanes} on vectors: whole vectors first, the tail by the scalar twin. Tails are not masked,
 * because a masked load beyond the end of an array falls back to slow, allocating code on JDK 17.
 */
final class SimdLanes implements Lanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarLanes tail = new ScalarLanes();

  @Override
  public void add(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, a, aAt + i).add(fromArray(F, b, bAt + i)).intoArray(out, outAt + i);
    }
    tail.add(a, aAt + i, b, bAt + i, out, outAt + i, count - i);
  }

  @Override
  public void mul(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, a, aAt + i).mul(fromArray(F, b, bAt + i)).intoArray(out, outAt + i);
    }
    tail.mul(a, aAt + i, b, bAt + i, out, outAt + i, count - i);
  }

  @Override
  public void max(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, a, aAt + i).max(fromArray(F, b, bAt + i)).intoArray(out, outAt + i);
    }
    tail.max(a, aAt + i, b, bAt + i, out, outAt + i, count - i);
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
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector incoming = fromArray(F, grad, gradAt + i);
      VectorMask<Float> toA =
          fromArray(F, a, aAt + i).compare(VectorOperators.GE, fromArray(F, b, bAt + i));
      zero.blend(incoming, toA).intoArray(gradA, gradAAt + i);
      incoming.blend(zero, toA).intoArray(gradB, gradBAt + i);
    }
    int rest = count - i;
    tail.route(
        a, aAt + i, b, bAt + i, grad, gradAt + i, gradA, gradAAt + i, gradB, gradBAt + i, rest);
  }

  @Override
  public void scale(float factor, float[] a, int aAt, float[] out, int outAt, int count) {
    FloatVector factors = FloatVector.broadcast(F, factor);
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, a, aAt + i).mul(factors).intoArray(out, outAt + i);
    }
    tail.scale(factor, a, aAt + i, out, outAt + i, count - i);
  }

  @Override
  public void divide(float[] a, int aAt, float divisor, float[] out, int outAt, int count) {
    FloatVector divisors = FloatVector.broadcast(F, divisor);
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, a, aAt + i).div(divisors).intoArray(out, outAt + i);
    }
    tail.divide(a, aAt + i, divisor, out, outAt + i, count - i);
  }

  @Override
  public void accumulate(float[] a, int aAt, float[] sum, int sumAt, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, sum, sumAt + i).add(fromArray(F, a, aAt + i)).intoArray(sum, sumAt + i);
    }
    tail.accumulate(a, aAt + i, sum, sumAt + i, count - i);
  }

  @Override
  public void accumulateProduct(
      float[] a, int aAt, float[] b, int bAt, float[] sum, int sumAt, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, a, aAt + i)
          .fma(fromArray(F, b, bAt + i), fromArray(F, sum, sumAt + i))
          .intoArray(sum, sumAt + i);
    }
    tail.accumulateProduct(a, aAt + i, b, bAt + i, sum, sumAt + i, count - i);
  }

  @Override
  public void accumulateScaled(
      float factor, float[] a, int aAt, float[] sum, int sumAt, int count) {
    FloatVector factors = FloatVector.broadcast(F, factor);
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, a, aAt + i).fma(factors, fromArray(F, sum, sumAt + i)).intoArray(sum, sumAt + i);
    }
    tail.accumulateScaled(factor, a, aAt + i, sum, sumAt + i, count - i);
  }
}
