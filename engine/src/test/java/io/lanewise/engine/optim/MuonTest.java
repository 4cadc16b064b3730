package io.lanewise.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.init.SymmetricEigen;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Orthogonal steps against plain loops in double, and against what they promise. */
class MuonTest {
  private static float[] gaussian(int size, long seed) {
    Random random = new Random(seed);
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** {@code a X + (b G + c G^2) X} with {@code G = X X^T}, from a matrix scaled to norm 1. */
  private static double[][] reference(int rows, int columns, float[] from, int rounds) {
    double[][] x = new double[rows][columns];
    double norm = 0;
    for (float value : from) {
      norm += (double) value * value;
    }
    norm = Math.sqrt(norm);
    for (int i = 0; i < rows * columns; i++) {
      x[i / columns][i % columns] = from[i] / norm;
    }
    for (int round = 0; round < rounds; round++) {
      double[][] gram = product(x, transposed(x));
      double[][] square = product(gram, gram);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < rows; j++) {
          gram[i][j] = -4.7750 * gram[i][j] + 2.0315 * square[i][j];
        }
      }
      double[][] lifted = product(gram, x);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          x[i][j] = 3.4445 * x[i][j] + lifted[i][j];
        }
      }
    }
    return x;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int p = 0; p < b.length; p++) {
          c[i][j] += a[i][p] * b[p][j];
        }
      }
    }
    return c;
  }

  private static double[][] transposed(double[][] a) {
    double[][] t = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        t[j][i] = a[i][j];
      }
    }
    return t;
  }

  private static void orthogonalize(int rows, int columns, int rounds, float[] x) {
    Parallel parallel = Parallel.serial();
    new NewtonSchulz(rounds).orthogonalize(rows, columns, x, new Workspace(parallel), parallel);
  }

  @Test
  void roundsAreThoseOfTheFormulaForWideAndTallMatrices() {
    for (int[] size : new int[][] {{5, 9}, {9, 5}, {7, 7}, {40, 33}, {1, 3}, {3, 1}}) {
      float[] x = gaussian(size[0] * size[1], 1);
      double[][] expected = reference(size[0], size[1], x, 3);
      orthogonalize(size[0], size[1], 3, x);
      for (int i = 0; i < x.length; i++) {
        assertEquals(expected[i / size[1]][i % size[1]], x[i], 2e-5, size[0] + "x" + size[1]);
      }
    }
  }

  @Test
  void singularValuesComeNearOne() {
    int rows = 60;
    int columns = 12;
    float[] x = gaussian(rows * columns, 2);
    orthogonalize(rows, columns, 6, x);
    double[][] gram = new double[columns][columns];
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        for (int r = 0; r < rows; r++) {
          gram[i][j] += (double) x[r * columns + i] * x[r * columns + j];
        }
      }
    }
    for (double squared : SymmetricEigen.of(gram).values()) {
      assertTrue(squared > 0.6 * 0.6 && squared < 1.3 * 1.3, "singular value^2 " + squared);
    }
  }

  @Test
  void zerosStayZeros() {
    float[] x = new float[12];
    orthogonalize(4, 3, 3, x);
    assertArrayEquals(new float[12], x);
  }

  /** Two steps, filters and biases, against the formulas. */
  @Test
  void stepsAreThoseOfTheFormulas() {
    Parameter filters = new Parameter("conv1.weight", Shape.of(3, 3, 2, 4), true);
    Parameter bias = new Parameter("conv1.bias", Shape.of(4), false);
    float[] w = gaussian(72, 3);
    filters.set(w);
    bias.set(1, 2, 3, 4);
    Muon muon = new Muon(List.of(filters, bias), 0.5, 0.6, 0.9, 0, 0);
    double[] velocity = new double[72];
    double[] expected = new double[72];
    for (int i = 0; i < 72; i++) {
      expected[i] = w[i];
    }
    double biasVelocity = 0;
    double biasValue = 1;
    for (int t = 0; t < 2; t++) {
      float[] grad = gaussian(72, 10 + t);
      System.arraycopy(grad, 0, filters.grad(), 0, 72);
      java.util.Arrays.fill(bias.grad(), t + 1);
      muon.step(Parallel.serial());

      float[] ahead = new float[72];
      double norm = 0;
      for (int i = 0; i < 72; i++) {
        velocity[i] = 0.6 * velocity[i] + grad[i];
        ahead[i] = (float) (grad[i] + 0.6 * velocity[i]);
        norm += expected[i] * expected[i];
      }
      double[][] step = reference(18, 4, ahead, 3);
      for (int i = 0; i < 72; i++) {
        expected[i] = expected[i] * Math.sqrt(4 / norm) - 0.5 * step[i / 4][i % 4];
        assertEquals(expected[i], filters.value()[i], 2e-5, "step " + t);
      }
      biasVelocity = 0.9 * biasVelocity + t + 1;
      biasValue -= 0.5 * (t + 1 + 0.9 * biasVelocity);
      assertEquals(biasValue, bias.value()[0], 1e-5, "step " + t);
    }
  }

  @Test
  void bitsDoNotDependOnThreads() {
    float[] alone = afterStep(Parallel.serial());
    for (int threads : new int[] {2, 3, 7}) {
      try (Parallel parallel = Parallel.of(threads)) {
        assertArrayEquals(alone, afterStep(parallel), threads + " threads");
      }
    }
  }

  private static float[] afterStep(Parallel parallel) {
    Parameter filters = new Parameter("conv1.weight", Shape.of(3, 3, 32, 48), true);
    filters.set(gaussian(filters.size(), 4));
    System.arraycopy(gaussian(filters.size(), 5), 0, filters.grad(), 0, filters.size());
    new Muon(List.of(filters), 0.2, 0.6, 0.9, 0, 0).step(parallel);
    return filters.value();
  }
}
