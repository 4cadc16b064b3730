package io.lanewise.kernels.reference;

import io.lanewise.kernels.norm.LocalResponseNorm.Settings;
import io.lanewise.kernels.shape.ChannelShape;

/** Local response normalisation in double, as PyTorch's {@code local_response_norm}. */
public final class RefLocalResponseNorm {
  private RefLocalResponseNorm() {}

  private static double[] sums(ChannelShape s, Settings settings, double[] x) {
    double[] sums = new double[s.size()];
    for (int i = 0; i < s.size(); i++) {
      int j = i % s.c();
      double sum = 0;
      for (int d = -(settings.size() / 2); d <= (settings.size() - 1) / 2; d++) {
        sum += j + d >= 0 && j + d < s.c() ? x[i + d] * x[i + d] : 0;
      }
      sums[i] = settings.k() + settings.alpha() / (double) settings.size() * sum;
    }
    return sums;
  }

  /** Each value over the power of its neighbourhood. */
  public static double[] forward(ChannelShape s, Settings settings, double[] x) {
    double[] sums = sums(s, settings, x);
    double[] y = new double[s.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] * Math.pow(sums[i], -settings.beta());
    }
    return y;
  }

  /** The gradient of the input. */
  public static double[] backward(ChannelShape s, Settings settings, double[] g, double[] x) {
    double[] sums = sums(s, settings, x);
    double[] gradInput = new double[s.size()];
    double coupling = 2.0 * settings.alpha() * settings.beta() / settings.size();
    for (int i = 0; i < s.size(); i++) {
      int j = i % s.c();
      gradInput[i] += g[i] * Math.pow(sums[i], -settings.beta());
      for (int d = -(settings.size() / 2); d <= (settings.size() - 1) / 2; d++) {
        if (j + d >= 0 && j + d < s.c()) {
          double share = g[i] * x[i] * Math.pow(sums[i], -settings.beta() - 1);
          gradInput[i + d] -= coupling * x[i + d] * share;
        }
      }
    }
    return gradInput;
  }
}
