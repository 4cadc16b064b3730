package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.ConvShape;

/**
 * Convolution by Winograd's tiles in double, from the matrices; or, with absolute values of all
 * inputs and matrices, the sums that rounding errors are measured by.
 */
public final class RefWinograd {
  private static final double[][] BT2 = {
    {1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1},
  };
  private static final double[][] G2 = {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}};
  private static final double[][] AT2 = {{1, 1, 1, 0}, {0, 1, -1, -1}};

  private static final double[][] BT4 = {
    {4, 0, -5, 0, 1, 0},
    {0, -4, -4, 1, 1, 0},
    {0, 4, -4, -1, 1, 0},
    {0, -2, -1, 2, 1, 0},
    {0, 2, -1, -2, 1, 0},
    {0, 4, 0, -5, 0, 1},
  };
  private static final double[][] G4 = {
    {1 / 4d, 0, 0},
    {-1 / 6d, -1 / 6d, -1 / 6d},
    {-1 / 6d, 1 / 6d, -1 / 6d},
    {1 / 24d, 1 / 12d, 1 / 6d},
    {1 / 24d, -1 / 12d, 1 / 6d},
    {0, 0, 1},
  };
  private static final double[][] AT4 = {
    {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1},
  };

  private final ConvShape s;
  private final int m;
  private final double[][] inputMatrix;
  private final double[][] weightMatrix;
  private final double[][] outputMatrix;

  /**
   * One size of tiles.
   *
   * @param m 2 or 4
   * @param absolute whether every number is replaced by its absolute value
   */
  public RefWinograd(ConvShape s, int m, boolean absolute) {
    this.s = s;
    this.m = m;
    this.inputMatrix = absolute(m == 2 ? BT2 : BT4, absolute);
    this.weightMatrix = absolute(m == 2 ? G2 : G4, absolute);
    this.outputMatrix = absolute(m == 2 ? AT2 : AT4, absolute);
  }

  private static double[][] absolute(double[][] matrix, boolean absolute) {
    double[][] result = new double[matrix.length][matrix[0].length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        result[i][j] = absolute ? Math.abs(matrix[i][j]) : matrix[i][j];
      }
    }
    return result;
  }

  /** The absolute values of an array. */
  public static double[] magnitudes(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = Math.abs(values[i]);
    }
    return result;
  }

  /** Visits each tile with the transformed patches of its channels. */
  private interface Visit {
    void tile(double[][] patches, int img, int oy, int ox);
  }

  /** The output without bias. */
  public double[] forward(double[] input, double[] weight) {
    double[] output = new double[s.outputSize()];
    double[][] u = new double[s.c() * s.oc()][];
    for (int pair = 0; pair < u.length; pair++) {
      u[pair] = sandwich(weightMatrix, taps(weight, pair), 3);
    }
    visit(
        input,
        (v, img, oy, ox) -> {
          for (int o = 0; o < s.oc(); o++) {
            double[] sums = new double[(m + 2) * (m + 2)];
            for (int ch = 0; ch < s.c(); ch++) {
              for (int p = 0; p < sums.length; p++) {
                sums[p] += v[ch][p] * u[ch * s.oc() + o][p];
              }
            }
            addTile(output, img, oy, ox, o, sandwich(outputMatrix, sums, m + 2));
          }
        });
    return output;
  }

  /** The gradient of the weight. */
  public double[] backwardWeight(double[] gradOutput, double[] input) {
    double[] gradWeight = new double[s.weightSize()];
    double[][] sums = new double[s.c() * s.oc()][(m + 2) * (m + 2)];
    visit(
        input,
        (v, img, oy, ox) -> {
          for (int o = 0; o < s.oc(); o++) {
            double[] e = tile(gradOutput, img, oy, ox, o);
            double[] gradient = sandwich(transposed(outputMatrix), e, m);
            for (int ch = 0; ch < s.c(); ch++) {
              for (int p = 0; p < gradient.length; p++) {
                sums[ch * s.oc() + o][p] += v[ch][p] * gradient[p];
              }
            }
          }
        });
    for (int pair = 0; pair < sums.length; pair++) {
      double[] taps = sandwich(transposed(weightMatrix), sums[pair], m + 2);
      for (int tap = 0; tap < 9; tap++) {
        gradWeight[tap * s.c() * s.oc() + pair] = taps[tap];
      }
    }
    return gradWeight;
  }

  private void visit(double[] input, Visit visit) {
    double[][] patches = new double[s.c()][];
    for (int img = 0; img < s.n(); img++) {
      for (int oy = 0; oy < s.oh(); oy += m) {
        for (int ox = 0; ox < s.ow(); ox += m) {
          for (int ch = 0; ch < s.c(); ch++) {
            patches[ch] = sandwich(inputMatrix, patch(input, img, oy, ox, ch), m + 2);
          }
          visit.tile(patches, img, oy, ox);
        }
      }
    }
  }

  private double[] taps(double[] weight, int pair) {
    double[] taps = new double[9];
    for (int tap = 0; tap < 9; tap++) {
      taps[tap] = weight[tap * s.c() * s.oc() + pair];
    }
    return taps;
  }

  private double[] patch(double[] input, int img, int oy, int ox, int ch) {
    int t = m + 2;
    double[] patch = new double[t * t];
    for (int y = 0; y < t; y++) {
      for (int x = 0; x < t; x++) {
        int iy = oy + y - s.window().padTop();
        int ix = ox + x - s.window().padLeft();
        boolean inside = iy >= 0 && iy < s.h() && ix >= 0 && ix < s.w();
        int at = ((img * s.h() + iy) * s.w() + ix) * s.c() + ch;
        patch[y * t + x] = inside ? input[at] : 0;
      }
    }
    return patch;
  }

  private double[] tile(double[] output, int img, int oy, int ox, int o) {
    double[] tile = new double[m * m];
    for (int y = 0; y < Math.min(m, s.oh() - oy); y++) {
      for (int x = 0; x < Math.min(m, s.ow() - ox); x++) {
        tile[y * m + x] = output[((img * s.oh() + oy + y) * s.ow() + ox + x) * s.oc() + o];
      }
    }
    return tile;
  }

  private void addTile(double[] output, int img, int oy, int ox, int o, double[] tile) {
    for (int y = 0; y < Math.min(m, s.oh() - oy); y++) {
      for (int x = 0; x < Math.min(m, s.ow() - ox); x++) {
        output[((img * s.oh() + oy + y) * s.ow() + ox + x) * s.oc() + o] += tile[y * m + x];
      }
    }
  }

  /** {@code L X L^T} of a square X. */
  private static double[] sandwich(double[][] matrix, double[] x, int size) {
    int rows = matrix.length;
    double[] left = new double[rows * size];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < size; k++) {
          left[i * size + j] += matrix[i][k] * x[k * size + j];
        }
      }
    }
    double[] result = new double[rows * rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        for (int k = 0; k < size; k++) {
          result[i * rows + j] += left[i * size + k] * matrix[j][k];
        }
      }
    }
    return result;
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        result[j][i] = matrix[i][j];
      }
    }
    return result;
  }
}
