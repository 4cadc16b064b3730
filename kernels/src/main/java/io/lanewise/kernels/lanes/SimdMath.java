package io.lanewise.kernels.lanes;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.zero;
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
 * <p>A vector that crosses a call is boxed, and C2 refuses to inline ordinary methods once a
 * compilation has 18000 nodes, which is some 30 to 50 vector operations (those themselves are
 * always inlined). So helpers are few and called first thing: a loop calls one of these methods, at
 * its start, and the polynomials are written out.
 */
public final class SimdMath {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;

  private SimdMath() {}

  /** As {@link FloatMath#exp}. */
  public static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.fma(broadcast(F, FloatMath.LOG2_E), broadcast(F, FloatMath.ROUNDER));
    FloatVector n = shifted.sub(broadcast(F, FloatMath.ROUNDER));
    FloatVector r =
        n.fma(broadcast(F, -FloatMath.LN2_LOW), n.fma(broadcast(F, -FloatMath.LN2_HIGH), x));
    FloatVector q = broadcast(F, FloatMath.E4);
    q = q.fma(r, broadcast(F, FloatMath.E3));
    q = q.fma(r, broadcast(F, FloatMath.E2));
    q = q.fma(r, broadcast(F, FloatMath.E1));
    q = q.fma(r, broadcast(F, FloatMath.E0));
    FloatVector power = r.mul(r).fma(q, r).add(broadcast(F, 1));
    FloatVector scaled =
        power
            .reinterpretAsInts()
            .add(shifted.reinterpretAsInts().lanewise(LSHL, 23))
            .reinterpretAsFloats();
    return x.mul(broadcast(F, Float.POSITIVE_INFINITY))
        .blend(scaled, x.compare(LE, broadcast(F, FloatMath.EXP_MAX)))
        .blend(zero(F), x.compare(LT, broadcast(F, FloatMath.EXP_MIN)));
  }

  /** As {@link FloatMath#sigmoid}. */
  public static FloatVector sigmoid(FloatVector x) {
    return broadcast(F, 1).div(exp(x.neg()).add(broadcast(F, 1)));
  }

  /** As {@link FloatMath#tanh}. */
  public static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector twice = a.add(a);
    FloatVector shifted =
        twice.fma(broadcast(F, FloatMath.LOG2_E), broadcast(F, FloatMath.EXPONENT_ROUNDER));
    FloatVector n = shifted.sub(broadcast(F, FloatMath.EXPONENT_ROUNDER));
    FloatVector r =
        n.fma(broadcast(F, -FloatMath.LN2_LOW), n.fma(broadcast(F, -FloatMath.LN2_HIGH), twice));
    FloatVector scale = shifted.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector q = broadcast(F, FloatMath.E4);
    q = q.fma(r, broadcast(F, FloatMath.E3));
    q = q.fma(r, broadcast(F, FloatMath.E2));
    q = q.fma(r, broadcast(F, FloatMath.E1));
    q = q.fma(r, broadcast(F, FloatMath.E0));
    FloatVector m = scale.fma(r.mul(r).fma(q, r), scale.sub(broadcast(F, 1)));
    FloatVector result =
        m.div(m.add(broadcast(F, 2)))
            .blend(broadcast(F, 1), a.compare(GT, broadcast(F, FloatMath.TANH_ONE)));
    IntVector sign =
        x.reinterpretAsInts().and(IntVector.broadcast(SimdSpecies.INT, Integer.MIN_VALUE));
    return result.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /** As {@link FloatMath#silu}. */
  public static FloatVector silu(FloatVector x) {
    return x.div(exp(x.neg()).add(broadcast(F, 1)))
        .blend(zero(F), x.compare(LT, broadcast(F, -FloatMath.EXP_MAX)));
  }

  /** As {@link FloatMath#siluDerivative}. */
  public static FloatVector siluDerivative(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector e = exp(a.neg());
    FloatVector high = broadcast(F, 1).div(e.add(broadcast(F, 1)));
    FloatVector low = e.mul(high);
    FloatVector mirrored =
        low.mul(a.neg().fma(high, broadcast(F, 1)))
            .blend(zero(F), a.compare(GT, broadcast(F, FloatMath.EXP_MAX)));
    return broadcast(F, 1).sub(mirrored).blend(mirrored, x.compare(LT, zero(F)));
  }

  /** As {@link FloatMath#gelu}. */
  public static FloatVector gelu(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector t = a.mul(a);
    FloatVector p = broadcast(F, FloatMath.P5);
    p = p.fma(t, broadcast(F, FloatMath.P4));
    p = p.fma(t, broadcast(F, FloatMath.P3));
    p = p.fma(t, broadcast(F, FloatMath.P2));
    p = p.fma(t, broadcast(F, FloatMath.P1));
    p = p.fma(t, broadcast(F, FloatMath.P0));
    FloatVector q = broadcast(F, FloatMath.Q5);
    q = q.fma(t, broadcast(F, FloatMath.Q4));
    q = q.fma(t, broadcast(F, FloatMath.Q3));
    q = q.fma(t, broadcast(F, FloatMath.Q2));
    q = q.fma(t, broadcast(F, FloatMath.Q1));
    q = q.fma(t, broadcast(F, 1));
    FloatVector above = a.neg().fma(p.div(q), broadcast(F, 0.5f));
    FloatVector tail = a.mul(above).blend(zero(F), a.compare(GT, broadcast(F, FloatMath.GELU_MAX)));
    return zero(F).blend(x, x.compare(GT, zero(F))).sub(tail);
  }

  /** As {@link FloatMath#geluDerivative}. */
  public static FloatVector geluDerivative(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector t = a.mul(a);
    FloatVector p = broadcast(F, FloatMath.D7);
    p = p.fma(t, broadcast(F, FloatMath.D6));
    p = p.fma(t, broadcast(F, FloatMath.D5));
    p = p.fma(t, broadcast(F, FloatMath.D4));
    p = p.fma(t, broadcast(F, FloatMath.D3));
    p = p.fma(t, broadcast(F, FloatMath.D2));
    p = p.fma(t, broadcast(F, FloatMath.D1));
    p = p.fma(t, broadcast(F, FloatMath.D0));
    FloatVector q = broadcast(F, FloatMath.S5);
    q = q.fma(t, broadcast(F, FloatMath.S4));
    q = q.fma(t, broadcast(F, FloatMath.S3));
    q = q.fma(t, broadcast(F, FloatMath.S2));
    q = q.fma(t, broadcast(F, FloatMath.S1));
    q = q.fma(t, broadcast(F, 1));
    FloatVector mirrored =
        a.neg()
            .fma(p.div(q), broadcast(F, 0.5f))
            .blend(zero(F), a.compare(GT, broadcast(F, FloatMath.GELU_DERIVATIVE_MAX)));
    return broadcast(F, 1).sub(mirrored).blend(mirrored, x.compare(LT, zero(F)));
  }
}
