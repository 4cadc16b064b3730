package io.lanewise.kernels.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.reference.RefActivation;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The accuracy that {@link FloatMath} states, and its values at special places. */
class FloatMathTest {
  /** A function of floats. */
  interface FloatFunction {
    float at(float x);
  }

  /** The largest error at an expected value. */
  interface Error {
    double of(double difference, double expected);
  }

  private static final Error ULPS = (d, expected) -> d / Math.ulp((float) expected);
  private static final Error ABSOLUTE = (d, expected) -> d;
  private static final Error RELATIVE = (d, expected) -> d / Math.abs(expected);

  @Test
  void exp() {
    check(FloatMath::exp, Math::exp, FloatMath.EXP_MIN, FloatMath.EXP_MAX, ULPS, 1.1);
  }

  @Test
  void pow() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000_000; i++) {
      float x = Float.intBitsToFloat(1 + random.nextInt(0x7F7FFFFF));
      float y = (random.nextFloat() * 2 - 1) * (i % 2 == 0 ? 1.5f : 100);
      x = i % 4 == 0 ? (float) Math.pow(x, 0.01) : x;
      double expected = StrictMath.pow(x, y);
      if (expected >= Float.MIN_NORMAL && expected < Float.MAX_VALUE) {
        double error = Math.abs(FloatMath.pow(x, y) - expected) / Math.ulp((float) expected);
        assertTrue(error <= 0.501, x + "^" + y + " is " + error + " ulp off");
      }
    }
  }

  @Test
  void powAtSpecialPlaces() {
    float[] places = {0, 1, Float.MIN_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN};
    for (float x : places) {
      for (float y : new float[] {0, 1, -1, 100, -100, 0.5f}) {
        assertEquals((float) StrictMath.pow(x, y), FloatMath.pow(x, y), x + "^" + y);
      }
    }
  }

  @Test
  void sigmoid() {
    check(FloatMath::sigmoid, RefActivation::sigmoid, -87.3f, 200, ULPS, 2.5);
    check(FloatMath::sigmoid, RefActivation::sigmoid, -200, -87.3f, ABSOLUTE, 4e-39);
  }

  @Test
  void tanh() {
    check(FloatMath::tanh, Math::tanh, -1, 1, ULPS, 2.5);
    check(FloatMath::tanh, Math::tanh, -100, 100, ULPS, 2.5);
  }

  @Test
  void silu() {
    check(FloatMath::silu, RefActivation::silu, -FloatMath.EXP_MAX, 200, ULPS, 2.5);
    check(FloatMath::silu, RefActivation::silu, -200, -FloatMath.EXP_MAX, ABSOLUTE, 3e-37);
  }

  @Test
  void siluDerivative() {
    DoubleUnaryOperator reference = RefActivation::siluDerivative;
    check(FloatMath::siluDerivative, reference, -200, 200, ABSOLUTE, 2e-7);
    check(FloatMath::siluDerivative, reference, -87, -3, RELATIVE, 5e-7);
  }

  @Test
  void gelu() {
    check(FloatMath::gelu, RefActivation::gelu, 0, 200, ULPS, 4);
    check(FloatMath::gelu, RefActivation::gelu, 0, 4, ULPS, 4);
    check(FloatMath::gelu, RefActivation::gelu, -200, 0, ABSOLUTE, 1.5e-7 * FloatMath.GELU_MAX);
    check(FloatMath::gelu, RefActivation::gelu, -4, 0, ABSOLUTE, 1.5e-7 * 4);
    check(FloatMath::gelu, RefActivation::gelu, -1, 0, ABSOLUTE, 1.5e-7);
  }

  @Test
  void geluDerivative() {
    DoubleUnaryOperator reference = RefActivation::geluDerivative;
    check(FloatMath::geluDerivative, reference, -200, 200, ABSOLUTE, 2e-7);
    check(FloatMath::geluDerivative, reference, -4, 4, ABSOLUTE, 2e-7);
  }

  @Test
  void expAtItsLimits() {
    assertEquals(1, FloatMath.exp(0));
    assertEquals(1, FloatMath.exp(-0f));
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.exp(Float.POSITIVE_INFINITY));
    assertEquals(0, FloatMath.exp(Float.NEGATIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.exp(Math.nextUp(FloatMath.EXP_MAX)));
    assertTrue(FloatMath.exp(FloatMath.EXP_MAX) < Float.POSITIVE_INFINITY);
    assertEquals(0, FloatMath.exp(Math.nextDown(FloatMath.EXP_MIN)));
    assertTrue(FloatMath.exp(FloatMath.EXP_MIN) >= Float.MIN_NORMAL);
  }

  @Test
  void nanStaysNan() {
    for (int bits : new int[] {0x7fc00000, 0x7f800001, 0x7fffffff, 0xffc12345}) {
      float nan = Float.intBitsToFloat(bits);
      assertEquals(Float.NaN, FloatMath.exp(nan));
      assertEquals(Float.NaN, FloatMath.sigmoid(nan));
      assertEquals(Float.NaN, FloatMath.tanh(nan));
      assertEquals(Float.NaN, FloatMath.silu(nan));
      assertEquals(Float.NaN, FloatMath.siluDerivative(nan));
      assertEquals(Float.NaN, FloatMath.gelu(nan));
      assertEquals(Float.NaN, FloatMath.geluDerivative(nan));
    }
  }

  @Test
  void limits() {
    float high = Float.POSITIVE_INFINITY;
    assertEquals(1, FloatMath.sigmoid(high));
    assertEquals(0, FloatMath.sigmoid(-high));
    assertEquals(1, FloatMath.tanh(high));
    assertEquals(-1, FloatMath.tanh(-high));
    assertEquals(high, FloatMath.silu(high));
    assertEquals(0, FloatMath.silu(-high));
    assertEquals(1, FloatMath.siluDerivative(high));
    assertEquals(0, FloatMath.siluDerivative(-high));
    assertEquals(high, FloatMath.gelu(high));
    assertEquals(0, FloatMath.gelu(-high));
    assertEquals(1, FloatMath.geluDerivative(high));
    assertEquals(0, FloatMath.geluDerivative(-high));
    assertEquals(0.5f, FloatMath.sigmoid(0));
    assertEquals(-0f, FloatMath.tanh(-0f));
    assertEquals(Float.MIN_VALUE, FloatMath.tanh(Float.MIN_VALUE));
  }

  @Test
  void tanhIsOdd() {
    sweep(-20, 20, x -> assertEquals(-FloatMath.tanh(x), FloatMath.tanh(-x)));
  }

  @Test
  void rangesAreKept() {
    sweep(
        -200,
        200,
        x -> {
          assertTrue(Math.abs(FloatMath.tanh(x)) <= 1);
          float s = FloatMath.sigmoid(x);
          assertTrue(s >= 0 && s <= 1);
        });
  }

  private static void check(
      FloatFunction found,
      DoubleUnaryOperator reference,
      float low,
      float high,
      Error error,
      double most) {
    double[] worst = {0, 0};
    sweep(
        low,
        high,
        x -> {
          double expected = reference.applyAsDouble(x);
          double off = error.of(Math.abs(found.at(x) - expected), expected);
          if (!(off <= worst[0])) {
            worst[0] = off;
            worst[1] = x;
          }
        });
    assertTrue(worst[0] <= most, "off by " + worst[0] + " at " + worst[1] + ", bound " + most);
  }

  private interface Visitor {
    void visit(float x);
  }

  /** Floats from low to high: some of every exponent, and evenly spread ones. */
  private static void sweep(float low, float high, Visitor visitor) {
    int step = Grids.full() ? 997 : 65521;
    for (long bits = 0; bits < 1L << 32; bits += step) {
      float x = Float.intBitsToFloat((int) bits);
      if (x >= low && x <= high) {
        visitor.visit(x);
      }
    }
    int count = Grids.full() ? 4_000_000 : 50_000;
    for (int i = 0; i <= count; i++) {
      visitor.visit(low + (float) ((high - (double) low) * i / count));
    }
  }
}
