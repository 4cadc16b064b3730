package io.lanewise.jmh;

import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/** Convolution by its formula: plain loops in double, for some values of each direction. */
final class PlainConv {
  private static final int SAMPLES = 200;
  private static final int WEIGHT_SAMPLES = 20;

  private final ConvShape shape;
  private final Window window;
  private final int groupInputs;
  private final int groupOutputs;
  private double sum;
  private double magnitude;

  PlainConv(ConvShape shape) {
    this.shape = shape;
    this.window = shape.window();
    this.groupInputs = shape.c() / shape.groups();
    this.groupOutputs = shape.oc() / shape.groups();
  }

  /** Checks an output without bias. */
  void checkOutput(float[] input, float[] weight, float[] output) {
    for (int at = 0; at < output.length; at += Data.stride(output.length, SAMPLES)) {
      begin();
      int oc = at % shape.oc();
      int pixel = at / shape.oc();
      int ox = pixel % shape.ow();
      int oy = pixel / shape.ow() % shape.oh();
      int img = pixel / shape.ow() / shape.oh();
      for (int ky = 0; ky < window.kh(); ky++) {
        for (int kx = 0; kx < window.kw(); kx++) {
          for (int ic = 0; ic < groupInputs; ic++) {
            add(input, inputAt(img, oy, ox, ky, kx, ic, oc), weight, weightAt(ky, kx, ic, oc));
          }
        }
      }
      Data.check("forward " + shape, at, output[at], sum, magnitude);
    }
  }

  /** Checks the gradient of the input. */
  void checkGradInput(float[] gradOutput, float[] weight, float[] gradInput) {
    for (int at = 0; at < gradInput.length; at += Data.stride(gradInput.length, SAMPLES)) {
      begin();
      int img = at / (shape.h() * shape.w() * shape.c());
      int group = at % shape.c() / groupInputs;
      int ic = at % groupInputs;
      for (int oy = 0; oy < shape.oh(); oy++) {
        for (int ox = 0; ox < shape.ow(); ox++) {
          for (int ky = 0; ky < window.kh(); ky++) {
            for (int kx = 0; kx < window.kw(); kx++) {
              int first = group * groupOutputs;
              if (inputAt(img, oy, ox, ky, kx, ic, first) == at) {
                for (int oc = first; oc < first + groupOutputs; oc++) {
                  int outputAt = outputAt(img, oy, ox, oc);
                  add(gradOutput, outputAt, weight, weightAt(ky, kx, ic, oc));
                }
              }
            }
          }
        }
      }
      Data.check("backwardInput " + shape, at, gradInput[at], sum, magnitude);
    }
  }

  /** Checks the gradient of the weight. */
  void checkGradWeight(float[] gradOutput, float[] input, float[] gradWeight) {
    for (int at = 0; at < gradWeight.length; at += Data.stride(gradWeight.length, WEIGHT_SAMPLES)) {
      begin();
      int oc = at % shape.oc();
      int ic = at / shape.oc() % groupInputs;
      int kx = at / shape.oc() / groupInputs % window.kw();
      int ky = at / shape.oc() / groupInputs / window.kw();
      for (int img = 0; img < shape.n(); img++) {
        for (int oy = 0; oy < shape.oh(); oy++) {
          for (int ox = 0; ox < shape.ow(); ox++) {
            int inputAt = inputAt(img, oy, ox, ky, kx, ic, oc);
            add(input, inputAt, gradOutput, outputAt(img, oy, ox, oc));
          }
        }
      }
      Data.check("backwardWeight " + shape, at, gradWeight[at], sum, magnitude);
    }
  }

  private void begin() {
    sum = 0;
    magnitude = 0;
  }

  /** Adds a product; an index of -1 means padding. */
  private void add(float[] a, int at, float[] b, int bt) {
    if (at >= 0) {
      sum += (double) a[at] * b[bt];
      magnitude += Math.abs((double) a[at] * b[bt]);
    }
  }

  /** What the tap (ky, kx) of the window of an output reads, or -1 if that is padding. */
  private int inputAt(int img, int oy, int ox, int ky, int kx, int ic, int oc) {
    int iy = oy * window.strideH() + ky * window.dilationH() - window.padTop();
    int ix = ox * window.strideW() + kx * window.dilationW() - window.padLeft();
    if (iy < 0 || iy >= shape.h() || ix < 0 || ix >= shape.w()) {
      return -1;
    }
    int channel = oc / groupOutputs * groupInputs + ic;
    return ((img * shape.h() + iy) * shape.w() + ix) * shape.c() + channel;
  }

  private int weightAt(int ky, int kx, int ic, int oc) {
    return ((ky * window.kw() + kx) * groupInputs + ic) * shape.oc() + oc;
  }

  private int outputAt(int img, int oy, int ox, int oc) {
    return ((img * shape.oh() + oy) * shape.ow() + ox) * shape.oc() + oc;
  }
}
