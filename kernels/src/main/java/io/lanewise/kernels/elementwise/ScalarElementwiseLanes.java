package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.lanes.FloatMath;

/** {@link ElementwiseLanes} in plain Java. */
final class ScalarElementwiseLanes implements ElementwiseLanes {
  static final int MIX1 = 0x7feb352d;
  static final int MIX2 = 0x846ca68b;

  @Override
  public void shift(float term, float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = input[i] + term;
    }
  }

  @Override
  public void exp(float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = FloatMath.exp(input[i]);
    }
  }

  @Override
  public void square(float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = input[i] * input[i];
    }
  }

  @Override
  public void squareBackward(
      float[] gradOutput, float[] input, float[] gradInput, int at, int count) {
    for (int i = at; i < at + count; i++) {
      gradInput[i] = gradOutput[i] * (input[i] + input[i]);
    }
  }

  @Override
  public void reciprocal(float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = 1 / input[i];
    }
  }

  @Override
  public void reciprocalBackward(
      float[] gradOutput, float[] output, float[] gradInput, int at, int count) {
    for (int i = at; i < at + count; i++) {
      gradInput[i] = -(gradOutput[i] * output[i]) * output[i];
    }
  }

  @Override
  public void dropout(
      long key,
      int threshold,
      float scale,
      int col,
      float[] input,
      float[] output,
      int at,
      int count) {
    int low = (int) key;
    int high = (int) (key >>> 32);
    for (int i = 0; i < count; i++) {
      int hash = low + col + i;
      hash = (hash ^ hash >>> 16) * MIX1 ^ high;
      hash = (hash ^ hash >>> 15) * MIX2;
      hash ^= hash >>> 16;
      output[at + i] = hash >= threshold ? input[at + i] * scale : 0;
    }
  }
}
