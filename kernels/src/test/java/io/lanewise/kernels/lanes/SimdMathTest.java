package io.lanewise.kernels.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;

/** {@link SimdMath} has the bits of {@link FloatMath} in every lane. */
class SimdMathTest {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;

  @Test
  void exp() {
    check(SimdMath::exp, FloatMath::exp);
  }

  @Test
  void sigmoid() {
    check(SimdMath::sigmoid, FloatMath::sigmoid);
  }

  @Test
  void tanh() {
    check(SimdMath::tanh, FloatMath::tanh);
  }

  @Test
  void silu() {
    check(SimdMath::silu, FloatMath::silu);
  }

  @Test
  void siluDerivative() {
    check(SimdMath::siluDerivative, FloatMath::siluDerivative);
  }

  @Test
  void gelu() {
    check(SimdMath::gelu, FloatMath::gelu);
  }

  @Test
  void geluDerivative() {
    check(SimdMath::geluDerivative, FloatMath::geluDerivative);
  }

  /** Floats of every exponent and sign, special values, and many from -110 to 110. */
  private static void check(UnaryOperator<FloatVector> vector, FloatMathTest.FloatFunction scalar) {
    float[] x = new float[F.length()];
    float[] found = new float[F.length()];
    int step = 262_139;
    for (long bits = 0; bits < 1L << 32; bits += (long) step * x.length) {
      for (int i = 0; i < x.length; i++) {
        x[i] = Float.intBitsToFloat((int) (bits + (long) step * i));
      }
      compare(vector, scalar, x, found);
    }
    for (int start = -110 * 128; start < 110 * 128; start += x.length) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (start + i) / 128f;
      }
      compare(vector, scalar, x, found);
    }
    float[] special = {
      0, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.MIN_VALUE
    };
    for (float value : special) {
      Arrays.fill(x, value);
      compare(vector, scalar, x, found);
    }
  }

  private static void compare(
      UnaryOperator<FloatVector> vector,
      FloatMathTest.FloatFunction scalar,
      float[] x,
      float[] found) {
    vector.apply(FloatVector.fromArray(F, x, 0)).intoArray(found, 0);
    for (int i = 0; i < x.length; i++) {
      float expected = scalar.at(x[i]);
      if (Float.floatToIntBits(expected) != Float.floatToIntBits(found[i])) {
        assertEquals(expected, found[i], "at " + x[i]);
      }
    }
  }
}
