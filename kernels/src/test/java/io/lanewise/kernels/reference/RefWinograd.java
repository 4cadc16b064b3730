package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/**
 * Convolution by Winograd's tiles in double, from the matrices; or, with absolute values of all
 * inputs and matrices, the sums that rounding errors are measured by.
 */
public final class RefWinograd implements RefTiles {
  private static final Matrices TWO =
      new Matrices(
          2,
          new double[][] {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
          new double[][] {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}},
          new double[][] {{1, 1, 1, 0}, {0, 1, -1, -1}});

  private static final Matrices FOUR =
      new Matrices(
          4,
          new double[][] {
            {4, 0, -5, 0, 1, 0},
            {0, -4, -4, 1, 1, 0},
            {0, 4, -4, -1, 1, 0},
            {0, -2, -1, 2, 1, 0},
            {0, 2, -1, -2, 1, 0},
            {0, 4, 0, -5, 0, 1},
          },
          new double[][] {
            {1 / 4d, 0, 0},
            {-1 / 6d, -1 / 6d, -1 / 6d},
            {-1 / 6d, 1 / 6d, -1 / 6d},
            {1 / 24d, 1 / 12d, 1 / 6d},
            {1 / 24d, -1 / 12d, 1 / 6d},
            {0, 0, 1},
          },
          new double[][] {
            {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1},
          });

  private static final double[][] STRIDED_WEIGHT = {
    {1, 0, 0}, {1, 0, 1}, {0, 0, 1}, {0, 1, 0}, {0, 1, 0},
  };

  private static final Matrices STRIDED =
      new Matrices(
          4,
          new double[][] {
            {1, 0, -1, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, -1, 0, 1}, {0, 1, 0, 0, 0}, {0, 0, 0, 1, 0},
          },
          STRIDED_WEIGHT,
          new double[][] {{1, 1, 0, 1, 0}, {0, 1, 1, 0, 1}});

  private static final Matrices TRANSPOSED =
      new Matrices(
          2,
          new double[][] {{1, -1, 0}, {0, 1, 0}, {0, -1, 1}, {1, 0, 0}, {0, 1, 0}},
          STRIDED_WEIGHT,
          new double[][] {{0, 0, 0, 1, 0}, {1, 1, 0, 0, 0}, {0, 0, 0, 0, 1}, {0, 1, 1, 0, 0}});

  /** B^T, G and A^T, and how far patches lie apart. */
  private record Matrices(int step, double[][] input, double[][] weight, double[][] output) {
    int m() {
      return output.length;
    }

    int patch() {
      return input[0].length;
    }

    int positions() {
      return input.length * input.length;
    }

    Matrices absolute() {
      return new Matrices(step, absolute(input), absolute(weight), absolute(output));
    }

    private static double[][] absolute(double[][] matrix) {
      double[][] result = new double[matrix.length][];
      for (int i = 0; i < matrix.length; i++) {
        result[i] = magnitudes(matrix[i]);
      }
      return result;
    }
  }

  /** Images {@code [n, h, w, c]}, zero outside. */
  private record Images(double[] values, int n, int h, int w, int c) {
    double[] square(int img, int top, int left, int ch, int size) {
      double[] square = new double[size * size];
      for (int i = 0; i < square.length; i++) {
        int y = top + i / size;
        int x = left + i % size;
        square[i] = y >= 0 && y < h && x >= 0 && x < w ? values[at(img, y, x, ch)] : 0;
      }
      return square;
    }

    void add(int img, int top, int left, int ch, int size, double[] square) {
      for (int i = 0; i < square.length; i++) {
        int y = top + i / size;
        int x = left + i % size;
        if (y < h && x < w) {
          values[at(img, y, x, ch)] += square[i];
        }
      }
    }

    private int at(int img, int y, int x, int ch) {
      return ((img * h + y) * w + x) * c + ch;
    }
  }

  private final ConvShape s;
  private final Matrices forwards;
  private final Matrices backwards;

  /**
   * One size of tiles.
   *
   * @param m 2 or 4; 2 at stride 2
   * @param absolute whether every number is replaced by its absolute value
   */
  public RefWinograd(ConvShape s, int m, boolean absolute) {
    boolean strided = s.window().strideH() == 2;
    Matrices atOne = m == 2 ? TWO : FOUR;
    Matrices there = strided ? STRIDED : atOne;
    Matrices back = strided ? TRANSPOSED : atOne;
    this.s = s;
    this.forwards = absolute ? there.absolute() : there;
    this.backwards = absolute ? back.absolute() : back;
  }

  /** The absolute values of an array. */
  public static double[] magnitudes(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = Math.abs(values[i]);
    }
    return result;
  }

  @Override
  public double[] forward(double[] input, double[] weight) {
    Images to = new Images(new double[s.outputSize()], s.n(), s.oh(), s.ow(), s.oc());
    Images from = new Images(input, s.n(), s.h(), s.w(), s.c());
    correlate(forwards, from, s.window().padTop(), s.window().padLeft(), weight, to);
    return to.values();
  }

  @Override
  public double[] backwardInput(double[] gradOutput, double[] weight) {
    Window window = s.window();
    double[] rotated = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      int o = i % s.oc();
      int ch = i / s.oc() % s.c();
      int tap = 8 - i / s.oc() / s.c();
      rotated[(tap * s.oc() + o) * s.c() + ch] = weight[i];
    }
    Images to = new Images(new double[s.inputSize()], s.n(), s.h(), s.w(), s.c());
    Images from = new Images(gradOutput, s.n(), s.oh(), s.ow(), s.oc());
    int padTop = (2 - window.padTop()) / window.strideH();
    int padLeft = (2 - window.padLeft()) / window.strideW();
    correlate(backwards, from, padTop, padLeft, rotated, to);
    return to.values();
  }

  private static void correlate(
      Matrices matrices, Images from, int padTop, int padLeft, double[] weight, Images to) {
    double[][] u = new double[from.c() * to.c()][];
    for (int pair = 0; pair < u.length; pair++) {
      u[pair] = sandwich(matrices.weight(), taps(weight, pair, u.length));
    }
    visit(
        matrices,
        from,
        padTop,
        padLeft,
        to,
        (v, img, oy, ox) -> {
          for (int o = 0; o < to.c(); o++) {
            double[] sums = new double[matrices.positions()];
            for (int ch = 0; ch < from.c(); ch++) {
              for (int p = 0; p < sums.length; p++) {
                sums[p] += v[ch][p] * u[ch * to.c() + o][p];
              }
            }
            to.add(img, oy, ox, o, matrices.m(), sandwich(matrices.output(), sums));
          }
        });
  }

  @Override
  public double[] backwardWeight(double[] gradOutput, double[] input) {
    double[] gradWeight = new double[s.weightSize()];
    double[][] sums = new double[s.c() * s.oc()][forwards.positions()];
    double[][] gradientMatrix = transposed(forwards.output());
    Images gradient = new Images(gradOutput, s.n(), s.oh(), s.ow(), s.oc());
    visit(
        forwards,
        new Images(input, s.n(), s.h(), s.w(), s.c()),
        s.window().padTop(),
        s.window().padLeft(),
        gradient,
        (v, img, oy, ox) -> {
          for (int o = 0; o < s.oc(); o++) {
            double[] e = gradient.square(img, oy, ox, o, forwards.m());
            double[] p = sandwich(gradientMatrix, e);
            for (int ch = 0; ch < s.c(); ch++) {
              for (int i = 0; i < p.length; i++) {
                sums[ch * s.oc() + o][i] += v[ch][i] * p[i];
              }
            }
          }
        });
    double[][] weightMatrix = transposed(forwards.weight());
    for (int pair = 0; pair < sums.length; pair++) {
      double[] taps = sandwich(weightMatrix, sums[pair]);
      for (int tap = 0; tap < 9; tap++) {
        gradWeight[tap * sums.length + pair] = taps[tap];
      }
    }
    return gradWeight;
  }

  /** Receives the transformed patches of a tile's channels. */
  @FunctionalInterface
  private interface Visit {
    void tile(double[][] patches, int img, int oy, int ox);
  }

  private static void visit(
      Matrices matrices, Images from, int padTop, int padLeft, Images to, Visit visit) {
    double[][] patches = new double[from.c()][];
    int m = matrices.m();
    for (int img = 0; img < from.n(); img++) {
      for (int oy = 0; oy < to.h(); oy += m) {
        for (int ox = 0; ox < to.w(); ox += m) {
          int top = oy / m * matrices.step() - padTop;
          int left = ox / m * matrices.step() - padLeft;
          for (int ch = 0; ch < from.c(); ch++) {
            double[] patch = from.square(img, top, left, ch, matrices.patch());
            patches[ch] = sandwich(matrices.input(), patch);
          }
          visit.tile(patches, img, oy, ox);
        }
      }
    }
  }

  private static double[] taps(double[] weight, int pair, int pairs) {
    double[] taps = new double[9];
    for (int tap = 0; tap < 9; tap++) {
      taps[tap] = weight[tap * pairs + pair];
    }
    return taps;
  }

  /** {@code L X L^T} of a square X. */
  private static double[] sandwich(double[][] matrix, double[] x) {
    int rows = matrix.length;
    int size = matrix[0].length;
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
