package io.lanewise.engine.init;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, by the cyclic method of Jacobi (1846;
 * Golub and Van Loan, "Matrix computations", 8.5): plane rotations, each of which makes one pair of
 * elements zero, sweep over the matrix until nothing is left beside the diagonal.
 *
 * <p>Deterministic: only {@code + - * /} and square roots, in a fixed order. Eigenvalues come in
 * falling order; of each eigenvector the element of largest absolute value is positive.
 */
public final class SymmetricEigen {
  private static final int MOST_SWEEPS = 60;

  private final double[] values;
  private final double[][] vectors;

  private SymmetricEigen(double[] values, double[][] vectors) {
    this.values = values;
    this.vectors = vectors;
  }

  /**
   * Decomposes a matrix.
   *
   * @param matrix {@code [n][n]}, symmetric; left alone
   * @throws IllegalArgumentException if it is not square and symmetric, or holds NaN
   */
  public static SymmetricEigen of(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][];
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      if (matrix[i].length != n) {
        throw new IllegalArgumentException(
            "eigenvectors: row " + i + " has " + matrix[i].length + " of " + n + " columns");
      }
      a[i] = matrix[i].clone();
      v[i][i] = 1;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        if (a[i][j] != a[j][i]) {
          throw new IllegalArgumentException(
              String.format(
                  "eigenvectors: element [%d][%d] is %s and [%d][%d] is %s, must be the same",
                  i, j, a[i][j], j, i, a[j][i]));
        }
      }
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && beside(a) > 0; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(a, v, p, q);
        }
      }
    }
    return sorted(a, v);
  }

  /** The sum of absolute values above the diagonal. */
  private static double beside(double[][] a) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = i + 1; j < a.length; j++) {
        sum += Math.abs(a[i][j]);
      }
    }
    return sum;
  }

  /** Makes {@code a[p][q]} zero; the columns of v follow. */
  private static void rotate(double[][] a, double[][] v, int p, int q) {
    double tiny = Math.abs(a[p][q]) * 0x1p60;
    if (a[p][q] == 0 || (tiny < Math.abs(a[p][p]) && tiny < Math.abs(a[q][q]))) {
      a[p][q] = 0;
      a[q][p] = 0;
      return;
    }
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double sign = theta < 0 ? -1 : 1;
    double t = sign / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    int n = a.length;
    for (int k = 0; k < n; k++) {
      double akp = a[k][p];
      double akq = a[k][q];
      a[k][p] = c * akp - s * akq;
      a[k][q] = s * akp + c * akq;
    }
    for (int k = 0; k < n; k++) {
      double apk = a[p][k];
      double aqk = a[q][k];
      a[p][k] = c * apk - s * aqk;
      a[q][k] = s * apk + c * aqk;
    }
    a[p][q] = 0;
    a[q][p] = 0;
    for (int k = 0; k < n; k++) {
      double vkp = v[k][p];
      double vkq = v[k][q];
      v[k][p] = c * vkp - s * vkq;
      v[k][q] = s * vkp + c * vkq;
    }
  }

  private static SymmetricEigen sorted(double[][] a, double[][] v) {
    int n = a.length;
    boolean[] taken = new boolean[n];
    double[] values = new double[n];
    double[][] vectors = new double[n][n];
    for (int i = 0; i < n; i++) {
      int largest = -1;
      for (int j = 0; j < n; j++) {
        if (!taken[j] && (largest < 0 || a[j][j] > a[largest][largest])) {
          largest = j;
        }
      }
      taken[largest] = true;
      values[i] = a[largest][largest];
      double most = 0;
      for (int k = 0; k < n; k++) {
        vectors[i][k] = v[k][largest];
        most = Math.abs(vectors[i][k]) > Math.abs(most) ? vectors[i][k] : most;
      }
      for (int k = 0; k < n && most < 0; k++) {
        vectors[i][k] = -vectors[i][k];
      }
    }
    return new SymmetricEigen(values, vectors);
  }

  /** The eigenvalues, in falling order. */
  public double[] values() {
    return values.clone();
  }

  /** The eigenvector of an eigenvalue, of length 1. */
  public double[] vector(int index) {
    return vectors[index].clone();
  }
}
