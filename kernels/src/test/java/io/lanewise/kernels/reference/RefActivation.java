package io.lanewise.kernels.reference;

import java.util.function.DoubleUnaryOperator;

/** The activations and their derivatives in double, from their formulas. */
public final class RefActivation {
  private RefActivation() {}

  /** max(x, 0). */
  public static double[] relu(double[] input) {
    return map(input, x -> x <= 0 ? 0 : x);
  }

  /** From the output. */
  public static double[] reluBackward(double[] gradOutput, double[] output) {
    double[] gradInput = gradOutput.clone();
    for (int i = 0; i < gradInput.length; i++) {
      gradInput[i] = output[i] <= 0 ? 0 : gradInput[i];
    }
    return gradInput;
  }

  /** x or slope * x. */
  public static double[] leakyRelu(double slope, double[] input) {
    return map(input, x -> x > 0 ? x : slope * x);
  }

  /** From the input. */
  public static double[] leakyReluBackward(double slope, double[] gradOutput, double[] input) {
    return product(gradOutput, map(input, x -> x > 0 ? 1 : slope));
  }

  /** 1 / (1 + e^-x). */
  public static double[] sigmoid(double[] input) {
    return map(input, RefActivation::sigmoid);
  }

  /** From the output: y (1 - y). */
  public static double[] sigmoidBackward(double[] gradOutput, double[] output) {
    return product(gradOutput, map(output, y -> y * (1 - y)));
  }

  /** tanh x. */
  public static double[] tanh(double[] input) {
    return map(input, Math::tanh);
  }

  /** From the output: 1 - y^2. */
  public static double[] tanhBackward(double[] gradOutput, double[] output) {
    return product(gradOutput, map(output, y -> 1 - y * y));
  }

  /** x times the normal distribution function. */
  public static double[] gelu(double[] input) {
    return map(input, RefActivation::gelu);
  }

  /** From the input. */
  public static double[] geluBackward(double[] gradOutput, double[] input) {
    return product(gradOutput, map(input, RefActivation::geluDerivative));
  }

  /** x times the sigmoid. */
  public static double[] silu(double[] input) {
    return map(input, RefActivation::silu);
  }

  /** From the input. */
  public static double[] siluBackward(double[] gradOutput, double[] input) {
    return product(gradOutput, map(input, RefActivation::siluDerivative));
  }

  /** 1 / (1 + e^-x). */
  public static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** x times the sigmoid. */
  public static double silu(double x) {
    return x * sigmoid(x);
  }

  /** The derivative of {@link #silu(double)}. */
  public static double siluDerivative(double x) {
    return sigmoid(x) * (1 + x * sigmoid(-x));
  }

  /** x times the normal distribution function. */
  public static double gelu(double x) {
    return x * normalCdf(x);
  }

  /** The derivative of {@link #gelu(double)}: distribution function plus x times the density. */
  public static double geluDerivative(double x) {
    return normalCdf(x) + x * normalDensity(x);
  }

  private static double normalDensity(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The normal distribution function: near 0 by its series (Abramowitz and Stegun 26.2.11), in the
   * tails by its continued fraction (26.2.14).
   */
  public static double normalCdf(double x) {
    if (x > 2.5) {
      return 1 - normalCdf(-x);
    }
    if (x < -2.5) {
      double fraction = -x;
      for (int k = 150; k >= 1; k--) {
        fraction = -x + k / fraction;
      }
      return normalDensity(x) / fraction;
    }
    double term = x;
    double sum = x;
    for (int k = 3; k < 100; k += 2) {
      term *= x * x / k;
      sum += term;
    }
    return 0.5 + normalDensity(x) * sum;
  }

  private static double[] map(double[] a, DoubleUnaryOperator f) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = f.applyAsDouble(a[i]);
    }
    return result;
  }

  private static double[] product(double[] a, double[] b) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = a[i] * b[i];
    }
    return result;
  }
}
