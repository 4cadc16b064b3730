package io.lanewise.engine.optim;

import io.lanewise.kernels.gemm.Gemm;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.GemmShape;

/**
 * Makes the rows or the columns of a matrix, whichever are fewer, nearly orthonormal: of {@code X =
 * U S V^T} something near {@code U V^T} is left.
 *
 * <p>Each round maps every singular value {@code s} to {@code a s + b s^3 + c s^5}, which needs
 * products only: with the Gram matrix {@code G = X^T X}, {@code X <- a X + X (b G + c G^2)}. The
 * coefficients (Jordan, "Muon: an optimizer for hidden layers in neural networks", 2024) lift small
 * values as fast as can be, at the price that values end anywhere between about 0.7 and 1.2.
 */
final class NewtonSchulz {
  private static final float A = 3.4445f;
  private static final float B = -4.7750f;
  private static final float C = 2.0315f;
  private static final double TINY = 1e-7;

  private final int rounds;
  private float[] gram = {};
  private float[] square = {};
  private float[] product = {};

  NewtonSchulz(int rounds) {
    this.rounds = rounds;
  }

  /**
   * Orthogonalises in place.
   *
   * @param x {@code [rows, columns]}
   * @throws IllegalArgumentException if the array is too short
   */
  void orthogonalize(int rows, int columns, float[] x, Workspace workspace, Parallel parallel) {
    int side = Math.min(rows, columns);
    int size = rows * columns;
    makeRoom(side * side, size);
    scale(1 / (norm(size, x) + TINY), size, x);
    GemmShape gramShape = new GemmShape(side, side, Math.max(rows, columns));
    GemmShape squareShape = new GemmShape(side, side, side);
    GemmShape productShape = new GemmShape(rows, columns, side);
    for (int round = 0; round < rounds; round++) {
      if (columns == side) {
        Gemm.tn(gramShape, x, x, gram, workspace, parallel);
      } else {
        Gemm.nt(gramShape, x, x, gram, workspace, parallel);
      }
      Gemm.nn(squareShape, gram, gram, square, workspace, parallel);
      for (int i = 0; i < side * side; i++) {
        gram[i] = B * gram[i] + C * square[i];
      }
      if (columns == side) {
        Gemm.nn(productShape, x, gram, product, workspace, parallel);
      } else {
        Gemm.nn(productShape, gram, x, product, workspace, parallel);
      }
      for (int i = 0; i < size; i++) {
        x[i] = A * x[i] + product[i];
      }
    }
  }

  private void makeRoom(int squareSize, int size) {
    if (gram.length < squareSize) {
      gram = new float[squareSize];
      square = new float[squareSize];
    }
    if (product.length < size) {
      product = new float[size];
    }
  }

  /** The Frobenius norm, summed in order. */
  static double norm(int size, float[] x) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += (double) x[i] * x[i];
    }
    return Math.sqrt(sum);
  }

  static void scale(double factor, int size, float[] x) {
    float f = (float) factor;
    for (int i = 0; i < size; i++) {
      x[i] *= f;
    }
  }
}
