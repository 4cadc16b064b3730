package io.lanewise.jmh;

import io.lanewise.engine.random.Seeds;

/** Random arrays, and the check of an answer before it is timed. */
final class Data {
  /** Relative to the magnitude of a sum: above the error of any kernel, below that of any bug. */
  private static final double TOLERANCE = 2e-4;

  private Data() {}

  /** Whole numbers from -2 to 2. */
  static float[] integers(int size, long seed) {
    Seeds random = Seeds.stream(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextInt(5) - 2;
    }
    return values;
  }

  /** Numbers around zero, with a standard deviation of 1. */
  static float[] gaussian(int size, long seed) {
    Seeds random = Seeds.stream(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Labels from 0 to classes - 1. */
  static int[] labels(int size, int classes, long seed) {
    Seeds random = Seeds.stream(seed);
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(classes);
    }
    return labels;
  }

  /** A step through an array of this size that meets about this many values. */
  static int stride(int size, int samples) {
    return Math.max(1, size / samples) | 1;
  }

  /** Fails the benchmark if a value is not the one that is right. */
  static void check(Object what, int at, float found, double right) {
    check(what, at, found, right, Math.abs(right));
  }

  /**
   * Fails the benchmark if a value is not the one that is right.
   *
   * @param magnitude sum of the absolute values of what was added up
   */
  static void check(Object what, int at, double found, double right, double magnitude) {
    if (!(Math.abs(found - right) <= TOLERANCE * magnitude)) {
      throw new IllegalStateException(
          what + ": value " + at + " is " + found + ", needs " + right + "; not timed");
    }
  }
}
