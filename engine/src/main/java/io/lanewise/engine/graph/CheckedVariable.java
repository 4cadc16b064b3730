package io.lanewise.engine.graph;

import java.util.Arrays;

/** What is varied: the live array a session reads, and the gradient to check. */
record CheckedVariable(String name, int[] dims, float[] live, float[] analytic) {
  int size() {
    return analytic.length;
  }

  double largestGradient() {
    double largest = 0;
    for (float value : analytic) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  double gradientNorm() {
    double squares = 0;
    for (float value : analytic) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  /** The power of two at the root mean square of its values, 1 if all are zero. */
  double scale() {
    double squares = 0;
    for (int i = 0; i < size(); i++) {
      squares += (double) live[i] * live[i];
    }
    return powerOfTwo(Math.sqrt(squares / size()));
  }

  static double powerOfTwo(double size) {
    return size > 0 && Double.isFinite(size) ? Math.scalb(1.0, Math.getExponent(size)) : 1;
  }

  String indexText(int at) {
    int[] index = new int[dims.length];
    int rest = at;
    for (int i = dims.length - 1; i >= 0; i--) {
      index[i] = rest % dims[i];
      rest /= dims[i];
    }
    return Arrays.toString(index);
  }
}
