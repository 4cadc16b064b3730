package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/**
 * Convolution in double, from the formula in {@link ConvShape}: every direction visits each product
 * {@code input[inputAt] * weight[weightAt]} that goes into {@code output[outputAt]}.
 */
public final class RefConv2d {
  private RefConv2d() {}

  /** Receives the three indices of one product, and where it stands in the column matrix. */
  @FunctionalInterface
  private interface Product {
    void visit(int inputAt, int weightAt, int outputAt);
  }

  /** Bias may be null. */
  public static double[] forward(ConvShape s, double[] input, double[] weight, double[] bias) {
    double[] output = new double[s.outputSize()];
    for (int i = 0; i < output.length; i++) {
      output[i] = bias == null ? 0 : bias[i % s.oc()];
    }
    products(s, (in, we, out) -> output[out] += input[in] * weight[we]);
    return output;
  }

  /** The gradient of the input. */
  public static double[] backwardInput(ConvShape s, double[] gradOutput, double[] weight) {
    double[] gradInput = new double[s.inputSize()];
    products(s, (in, we, out) -> gradInput[in] += gradOutput[out] * weight[we]);
    return gradInput;
  }

  /** The gradient of the weight. */
  public static double[] backwardWeight(ConvShape s, double[] gradOutput, double[] input) {
    double[] gradWeight = new double[s.weightSize()];
    products(s, (in, we, out) -> gradWeight[we] += gradOutput[out] * input[in]);
    return gradWeight;
  }

  /** The gradient of the bias. */
  public static double[] backwardBias(ConvShape s, double[] gradOutput) {
    double[] gradBias = new double[s.oc()];
    for (int i = 0; i < s.outputSize(); i++) {
      gradBias[i % s.oc()] += gradOutput[i];
    }
    return gradBias;
  }

  /**
   * The column matrix, {@code [n*oh*ow, groups, kh, kw, c/groups]}: what each window sees, zero
   * outside the image.
   */
  public static double[] im2col(ConvShape s, double[] input) {
    double[] columns = new double[s.pixels() * s.groups() * s.patchSize()];
    taps(s, (inputAt, columnAt) -> columns[columnAt] = input[inputAt]);
    return columns;
  }

  /** The adjoint of {@link #im2col}: adds each column value to the pixel it was read from. */
  public static double[] col2im(ConvShape s, double[] columns) {
    double[] gradInput = new double[s.inputSize()];
    taps(s, (inputAt, columnAt) -> gradInput[inputAt] += columns[columnAt]);
    return gradInput;
  }

  private static void products(ConvShape s, Product product) {
    int channels = s.c() / s.groups();
    int outChannels = s.oc() / s.groups();
    taps(
        s,
        (inputAt, columnAt) -> {
          int ofPatch = columnAt % s.patchSize();
          int g = columnAt / s.patchSize() % s.groups();
          int pixel = columnAt / s.patchSize() / s.groups();
          assert inputAt % s.c() == g * channels + ofPatch % channels;
          for (int o = g * outChannels; o < (g + 1) * outChannels; o++) {
            product.visit(inputAt, ofPatch * s.oc() + o, pixel * s.oc() + o);
          }
        });
  }

  /** Receives an input value and its place in the column matrix. */
  @FunctionalInterface
  private interface Tap {
    void visit(int inputAt, int columnAt);
  }

  private static void taps(ConvShape s, Tap tap) {
    Window window = s.window();
    int channels = s.c() / s.groups();
    for (int img = 0; img < s.n(); img++) {
      for (int oy = 0; oy < s.oh(); oy++) {
        for (int ox = 0; ox < s.ow(); ox++) {
          for (int g = 0; g < s.groups(); g++) {
            for (int ky = 0; ky < window.kh(); ky++) {
              for (int kx = 0; kx < window.kw(); kx++) {
                int iy = oy * window.strideH() + ky * window.dilationH() - window.padTop();
                int ix = ox * window.strideW() + kx * window.dilationW() - window.padLeft();
                if (iy < 0 || iy >= s.h() || ix < 0 || ix >= s.w()) {
                  continue;
                }
                for (int ic = 0; ic < channels; ic++) {
                  int pixel = (img * s.oh() + oy) * s.ow() + ox;
                  int tapAt = ky * window.kw() + kx;
                  tap.visit(
                      ((img * s.h() + iy) * s.w() + ix) * s.c() + g * channels + ic,
                      (pixel * s.groups() + g) * s.patchSize() + tapAt * channels + ic);
                }
              }
            }
          }
        }
      }
    }
  }
}
