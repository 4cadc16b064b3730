package io.lanewise.engine.init;

import io.lanewise.engine.random.Seeds;

/**
 * {@link Initializer#orthogonal}: Gaussian vectors made orthonormal by the method of Gram and
 * Schmidt, each reduced twice against those before it, which keeps right angles to rounding.
 *
 * <p>The weight is a matrix of fan-in rows and a column an output. If it has more columns than
 * rows, its rows are orthonormal instead.
 */
final class Orthogonal implements Initializer {
  @Override
  public void fill(float[] values, int fanIn, int fanOut, Seeds random) {
    int rows = fanIn;
    int columns = values.length / fanIn;
    int count = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    double[][] vectors = new double[count][length];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < length; j++) {
        vectors[i][j] = random.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int before = 0; before < i; before++) {
          addScaled(-dot(vectors[i], vectors[before]), vectors[before], vectors[i]);
        }
      }
      double norm = Math.sqrt(dot(vectors[i], vectors[i]));
      for (int j = 0; j < length; j++) {
        vectors[i][j] /= norm;
      }
    }
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < columns; col++) {
        double value = columns <= rows ? vectors[col][row] : vectors[row][col];
        values[row * columns + col] = (float) value;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void addScaled(double factor, double[] a, double[] sum) {
    for (int i = 0; i < a.length; i++) {
      sum[i] += factor * a[i];
    }
  }
}
