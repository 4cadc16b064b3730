package io.lanewise.kernels.activation;

import io.lanewise.kernels.lanes.FloatMath;

/** {@link ActivationLanes} in plain Java. */
final class ScalarActivationLanes implements ActivationLanes {
  @Override
  public void relu(float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = input[i] <= 0 ? 0 : input[i];
    }
  }

  @Override
  public void reluBackward(
      float[] gradOutput, float[] output, float[] gradInput, int at, int count) {
    for (int i = at; i < at + count; i++) {
      gradInput[i] = output[i] <= 0 ? 0 : gradOutput[i];
    }
  }

  @Override
  public void leakyRelu(float slope, float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = input[i] > 0 ? input[i] : slope * input[i];
    }
  }

  @Override
  public void leakyReluBackward(
      float slope, float[] gradOutput, float[] input, float[] gradInput, int at, int count) {
    for (int i = at; i < at + count; i++) {
      gradInput[i] = input[i] > 0 ? gradOutput[i] : slope * gradOutput[i];
    }
  }

  @Override
  public void sigmoid(float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = FloatMath.sigmoid(input[i]);
    }
  }

  @Override
  public void sigmoidBackward(
      float[] gradOutput, float[] output, float[] gradInput, int at, int count) {
    for (int i = at; i < at + count; i++) {
      gradInput[i] = gradOutput[i] * (output[i] * (1 - output[i]));
    }
  }

  @Override
  public void tanh(float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = FloatMath.tanh(input[i]);
    }
  }

  @Override
  public void tanhBackward(
      float[] gradOutput, float[] output, float[] gradInput, int at, int count) {
    for (int i = at; i < at + count; i++) {
      gradInput[i] = gradOutput[i] * Math.fma(-output[i], output[i], 1);
    }
  }

  @Override
  public void gelu(float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = FloatMath.gelu(input[i]);
    }
  }

  @Override
  public void geluBackward(
      float[] gradOutput, float[] input, float[] gradInput, int at, int count) {
    for (int i = at; i < at + count; i++) {
      gradInput[i] = gradOutput[i] * FloatMath.geluDerivative(input[i]);
    }
  }

  @Override
  public void silu(float[] input, float[] output, int at, int count) {
    for (int i = at; i < at + count; i++) {
      output[i] = FloatMath.silu(input[i]);
    }
  }

  @Override
  public void siluBackward(
      float[] gradOutput, float[] input, float[] gradInput, int at, int count) {
    for (int i = at; i < at + count; i++) {
      gradInput[i] = gradOutput[i] * FloatMath.siluDerivative(input[i]);
    }
  }
}
