package io.lanewise.engine.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StructuredWeightsTest {
  @ParameterizedTest
  @CsvSource({"2, 5", "4, 4", "5, 2"})
  void diracPassesChannelsOn(int c, int oc) {
    Parameter weight = new Parameter("w", Shape.of(3, 3, c, oc), true);
    Initializer.dirac(Initializer.constant(7)).fill(weight, Seeds.stream(1));
    for (int tap = 0; tap < 9; tap++) {
      for (int ch = 0; ch < c; ch++) {
        for (int f = 0; f < oc; f++) {
          float expected = f >= c ? 7 : tap == 4 && ch == f ? 1 : 0;
          assertEquals(expected, weight.value()[(tap * c + ch) * oc + f]);
        }
      }
    }
  }

  @Test
  void diracIsForConvolutions() {
    Parameter weight = new Parameter("w", Shape.of(3, 3), true);
    assertThrows(
        IllegalArgumentException.class,
        () -> Initializer.dirac(Initializer.zeros()).fill(weight, Seeds.stream(1)));
  }

  @ParameterizedTest
  @CsvSource({"6, 4", "5, 5", "3, 7"})
  void orthogonalIsOrthonormal(int rows, int columns) {
    Parameter weight = new Parameter("w", Shape.of(rows, columns), true);
    Initializer.orthogonal().fill(weight, Seeds.stream(1));
    int count = Math.min(rows, columns);
    for (int a = 0; a < count; a++) {
      for (int b = 0; b < count; b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(rows, columns); i++) {
          int first = columns <= rows ? i * columns + a : a * columns + i;
          int second = columns <= rows ? i * columns + b : b * columns + i;
          dot += (double) weight.value()[first] * weight.value()[second];
        }
        assertEquals(a == b ? 1 : 0, dot, 1e-6);
      }
    }
  }

  @Test
  void uniformKeepsItsLimit() {
    Parameter weight = new Parameter("w", Shape.of(25, 400), true);
    Initializer.uniformFanIn().fill(weight, Seeds.stream(1));
    double squares = 0;
    for (float value : weight.value()) {
      assertTrue(Math.abs(value) <= 0.2f);
      squares += value * value;
    }
    assertEquals(0.04 / 3, squares / weight.size(), 3e-4);
  }
}
