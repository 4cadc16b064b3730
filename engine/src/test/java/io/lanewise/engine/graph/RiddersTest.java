package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RiddersTest {
  private static final int STEPS = 12;

  private static Ridders central(DoubleUnaryOperator f, double x, double noise) {
    double[] quotients = new double[STEPS];
    double[] errors = new double[STEPS];
    for (int k = 0; k < STEPS; k++) {
      double h = Math.scalb(1.0, -k);
      quotients[k] = (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / (2 * h);
      errors[k] = noise / h;
    }
    return Ridders.limit(quotients, errors, 2);
  }

  @Test
  void derivativesOfSmoothFunctionsWithinTheirError() {
    for (double x : new double[] {-1.3, 0.2, 0.9, 2.5}) {
      Ridders sine = central(Math::sin, x, 1e-16);
      assertEquals(Math.cos(x), sine.value(), 10 * sine.error());
      assertTrue(sine.error() < 1e-10, sine.toString());
      Ridders exp = central(Math::exp, x, 1e-16);
      assertEquals(Math.exp(x), exp.value(), 10 * exp.error());
      assertTrue(exp.error() < 1e-8, exp.toString());
    }
  }

  @Test
  void roundingErrorsAreInTheError() {
    DoubleUnaryOperator rounded = x -> (float) Math.sin(x);
    Ridders limit = central(rounded, 0.7, 0x1p-24);
    assertEquals(Math.cos(0.7), limit.value(), limit.error());
    assertTrue(limit.error() >= limit.noise());
    assertTrue(limit.error() < 1e-5, limit.toString());
  }

  @Test
  void finerStepsOverruleCoarserOnesThatAgreeByChance() {
    double[] quotients = new double[STEPS];
    Arrays.fill(quotients, 0, 6, 1);
    Arrays.fill(quotients, 6, STEPS, 3);
    Ridders limit = Ridders.limit(quotients, new double[STEPS], 2);
    assertEquals(3, limit.value());
    assertEquals(0, limit.error());
  }

  @Test
  void quotientsThatAreNotFiniteAreLeftOut() {
    double[] quotients = new double[STEPS];
    Arrays.fill(quotients, 2);
    quotients[0] = Double.NaN;
    quotients[1] = Double.POSITIVE_INFINITY;
    assertEquals(2, Ridders.limit(quotients, new double[STEPS], 2).value());
    Arrays.fill(quotients, Double.NaN);
    Ridders none = Ridders.limit(quotients, new double[STEPS], 2);
    assertTrue(Double.isNaN(none.value()));
    assertEquals(Double.POSITIVE_INFINITY, none.error());
  }
}
