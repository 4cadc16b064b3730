package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.ConvShape;

/**
 * Convolution by tiles along rows, F(4, 5), in double, from the matrices; or, with absolute values
 * of all inputs and matrices, the sums that rounding errors are measured by.
 */
public final class RefRows implements RefTiles {
  private static final double[][] INPUT = {
    {1, 0, -5.25, 0, 5.25, 0, -1, 0},
    {0, 1, 1, -4.25, -4.25, 1, 1, 0},
    {0, -1, 1, 4.25, -4.25, -1, 1, 0},
    {0, .5, .25, -2.5, -1.25, 2, 1, 0},
    {0, -.5, .25, 2.5, -1.25, -2, 1, 0},
    {0, 2, 4, -2.5, -5, .5, 1, 0},
    {0, -2, 4, 2.5, -5, -.5, 1, 0},
    {0, -1, 0, 5.25, 0, -5.25, 0, 1},
  };

  /** Finite points and the factors of their rows of G. */
  private static final double[] POINTS = {0, 1, -1, 2, -2, .5, -.5};

  private static final double[] FACTORS = {
    1, -2 / 9d, -2 / 9d, 1 / 90d, 1 / 90d, 32 / 45d, 32 / 45d
  };

  private static final int PRODUCTS = 8;

  private final ConvShape s;
  private final boolean absolute;

  /**
   * One shape.
   *
   * @param absolute whether every number is replaced by its absolute value
   */
  public RefRows(ConvShape s, boolean absolute) {
    this.s = s;
    this.absolute = absolute;
  }

  private double sign(double value) {
    return absolute ? Math.abs(value) : value;
  }

  private double input(int p, int k) {
    return sign(INPUT[p][k]);
  }

  /** G. */
  private double weight(int p, int k) {
    return p < POINTS.length ? sign(FACTORS[p] * Math.pow(POINTS[p], k)) : k / 4;
  }

  /** A^T. */
  private double output(int j, int p) {
    return p < POINTS.length ? sign(Math.pow(POINTS[p], j)) : j / 3;
  }

  /** Images {@code [n, h, w, c]}, zero outside. */
  private record Images(double[] values, int n, int h, int w, int c) {
    boolean holds(int y, int x) {
      return y >= 0 && y < h && x >= 0 && x < w;
    }

    int at(int img, int y, int x, int ch) {
      return ((img * h + y) * w + x) * c + ch;
    }
  }

  /** Value p of {@code B^T d} of the pixels from x on. */
  private double inputValue(Images from, int img, int y, int x, int ch, int p) {
    double value = 0;
    for (int k = 0; k < PRODUCTS; k++) {
      if (from.holds(y, x + k)) {
        value += input(p, k) * from.values()[from.at(img, y, x + k, ch)];
      }
    }
    return value;
  }

  @Override
  public double[] forward(double[] input, double[] weight) {
    Images from = new Images(input, s.n(), s.h(), s.w(), s.c());
    Images to = new Images(new double[s.outputSize()], s.n(), s.oh(), s.ow(), s.oc());
    correlate(from, s.window().padTop(), s.window().padLeft(), weight, to);
    return to.values();
  }

  @Override
  public double[] backwardInput(double[] gradOutput, double[] weight) {
    double[] rotated = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      int tap = 24 - i / s.oc() / s.c();
      rotated[(tap * s.oc() + i % s.oc()) * s.c() + i / s.oc() % s.c()] = weight[i];
    }
    Images from = new Images(gradOutput, s.n(), s.oh(), s.ow(), s.oc());
    Images to = new Images(new double[s.inputSize()], s.n(), s.h(), s.w(), s.c());
    correlate(from, 4 - s.window().padTop(), 4 - s.window().padLeft(), rotated, to);
    return to.values();
  }

  private void correlate(Images from, int top, int left, double[] weight, Images to) {
    double[] u = weightValues(weight, from.c() * to.c());
    for (int i = 0; i < to.n() * to.h(); i++) {
      int img = i / to.h();
      int oy = i % to.h();
      for (int ox = 0; ox < to.w(); ox += 4) {
        for (int p = 0; p < PRODUCTS; p++) {
          double[] sums = sums(from, img, oy - top, ox - left, p, u, to.c());
          for (int j = 0; j < 4 && ox + j < to.w(); j++) {
            for (int o = 0; o < to.c(); o++) {
              to.values()[to.at(img, oy, ox + j, o)] += output(j, p) * sums[o];
            }
          }
        }
      }
    }
  }

  /** {@code G g}, {@code [p, ky, pairs]}. */
  private double[] weightValues(double[] weight, int pairs) {
    double[] u = new double[PRODUCTS * 5 * pairs];
    for (int i = 0; i < u.length; i++) {
      for (int k = 0; k < 5; k++) {
        int ky = i / pairs % 5;
        u[i] += weight(i / pairs / 5, k) * weight[(ky * 5 + k) * pairs + i % pairs];
      }
    }
    return u;
  }

  /** Value p of a tile's sums, a filter each. */
  private double[] sums(Images from, int img, int y, int x, int p, double[] u, int filters) {
    double[] sums = new double[filters];
    for (int ky = 0; ky < 5; ky++) {
      for (int ch = 0; ch < from.c(); ch++) {
        double value = inputValue(from, img, y + ky, x, ch, p);
        for (int o = 0; o < filters; o++) {
          sums[o] += value * u[((p * 5 + ky) * from.c() + ch) * filters + o];
        }
      }
    }
    return sums;
  }

  @Override
  public double[] backwardWeight(double[] gradOutput, double[] input) {
    double[] gradWeight = new double[s.weightSize()];
    Images from = new Images(input, s.n(), s.h(), s.w(), s.c());
    Images gradient = new Images(gradOutput, s.n(), s.oh(), s.ow(), s.oc());
    for (int p = 0; p < PRODUCTS; p++) {
      double[] sums = gradientSums(from, gradient, p);
      for (int i = 0; i < gradWeight.length; i++) {
        int pairs = s.c() * s.oc();
        int tap = i / pairs;
        gradWeight[i] += weight(p, tap % 5) * sums[tap / 5 * pairs + i % pairs];
      }
    }
    return gradWeight;
  }

  /** Q of one product, {@code [ky, c, oc]}. */
  private double[] gradientSums(Images from, Images gradient, int p) {
    double[] sums = new double[5 * s.c() * s.oc()];
    for (int i = 0; i < s.n() * s.oh(); i++) {
      int img = i / s.oh();
      int oy = i % s.oh();
      for (int ox = 0; ox < s.ow(); ox += 4) {
        double[] values = gradientValues(gradient, img, oy, ox, p);
        for (int row = 0; row < 5 * s.c(); row++) {
          int y = oy - s.window().padTop() + row / s.c();
          double v = inputValue(from, img, y, ox - s.window().padLeft(), row % s.c(), p);
          for (int o = 0; o < s.oc(); o++) {
            sums[row * s.oc() + o] += v * values[o];
          }
        }
      }
    }
    return sums;
  }

  /** Value p of {@code A e} of a tile, a filter each. */
  private double[] gradientValues(Images gradient, int img, int oy, int ox, int p) {
    double[] values = new double[s.oc()];
    for (int j = 0; j < 4 && ox + j < s.ow(); j++) {
      for (int o = 0; o < s.oc(); o++) {
        values[o] += output(j, p) * gradient.values()[gradient.at(img, oy, ox + j, o)];
      }
    }
    return values;
  }
}
