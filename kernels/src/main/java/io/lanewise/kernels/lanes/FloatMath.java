package io.lanewise.kernels.lanes;

/**
 * Exponential functions of floats, from polynomials of our own: {@link Math#exp} is many times
 * slower, and its bits differ between interpreter, compilers and JDKs.
 *
 * <p>Here is the one place of each formula. {@link SimdMath} repeats it operation by operation on
 * vectors, so that a value has the same bits in a vector, in a scalar tail, and on scalar lanes.
 *
 * <p>Bounds are in units in the last place (ulp) of the exact result. Functions return NaN for NaN
 * and their limits at the infinities. Where {@link #exp} or a tail would be subnormal, which costs
 * a hundred cycles a vector, the result is 0.
 */
public final class FloatMath {
  /** The largest float whose exponential is finite. */
  static final float EXP_MAX = 88.72283f;

  /** The smallest float whose exponential is a normal number. */
  static final float EXP_MIN = -87.33654f;

  static final float LOG2_E = 1.44269504f;

  /**
   * Adding 1.5 * 2^23 rounds a small float to a whole number, and leaves that in the low bits of
   * the sum.
   */
  static final float ROUNDER = 0x1.8p23f;

  /** As {@link #ROUNDER}; the low bits hold the exponent field of 2^n. */
  static final float EXPONENT_ROUNDER = ROUNDER + 127;

  /** ln 2 in two parts; the first has nine bits, so that its multiples are exact. */
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;

  // Minimax of (e^r - 1 - r) / r^2 on |r| <= ln(2)/2; e^r - 1 comes out within 0.23 * 2^-24 of
  // itself before rounding.
  static final float E0 = 0.5f;
  static final float E1 = 0.16666543f;
  static final float E2 = 0.04166628f;
  static final float E3 = 0.008366611f;
  static final float E4 = 0.001394649f;

  /** From here on tanh rounds to 1. */
  static final float TANH_ONE = 9.02f;

  /** Beyond this |x| the Gaussian tail of gelu is below 3e-38 and taken as zero. */
  static final float GAUSS_MAX = 13.1f;

  /** 1 / sqrt(2 pi). */
  static final float GAUSS_PEAK = 0.39894228f;

  // Minimax of Q(t) * exp(t^2/2) in y = (t - 3) / (t + 3), 0 <= t <= 13.3, where Q is the upper
  // tail of the normal distribution; within 0.26 * 2^-24 of itself before rounding.
  static final float Q0 = 0.12151395f;
  static final float Q1 = -0.20640261f;
  static final float Q2 = 0.12322502f;
  static final float Q3 = -0.046213318f;
  static final float Q4 = 0.0061321817f;
  static final float Q5 = 0.0029047027f;
  static final float Q6 = -9.841828e-4f;
  static final float Q7 = -3.3991193e-4f;
  static final float Q8 = 1.1603739e-4f;
  static final float Q9 = 5.4150987e-5f;

  private FloatMath() {}

  /**
   * e^x: 2^n * e^r with n whole and |r| at most ln(2)/2. Within 1.1 ulp from {@value #EXP_MIN} to
   * {@value #EXP_MAX}; 0 below, infinity above.
   */
  public static float exp(float x) {
    if (!(x <= EXP_MAX)) {
      return x * Float.POSITIVE_INFINITY;
    }
    if (x < EXP_MIN) {
      return 0;
    }
    float shifted = Math.fma(x, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float power = expm1Reduced(r) + 1;
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(power) + (Float.floatToRawIntBits(shifted) << 23));
  }

  /** e^r - 1 for |r| at most ln(2)/2. */
  private static float expm1Reduced(float r) {
    float q = E4;
    q = Math.fma(q, r, E3);
    q = Math.fma(q, r, E2);
    q = Math.fma(q, r, E1);
    q = Math.fma(q, r, E0);
    return Math.fma(r * r, q, r);
  }

  /** 1 / (1 + e^-x). Within 2.5 ulp where the result is normal, x >= -87.3; 0 below -88.8. */
  public static float sigmoid(float x) {
    return 1 / (1 + exp(-x));
  }

  /**
   * The hyperbolic tangent, as m / (m + 2) with m = e^2|x| - 1, which keeps its relative accuracy
   * at 0. Within 2.5 ulp; odd to the last bit.
   */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float twice = a + a;
    float shifted = Math.fma(twice, LOG2_E, EXPONENT_ROUNDER);
    float n = shifted - EXPONENT_ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, twice));
    float scale = Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
    float m = Math.fma(scale, expm1Reduced(r), scale - 1);
    float result = a > TANH_ONE ? 1 : m / (m + 2);
    return Math.copySign(result, x);
  }

  /** x / (1 + e^-x). Within 2.5 ulp for x >= {@code -}{@value #EXP_MAX}; 0 below. */
  public static float silu(float x) {
    return x < -EXP_MAX ? 0 : x / (1 + exp(-x));
  }

  /**
   * The derivative of {@link #silu}, s(x) (1 + x s(-x)) with s the sigmoid; 1 minus its mirror
   * image for positive x. Absolute error at most 2e-7; relative error at most 5e-7 for x from -87
   * to -3.
   */
  public static float siluDerivative(float x) {
    float a = Math.abs(x);
    float e = exp(-a);
    float high = 1 / (1 + e);
    float low = e * high;
    float mirrored = a > EXP_MAX ? 0 : low * Math.fma(-a, high, 1);
    return x < 0 ? mirrored : 1 - mirrored;
  }

  /**
   * x times the normal distribution function at x, as max(x, 0) - |x| Q(|x|) with Q the upper tail.
   * Within 8 ulp for x >= {@code -}{@value #GAUSS_MAX}; 0 below.
   */
  public static float gelu(float x) {
    return (x > 0 ? x : 0) - geluTail(Math.abs(x), false);
  }

  /**
   * The derivative of {@link #gelu}, the normal distribution function plus x times the density; 1
   * minus its mirror image for positive x. Absolute error at most 2e-7; relative error at most 5e-7
   * for x from {@code -}{@value #GAUSS_MAX} to -2.
   */
  public static float geluDerivative(float x) {
    float mirrored = geluTail(Math.abs(x), true);
    return x < 0 ? mirrored : 1 - mirrored;
  }

  /**
   * a Q(a), or Q(a) minus a times the density, for a >= 0: a rational function times e^(-a^2/2),
   * where what rounding a^2 loses is put back to first order.
   */
  private static float geluTail(float a, boolean derivative) {
    if (a > GAUSS_MAX) {
      return 0;
    }
    float minusHalf = a * -0.5f;
    float exponent = minusHalf * a;
    float e = exp(exponent);
    float lost = Math.fma(minusHalf, a, -exponent);
    float gaussian = Math.fma(e, lost, e);
    float y = Math.fma(-6, 1 / (a + 3), 1);
    float p = Q9;
    p = Math.fma(p, y, Q8);
    p = Math.fma(p, y, Q7);
    p = Math.fma(p, y, Q6);
    p = Math.fma(p, y, Q5);
    p = Math.fma(p, y, Q4);
    p = Math.fma(p, y, Q3);
    p = Math.fma(p, y, Q2);
    p = Math.fma(p, y, Q1);
    p = Math.fma(p, y, Q0);
    float factor = derivative ? Math.fma(-GAUSS_PEAK, a, p) : a * p;
    return factor * gaussian;
  }
}
