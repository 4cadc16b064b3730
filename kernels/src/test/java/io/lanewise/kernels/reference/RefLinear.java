package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.GemmShape;

/**
 * The fully connected layer in double: {@code output[m,n] = bias[n] + sum over k of input[m,k] *
 * weight[k,n]} and its gradients.
 */
public final class RefLinear {
  private RefLinear() {}

  /** Bias may be null. */
  public static double[] forward(GemmShape s, double[] input, double[] weight, double[] bias) {
    double[] output = new double[s.cSize()];
    for (int sample = 0; sample < s.m(); sample++) {
      for (int o = 0; o < s.n(); o++) {
        double sum = bias == null ? 0 : bias[o];
        for (int i = 0; i < s.k(); i++) {
          sum += input[sample * s.k() + i] * weight[i * s.n() + o];
        }
        output[sample * s.n() + o] = sum;
      }
    }
    return output;
  }

  /** The gradient of the input, {@code [m, k]}. */
  public static double[] backwardInput(GemmShape s, double[] gradOutput, double[] weight) {
    double[] gradInput = new double[s.aSize()];
    for (int sample = 0; sample < s.m(); sample++) {
      for (int o = 0; o < s.n(); o++) {
        for (int i = 0; i < s.k(); i++) {
          gradInput[sample * s.k() + i] += gradOutput[sample * s.n() + o] * weight[i * s.n() + o];
        }
      }
    }
    return gradInput;
  }

  /** The gradient of the weight, {@code [k, n]}. */
  public static double[] backwardWeight(GemmShape s, double[] gradOutput, double[] input) {
    double[] gradWeight = new double[s.bSize()];
    for (int sample = 0; sample < s.m(); sample++) {
      for (int o = 0; o < s.n(); o++) {
        for (int i = 0; i < s.k(); i++) {
          gradWeight[i * s.n() + o] += gradOutput[sample * s.n() + o] * input[sample * s.k() + i];
        }
      }
    }
    return gradWeight;
  }

  /** The gradient of the bias, {@code [n]}. */
  public static double[] backwardBias(GemmShape s, double[] gradOutput) {
    double[] gradBias = new double[s.n()];
    for (int sample = 0; sample < s.m(); sample++) {
      for (int o = 0; o < s.n(); o++) {
        gradBias[o] += gradOutput[sample * s.n() + o];
      }
    }
    return gradBias;
  }
}
