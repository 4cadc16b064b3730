package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.ConcatShape;
import java.util.function.IntFunction;

/** The elementwise ops and their gradients in double, from their formulas. */
public final class RefElementwise {
  private RefElementwise() {}

  /** a + b. */
  public static double[] add(double[] a, double[] b) {
    double[] output = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      output[i] = a[i] + b[i];
    }
    return output;
  }

  /** a * b. */
  public static double[] mul(double[] a, double[] b) {
    double[] output = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      output[i] = a[i] * b[i];
    }
    return output;
  }

  /** The larger of a and b. */
  public static double[] max(double[] a, double[] b) {
    double[] output = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      output[i] = Math.max(a[i], b[i]);
    }
    return output;
  }

  /** The gradient where a is at least b. */
  public static double[] maxBackwardA(double[] gradOutput, double[] a, double[] b) {
    double[] gradA = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      gradA[i] = a[i] >= b[i] ? gradOutput[i] : 0;
    }
    return gradA;
  }

  /** The gradient elsewhere. */
  public static double[] maxBackwardB(double[] gradOutput, double[] a, double[] b) {
    double[] gradB = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      gradB[i] = a[i] >= b[i] ? 0 : gradOutput[i];
    }
    return gradB;
  }

  /** factor * x. */
  public static double[] scale(double factor, double[] input) {
    double[] output = new double[input.length];
    for (int i = 0; i < input.length; i++) {
      output[i] = factor * input[i];
    }
    return output;
  }

  /** x + term. */
  public static double[] shift(double term, double[] input) {
    double[] output = new double[input.length];
    for (int i = 0; i < input.length; i++) {
      output[i] = input[i] + term;
    }
    return output;
  }

  /** e^x. */
  public static double[] exp(double[] input) {
    double[] output = new double[input.length];
    for (int i = 0; i < input.length; i++) {
      output[i] = Math.exp(input[i]);
    }
    return output;
  }

  /** x^2. */
  public static double[] square(double[] input) {
    return mul(input, input);
  }

  /** 2 x gradOutput. */
  public static double[] squareBackward(double[] gradOutput, double[] input) {
    return scale(2, mul(gradOutput, input));
  }

  /** 1 / x. */
  public static double[] reciprocal(double[] input) {
    double[] output = new double[input.length];
    for (int i = 0; i < input.length; i++) {
      output[i] = 1 / input[i];
    }
    return output;
  }

  /** From the output y = 1 / x: -y^2 gradOutput. */
  public static double[] reciprocalBackward(double[] gradOutput, double[] output) {
    return scale(-1, mul(gradOutput, mul(output, output)));
  }

  /** The largest of each run of pieces; its place goes to argmax. */
  public static double[] maxout(int pieces, double[] input, int[] argmax) {
    double[] output = new double[input.length / pieces];
    for (int i = 0; i < output.length; i++) {
      argmax[i] = 0;
      for (int p = 1; p < pieces; p++) {
        if (input[i * pieces + p] > input[i * pieces + argmax[i]]) {
          argmax[i] = p;
        }
      }
      output[i] = input[i * pieces + argmax[i]];
    }
    return output;
  }

  /** The gradient at argmax, else 0. */
  public static double[] maxoutBackward(int pieces, double[] gradOutput, int[] argmax) {
    double[] gradInput = new double[gradOutput.length * pieces];
    for (int i = 0; i < gradOutput.length; i++) {
      gradInput[i * pieces + argmax[i]] = gradOutput[i];
    }
    return gradInput;
  }

  /** Inverted dropout; its own gradient too. */
  public static double[] dropout(
      int rows, int cols, double rate, long seed, long firstRow, double[] input) {
    double[] output = new double[rows * cols];
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        boolean keep = uniform(seed, firstRow + row, col) >= rate;
        output[row * cols + col] = keep ? input[row * cols + col] / (1 - rate) : 0;
      }
    }
    return output;
  }

  /** The hash of seed, row and column, as a number from 0 to below 1. */
  private static double uniform(long seed, long row, int col) {
    long golden = 0x9e3779b97f4a7c15L;
    long key = splitMix64(splitMix64(seed + golden) + row * golden);
    int hash = (int) key + col;
    hash ^= hash >>> 16;
    hash *= 0x7feb352d;
    hash ^= (int) (key >>> 32);
    hash ^= hash >>> 15;
    hash *= 0x846ca68b;
    hash ^= hash >>> 16;
    return (hash - (double) Integer.MIN_VALUE) / 0x1p32;
  }

  private static long splitMix64(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Channels of several arrays side by side. */
  public static double[] concat(ConcatShape s, IntFunction<double[]> inputs) {
    double[] output = new double[s.outputSize()];
    int channelAt = 0;
    for (int i = 0; i < s.inputs(); i++) {
      int width = s.channels().get(i);
      for (int j = 0; j < s.inputSize(i); j++) {
        output[j / width * s.c() + channelAt + j % width] = inputs.apply(i)[j];
      }
      channelAt += width;
    }
    return output;
  }

  /** The part of the gradient of {@link #concat} that belongs to an input. */
  public static double[] concatBackward(ConcatShape s, int input, double[] gradOutput) {
    int channelAt = 0;
    for (int i = 0; i < input; i++) {
      channelAt += s.channels().get(i);
    }
    int width = s.channels().get(input);
    double[] gradInput = new double[s.inputSize(input)];
    for (int j = 0; j < gradInput.length; j++) {
      gradInput[j] = gradOutput[j / width * s.c() + channelAt + j % width];
    }
    return gradInput;
  }
}
