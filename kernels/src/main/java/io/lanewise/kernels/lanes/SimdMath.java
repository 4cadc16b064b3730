package io.lanewise.kernels.lanes;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatMath} on vectors of {@link SimdSpecies#FLOAT}: the same operations in the same order,
 * so each lane has the bits that {@link FloatMath} gives.
 *
 * <p>Both sides of a choice are computed here; the side not taken may hold anything.
 *
 * <p>C2 stops inlining ordinary methods at a number of nodes that {@link #geluDerivative} comes
 * near, and a vector that crosses a call is boxed. So helpers are few and called early, and a loop
 * should call one of these methods, not several.
 */
public final class SimdMath {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;

  private SimdMath() {}

  /** As {@link FloatMath#exp}. */
  public static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.fma(broadcast(F, FloatMath.LOG2_E), broadcast(F, FloatMath.ROUNDER));
    FloatVector n = shifted.sub(FloatMath.ROUNDER);
    FloatVector r =
        n.fma(broadcast(F, -FloatMath.LN2_LOW), n.fma(broadcast(F, -FloatMath.LN2_HIGH), x));
    FloatVector power = expm1Reduced(r).add(1);
    FloatVector scaled =
        power.reinterpretAsInts().add(shiftToExponent(shifted)).reinterpretAsFloats();
    return x.mul(Float.POSITIVE_INFINITY)
        .blend(scaled, x.compare(LE, FloatMath.EXP_MAX))
        .blend(0, x.compare(LT, FloatMath.EXP_MIN));
  }

  private static FloatVector expm1Reduced(FloatVector r) {
    FloatVector q = broadcast(F, FloatMath.E4);
    q = q.fma(r, broadcast(F, FloatMath.E3));
    q = q.fma(r, broadcast(F, FloatMath.E2));
    q = q.fma(r, broadcast(F, FloatMath.E1));
    q = q.fma(r, broadcast(F, FloatMath.E0));
    return r.mul(r).fma(q, r);
  }

  /** As {@link FloatMath#sigmoid}. */
  public static FloatVector sigmoid(FloatVector x) {
    return broadcast(F, 1).div(exp(x.neg()).add(1));
  }

  /** As {@link FloatMath#tanh}. */
  public static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector twice = a.add(a);
    FloatVector shifted =
        twice.fma(broadcast(F, FloatMath.LOG2_E), broadcast(F, FloatMath.EXPONENT_ROUNDER));
    FloatVector n = shifted.sub(FloatMath.EXPONENT_ROUNDER);
    FloatVector r =
        n.fma(broadcast(F, -FloatMath.LN2_LOW), n.fma(broadcast(F, -FloatMath.LN2_HIGH), twice));
    FloatVector scale = shiftToExponent(shifted).reinterpretAsFloats();
    FloatVector m = scale.fma(expm1Reduced(r), scale.sub(1));
    FloatVector result = m.div(m.add(2)).blend(1, a.compare(GT, FloatMath.TANH_ONE));
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    return result.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /** As {@link FloatMath#silu}. */
  public static FloatVector silu(FloatVector x) {
    return x.div(exp(x.neg()).add(1)).blend(0, x.compare(LT, -FloatMath.EXP_MAX));
  }

  /** As {@link FloatMath#siluDerivative}. */
  public static FloatVector siluDerivative(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector e = exp(a.neg());
    FloatVector high = broadcast(F, 1).div(e.add(1));
    FloatVector low = e.mul(high);
    FloatVector mirrored =
        low.mul(a.neg().fma(high, broadcast(F, 1))).blend(0, a.compare(GT, FloatMath.EXP_MAX));
    return broadcast(F, 1).sub(mirrored).blend(mirrored, x.compare(LT, 0));
  }

  /** As {@link FloatMath#gelu}. */
  public static FloatVector gelu(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector tail =
        a.mul(scaledNormalTail(a)).mul(gaussian(a)).blend(0, a.compare(GT, FloatMath.GAUSS_MAX));
    return FloatVector.zero(F).blend(x, x.compare(GT, 0)).sub(tail);
  }

  /** As {@link FloatMath#geluDerivative}. */
  public static FloatVector geluDerivative(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector mirrored =
        broadcast(F, -FloatMath.GAUSS_PEAK)
            .fma(a, scaledNormalTail(a))
            .mul(gaussian(a))
            .blend(0, a.compare(GT, FloatMath.GAUSS_MAX));
    return broadcast(F, 1).sub(mirrored).blend(mirrored, x.compare(LT, 0));
  }

  private static FloatVector gaussian(FloatVector t) {
    FloatVector minusHalf = t.mul(-0.5f);
    FloatVector exponent = minusHalf.mul(t);
    FloatVector lost = minusHalf.fma(t, exponent.neg());
    FloatVector e = exp(exponent);
    return e.fma(lost, e);
  }

  private static FloatVector scaledNormalTail(FloatVector t) {
    FloatVector y = broadcast(F, -6).fma(broadcast(F, 1).div(t.add(3)), broadcast(F, 1));
    FloatVector p = broadcast(F, FloatMath.Q9);
    p = p.fma(y, broadcast(F, FloatMath.Q8));
    p = p.fma(y, broadcast(F, FloatMath.Q7));
    p = p.fma(y, broadcast(F, FloatMath.Q6));
    p = p.fma(y, broadcast(F, FloatMath.Q5));
    p = p.fma(y, broadcast(F, FloatMath.Q4));
    p = p.fma(y, broadcast(F, FloatMath.Q3));
    p = p.fma(y, broadcast(F, FloatMath.Q2));
    p = p.fma(y, broadcast(F, FloatMath.Q1));
    return p.fma(y, broadcast(F, FloatMath.Q0));
  }

  /** The low nine bits, moved to where sign and exponent are. */
  private static IntVector shiftToExponent(FloatVector shifted) {
    return shifted.reinterpretAsInts().lanewise(LSHL, 23);
  }
}
