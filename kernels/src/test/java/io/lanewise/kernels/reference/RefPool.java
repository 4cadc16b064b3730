package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.Window;
import java.util.Arrays;

/** Max and average pooling in double, from the formulas of PyTorch's MaxPool2d and AvgPool2d. */
public final class RefPool {
  private RefPool() {}

  /** Receives one tap inside the image. */
  @FunctionalInterface
  private interface Tap {
    void visit(int inputAt, int tap, int outputAt);
  }

  /** The greatest value of each window; argmax receives its tap, {@code ky*kw + kx}. */
  public static double[] max(PoolShape s, double[] input, int[] argmax) {
    double[] output = new double[s.outputSize()];
    Arrays.fill(output, Double.NEGATIVE_INFINITY);
    Arrays.fill(argmax, 0, output.length, -1);
    taps(
        s,
        (in, tap, out) -> {
          if (argmax[out] < 0 || input[in] > output[out] || Double.isNaN(input[in])) {
            output[out] = input[in];
            argmax[out] = tap;
          }
        });
    return output;
  }

  /** The gradient of the input of {@link #max}. */
  public static double[] maxBackward(PoolShape s, double[] gradOutput, int[] argmax) {
    double[] gradInput = new double[s.inputSize()];
    taps(s, (in, tap, out) -> gradInput[in] += argmax[out] == tap ? gradOutput[out] : 0);
    return gradInput;
  }

  /** The average of each window. */
  public static double[] average(PoolShape s, double[] input) {
    double[] output = new double[s.outputSize()];
    taps(s, (in, tap, out) -> output[out] += input[in]);
    double[] cells = cells(s);
    Arrays.setAll(output, out -> output[out] / cells[out]);
    return output;
  }

  /** The gradient of the input of {@link #average}. */
  public static double[] averageBackward(PoolShape s, double[] gradOutput) {
    double[] gradInput = new double[s.inputSize()];
    double[] cells = cells(s);
    taps(s, (in, tap, out) -> gradInput[in] += gradOutput[out] / cells[out]);
    return gradInput;
  }

  /** For each output value, how many taps lie in the image, or in it and its padding. */
  private static double[] cells(PoolShape s) {
    double[] cells = new double[s.outputSize()];
    Window v = s.window();
    int top = s.paddingCounts() ? -v.padTop() : 0;
    int left = s.paddingCounts() ? -v.padLeft() : 0;
    int bottom = s.paddingCounts() ? s.h() + v.padBottom() : s.h();
    int right = s.paddingCounts() ? s.w() + v.padRight() : s.w();
    taps(s, top, left, bottom, right, (in, tap, out) -> cells[out]++);
    return cells;
  }

  private static void taps(PoolShape s, Tap tap) {
    taps(s, 0, 0, s.h(), s.w(), tap);
  }

  /** Visits, by output value, the taps in a rectangle of cells, which may lie outside the image. */
  private static void taps(PoolShape s, int top, int left, int bottom, int right, Tap tap) {
    Window v = s.window();
    for (int img = 0; img < s.n(); img++) {
      for (int oy = 0; oy < s.oh(); oy++) {
        for (int ox = 0; ox < s.ow(); ox++) {
          for (int ky = 0; ky < v.kh(); ky++) {
            for (int kx = 0; kx < v.kw(); kx++) {
              int iy = oy * v.strideH() + ky * v.dilationH() - v.padTop();
              int ix = ox * v.strideW() + kx * v.dilationW() - v.padLeft();
              if (iy < top || iy >= bottom || ix < left || ix >= right) {
                continue;
              }
              for (int ch = 0; ch < s.c(); ch++) {
                int inputAt = ((img * s.h() + iy) * s.w() + ix) * s.c() + ch;
                int outputAt = ((img * s.oh() + oy) * s.ow() + ox) * s.c() + ch;
                tap.visit(inputAt, ky * v.kw() + kx, outputAt);
              }
            }
          }
        }
      }
    }
  }
}
