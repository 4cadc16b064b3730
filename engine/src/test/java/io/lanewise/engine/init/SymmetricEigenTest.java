package io.lanewise.engine.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.random.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricEigenTest {
  @Test
  void knowsSmallMatrices() {
    SymmetricEigen eigen = SymmetricEigen.of(new double[][] {{2, 1}, {1, 2}});
    double root = Math.sqrt(0.5);
    assertArrayEquals(new double[] {3, 1}, eigen.values(), 1e-15);
    assertArrayEquals(new double[] {root, root}, eigen.vector(0), 1e-15);
    assertArrayEquals(new double[] {3, 2, -1}, SymmetricEigen.of(diagonal(-1, 3, 2)).values());
    assertArrayEquals(new double[] {1, 1}, SymmetricEigen.of(diagonal(1, 1)).values());
  }

  private static double[][] diagonal(double... values) {
    double[][] matrix = new double[values.length][values.length];
    for (int i = 0; i < values.length; i++) {
      matrix[i][i] = values[i];
    }
    return matrix;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12, 27})
  void decomposesRandomMatrices(int n) {
    Seeds random = Seeds.stream(5, n);
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = random.nextGaussian();
        matrix[j][i] = matrix[i][j];
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(matrix);
    for (int a = 0; a < n; a++) {
      double[] vector = eigen.vector(a);
      assertTrue(a == 0 || eigen.values()[a] <= eigen.values()[a - 1]);
      for (int i = 0; i < n; i++) {
        double product = 0;
        for (int j = 0; j < n; j++) {
          product += matrix[i][j] * vector[j];
        }
        assertEquals(eigen.values()[a] * vector[i], product, 1e-13 * n);
      }
      for (int b = 0; b < n; b++) {
        double dot = 0;
        for (int i = 0; i < n; i++) {
          dot += vector[i] * eigen.vector(b)[i];
        }
        assertEquals(a == b ? 1 : 0, dot, 1e-14 * n);
      }
    }
  }

  @Test
  void refusesWhatIsNotSymmetric() {
    assertThrows(
        IllegalArgumentException.class, () -> SymmetricEigen.of(new double[][] {{1, 2}, {3, 1}}));
    assertThrows(IllegalArgumentException.class, () -> SymmetricEigen.of(new double[][] {{1, 2}}));
    assertThrows(
        IllegalArgumentException.class,
        () -> SymmetricEigen.of(new double[][] {{1, Double.NaN}, {Double.NaN, 1}}));
  }
}
