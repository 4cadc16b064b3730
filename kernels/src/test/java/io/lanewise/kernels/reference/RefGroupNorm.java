package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.GroupShape;
import java.util.Arrays;

/** Group normalisation in double, from the formulas of Wu and He, 2018. */
public final class RefGroupNorm {
  private RefGroupNorm() {}

  private static int group(GroupShape s, int i) {
    return i / s.sampleSize() * s.groups() + i % s.c() / (s.c() / s.groups());
  }

  private static double count(GroupShape s) {
    return (double) s.sampleSize() / s.groups();
  }

  /** The mean of each group of each sample, {@code [n, groups]}. */
  public static double[] mean(GroupShape s, double[] x) {
    double[] mean = new double[s.n() * s.groups()];
    for (int i = 0; i < s.size(); i++) {
      mean[group(s, i)] += x[i] / count(s);
    }
    return mean;
  }

  /** {@code 1 / sqrt(variance + eps)} of each group of each sample. */
  public static double[] invStd(GroupShape s, double eps, double[] x) {
    double[] mean = mean(s, x);
    double[] invStd = new double[mean.length];
    for (int i = 0; i < s.size(); i++) {
      double d = x[i] - mean[group(s, i)];
      invStd[group(s, i)] += d * d / count(s);
    }
    Arrays.setAll(invStd, g -> 1 / Math.sqrt(invStd[g] + eps));
    return invStd;
  }

  /** Normalises. */
  public static double[] forward(
      GroupShape s, double eps, double[] x, double[] scale, double[] bias) {
    double[] h = normal(s, x, mean(s, x), invStd(s, eps, x));
    double[] output = new double[s.size()];
    Arrays.setAll(output, i -> scale[i % s.c()] * h[i] + bias[i % s.c()]);
    return output;
  }

  private static double[] normal(GroupShape s, double[] x, double[] mean, double[] invStd) {
    double[] h = new double[s.size()];
    Arrays.setAll(h, i -> (x[i] - mean[group(s, i)]) * invStd[group(s, i)]);
    return h;
  }

  /** The gradient of the input. */
  public static double[] backwardInput(
      GroupShape s, double[] g, double[] x, double[] scale, double[] mean, double[] invStd) {
    double[] h = normal(s, x, mean, invStd);
    double[] means = new double[mean.length];
    double[] products = new double[mean.length];
    for (int i = 0; i < s.size(); i++) {
      means[group(s, i)] += scale[i % s.c()] * g[i] / count(s);
      products[group(s, i)] += scale[i % s.c()] * g[i] * h[i] / count(s);
    }
    double[] gradInput = new double[s.size()];
    for (int i = 0; i < s.size(); i++) {
      int at = group(s, i);
      gradInput[i] = invStd[at] * (scale[i % s.c()] * g[i] - means[at] - h[i] * products[at]);
    }
    return gradInput;
  }

  /** The gradient of the scale. */
  public static double[] backwardScale(
      GroupShape s, double[] g, double[] x, double[] mean, double[] invStd) {
    double[] h = normal(s, x, mean, invStd);
    double[] gradScale = new double[s.c()];
    for (int i = 0; i < s.size(); i++) {
      gradScale[i % s.c()] += g[i] * h[i];
    }
    return gradScale;
  }

  /** The gradient of the bias. */
  public static double[] backwardBias(GroupShape s, double[] g) {
    double[] gradBias = new double[s.c()];
    for (int i = 0; i < s.size(); i++) {
      gradBias[i % s.c()] += g[i];
    }
    return gradBias;
  }
}
