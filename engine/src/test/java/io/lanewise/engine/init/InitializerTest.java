package io.lanewise.engine.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Variances and limits of the first weights of a 5x5 convolution from 20 to 40 channels. */
class InitializerTest {
  private static final int FAN_IN = 5 * 5 * 20;
  private static final int FAN_OUT = 5 * 5 * 40;

  private static float[] fill(Initializer initializer) {
    Parameter weight = new Parameter("w", Shape.of(5, 5, 20, 40), true);
    initializer.fill(weight, Seeds.stream(1));
    return weight.value();
  }

  private static double variance(float[] values) {
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / values.length;
    assertEquals(0, mean, 0.002);
    return squares / values.length - mean * mean;
  }

  @Test
  void variances() {
    assertEquals(2.0 / FAN_IN, variance(fill(Initializer.he())), 0.04 * 2 / FAN_IN);
    assertEquals(1.0 / FAN_IN, variance(fill(Initializer.gaussianFanIn())), 0.04 / FAN_IN);
    assertEquals(0.01 * 0.01, variance(fill(Initializer.gaussian(0.01))), 0.04 * 0.01 * 0.01);
    double xavier = 2.0 / (FAN_IN + FAN_OUT);
    assertEquals(xavier, variance(fill(Initializer.xavier())), 0.04 * xavier);
  }

  @Test
  void xavierIsUniform() {
    double limit = Math.sqrt(6.0 / (FAN_IN + FAN_OUT));
    double largest = 0;
    for (float value : fill(Initializer.xavier())) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest <= limit && largest > 0.99 * limit, largest + " of " + limit);
  }

  @Test
  void constants() {
    float[] tenth = new float[5 * 5 * 20 * 40];
    assertArrayEquals(tenth, fill(Initializer.zeros()));
    Arrays.fill(tenth, 0.1f);
    assertArrayEquals(tenth, fill(Initializer.constant(0.1f)));
  }
}
