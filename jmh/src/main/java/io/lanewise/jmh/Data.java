package io.lanewise.jmh;

import io.lanewise.engine.random.Seeds;

/** Random arrays, and the check of an answer before it is timed. */
final class Data {
  private Data() {}

  /** Whole numbers from -2 to 2, whose sums of products are exact in any order. */
  static float[] integers(int size, long seed) {
    Seeds random = Seeds.stream(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextInt(5) - 2;
    }
    return values;
  }

  /** Fails the benchmark if a value is not the one that is right. */
  static void check(Object shape, int at, float found, double right) {
    if (found != right) {
      throw new IllegalStateException(
          shape + ": value " + at + " is " + found + ", needs " + right + "; not timed");
    }
  }
}
