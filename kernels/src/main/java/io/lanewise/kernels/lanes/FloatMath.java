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

  /** Beyond this |x| the tail of gelu is below 2e-7 and taken as zero. */
  static final float GELU_MAX = 5.6f;

  /** Beyond this |x| the derivative of gelu is within 1.2e-7 of 0 or 1 and taken as that. */
  static final float GELU_DERIVATIVE_MAX = 5.8f;

  // Rational fit in t = x^2 of (P(x) - 1/2) / x, P the normal distribution function, for |x| up to
  // 5.6; P comes out within 1e-8 before rounding.
  static final float P0 = 0.39894223f;
  static final float P1 = 0.03420845f;
  static final float P2 = 0.004696116f;
  static final float P3 = 1.7201534e-4f;
  static final float P4 = 6.3323305e-6f;
  static final float P5 = 2.2206857e-8f;
  static final float Q1 = 0.25241384f;
  static final float Q2 = 0.028841812f;
  static final float Q3 = 0.0019027268f;
  static final float Q4 = 7.445004e-5f;
  static final float Q5 = 1.180199e-6f;

  // The same for (d(x) - 1/2) / x, d the derivative of gelu, for |x| up to 5.8; within 2.4e-8.
  static final float D0 = 0.79788464f;
  static final float D1 = -0.043972302f;
  static final float D2 = 0.014614118f;
  static final float D3 = -1.8800872e-4f;
  static final float D4 = 3.2570926e-5f;
  static final float D5 = -1.677617e-7f;
  static final float D6 = 3.4707783e-9f;
  static final float D7 = -1.9335542e-11f;
  static final float S1 = 0.27822343f;
  static final float S2 = 0.036053892f;
  static final float S3 = 0.0028244236f;
  static final float S4 = 1.408928e-4f;
  static final float S5 = 4.8566894e-6f;

  private static final double LN2 = 0.6931471805599453;

  /** Beyond this power of 2 a float is 0 or infinite. */
  private static final double MOST_POWER = 200;

  /** Bits of the fraction of a double. */
  private static final int DOUBLE_FRACTION = 52;

  private static final long DOUBLE_BIAS = 1023;

  /** The square root of 1/2: mantissas are taken from here to twice that. */
  private static final long ROOT_HALF_BITS = 0x3FE6A09E667F3BCDL;

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

  /**
   * x^y as 2^(y log2 x), computed in double, whose operations have the same bits everywhere; so it
   * needs no twin on vectors. Within 0.501 ulp for positive finite x and |y| up to 100, where the
   * result is normal; at other x it is {@link StrictMath#pow}.
   */
  public static float pow(float x, float y) {
    if (!(x > 0 && x < Float.POSITIVE_INFINITY)) {
      return (float) StrictMath.pow(x, y);
    }
    double power = Math.max(-MOST_POWER, Math.min(MOST_POWER, y * log2(x)));
    double n = Math.rint(power);
    double r = (power - n) * LN2;
    double q = 1.0 / 3628800;
    q = Math.fma(q, r, 1.0 / 362880);
    q = Math.fma(q, r, 1.0 / 40320);
    q = Math.fma(q, r, 1.0 / 5040);
    q = Math.fma(q, r, 1.0 / 720);
    q = Math.fma(q, r, 1.0 / 120);
    q = Math.fma(q, r, 1.0 / 24);
    q = Math.fma(q, r, 1.0 / 6);
    q = Math.fma(q, r, 0.5);
    q = Math.fma(q, r, 1);
    q = Math.fma(q, r, 1);
    return (float) (q * Double.longBitsToDouble((long) n + DOUBLE_BIAS << DOUBLE_FRACTION));
  }

  /** e + log2(m) with x = 2^e m and m around 1, from the series of artanh((m - 1) / (m + 1)). */
  private static double log2(float x) {
    long bits = Double.doubleToRawLongBits(x);
    long e = bits - ROOT_HALF_BITS >> DOUBLE_FRACTION;
    double m = Double.longBitsToDouble(bits - (e << DOUBLE_FRACTION));
    double t = (m - 1) / (m + 1);
    double square = t * t;
    double q = 1.0 / 17;
    q = Math.fma(q, square, 1.0 / 15);
    q = Math.fma(q, square, 1.0 / 13);
    q = Math.fma(q, square, 1.0 / 11);
    q = Math.fma(q, square, 1.0 / 9);
    q = Math.fma(q, square, 1.0 / 7);
    q = Math.fma(q, square, 1.0 / 5);
    q = Math.fma(q, square, 1.0 / 3);
    q = Math.fma(q, square, 1);
    return Math.fma(2 / LN2 * t, q, e);
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
   * x P(x) with P the normal distribution function, as max(x, 0) - |x| (1 - P(|x|)). P is within
   * 1.5e-7 of its value, so the result is within 4 ulp for x >= 0 and within 1.5e-7 |x| below; 0
   * below {@code -}{@value #GELU_MAX}.
   */
  public static float gelu(float x) {
    float a = Math.abs(x);
    float t = a * a;
    float p = P5;
    p = Math.fma(p, t, P4);
    p = Math.fma(p, t, P3);
    p = Math.fma(p, t, P2);
    p = Math.fma(p, t, P1);
    p = Math.fma(p, t, P0);
    float q = Q5;
    q = Math.fma(q, t, Q4);
    q = Math.fma(q, t, Q3);
    q = Math.fma(q, t, Q2);
    q = Math.fma(q, t, Q1);
    q = Math.fma(q, t, 1);
    float tail = a > GELU_MAX ? 0 : a * Math.fma(-a, p / q, 0.5f);
    return (x > 0 ? x : 0) - tail;
  }

  /**
   * The derivative of {@link #gelu}, the normal distribution function plus x times the density; 1
   * minus its mirror image for positive x. Absolute error at most 2e-7.
   */
  public static float geluDerivative(float x) {
    float a = Math.abs(x);
    float t = a * a;
    float p = D7;
    p = Math.fma(p, t, D6);
    p = Math.fma(p, t, D5);
    p = Math.fma(p, t, D4);
    p = Math.fma(p, t, D3);
    p = Math.fma(p, t, D2);
    p = Math.fma(p, t, D1);
    p = Math.fma(p, t, D0);
    float q = S5;
    q = Math.fma(q, t, S4);
    q = Math.fma(q, t, S3);
    q = Math.fma(q, t, S2);
    q = Math.fma(q, t, S1);
    q = Math.fma(q, t, 1);
    float mirrored = a > GELU_DERIVATIVE_MAX ? 0 : Math.fma(-a, p / q, 0.5f);
    return x < 0 ? mirrored : 1 - mirrored;
  }
}
