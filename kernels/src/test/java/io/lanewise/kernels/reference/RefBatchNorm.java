package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.ChannelShape;

/** Batch normalisation in double, from the formulas of Ioffe and Szegedy, 2015. */
public final class RefBatchNorm {
  private RefBatchNorm() {}

  /** The mean of each channel. */
  public static double[] mean(ChannelShape s, double[] input) {
    double[] mean = new double[s.c()];
    for (int i = 0; i < s.size(); i++) {
      mean[i % s.c()] += input[i] / s.rows();
    }
    return mean;
  }

  /** The biased variance of each channel. */
  public static double[] variance(ChannelShape s, double[] input) {
    double[] mean = mean(s, input);
    double[] variance = new double[s.c()];
    for (int i = 0; i < s.size(); i++) {
      double d = input[i] - mean[i % s.c()];
      variance[i % s.c()] += d * d / s.rows();
    }
    return variance;
  }

  /** Normalises, adds the residual if it is not null, and rectifies if so wished. */
  public static double[] forward(
      ChannelShape s,
      double eps,
      boolean relu,
      double[] input,
      double[] residual,
      double[] scale,
      double[] bias,
      double[] mean,
      double[] variance) {
    double[] output = new double[s.size()];
    for (int i = 0; i < output.length; i++) {
      int j = i % s.c();
      double h = (input[i] - mean[j]) / Math.sqrt(variance[j] + eps);
      double y = scale[j] * h + bias[j] + (residual == null ? 0 : residual[i]);
      output[i] = relu ? Math.max(0, y) : y;
    }
    return output;
  }

  /** The gradient where the rectifier let values pass. */
  public static double[] mask(boolean relu, double[] gradOutput, double[] output) {
    double[] masked = gradOutput.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] = relu && output[i] <= 0 ? 0 : masked[i];
    }
    return masked;
  }

  /** The gradient of the input, of the chain through mean and variance too. */
  public static double[] backwardInput(
      ChannelShape s,
      double eps,
      double[] masked,
      double[] input,
      double[] scale,
      double[] mean,
      double[] variance) {
    double[] gradBias = backwardBias(s, masked);
    double[] gradScale = backwardScale(s, eps, masked, input, mean, variance);
    double[] gradInput = new double[s.size()];
    for (int i = 0; i < gradInput.length; i++) {
      int j = i % s.c();
      double invStd = 1 / Math.sqrt(variance[j] + eps);
      double h = (input[i] - mean[j]) * invStd;
      gradInput[i] =
          scale[j] * invStd * (masked[i] - gradBias[j] / s.rows() - h * gradScale[j] / s.rows());
    }
    return gradInput;
  }

  /** The gradient of the scale. */
  public static double[] backwardScale(
      ChannelShape s,
      double eps,
      double[] masked,
      double[] input,
      double[] mean,
      double[] variance) {
    double[] gradScale = new double[s.c()];
    for (int i = 0; i < s.size(); i++) {
      int j = i % s.c();
      gradScale[j] += masked[i] * (input[i] - mean[j]) / Math.sqrt(variance[j] + eps);
    }
    return gradScale;
  }

  /** The gradient of the bias. */
  public static double[] backwardBias(ChannelShape s, double[] masked) {
    double[] gradBias = new double[s.c()];
    for (int i = 0; i < s.size(); i++) {
      gradBias[i % s.c()] += masked[i];
    }
    return gradBias;
  }
}
