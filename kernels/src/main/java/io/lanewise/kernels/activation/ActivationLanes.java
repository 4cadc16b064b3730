package io.lanewise.kernels.activation;

import io.lanewise.kernels.lanes.LanesProvider;

/**
 * The loops of the activations: {@code count} values from index {@code at} of every array. The
 * twins {@link SimdActivationLanes} and {@link ScalarActivationLanes} give the same bits.
 */
interface ActivationLanes {
  /** The lanes of this process. */
  ActivationLanes ACTIVE =
      LanesProvider.choose(() -> new SimdActivationLanes(), () -> new ScalarActivationLanes());

  /** Values in one piece of parallel work: two arrays of them fill an eighth of a 2 MB L2. */
  int PIECE = 1 << 15;

  void relu(float[] input, float[] output, int at, int count);

  void reluBackward(float[] gradOutput, float[] output, float[] gradInput, int at, int count);

  void leakyRelu(float slope, float[] input, float[] output, int at, int count);

  void leakyReluBackward(
      float slope, float[] gradOutput, float[] input, float[] gradInput, int at, int count);

  void sigmoid(float[] input, float[] output, int at, int count);

  void sigmoidBackward(float[] gradOutput, float[] output, float[] gradInput, int at, int count);

  void tanh(float[] input, float[] output, int at, int count);

  void tanhBackward(float[] gradOutput, float[] output, float[] gradInput, int at, int count);

  void gelu(float[] input, float[] output, int at, int count);

  void geluBackward(float[] gradOutput, float[] input, float[] gradInput, int at, int count);

  void silu(float[] input, float[] output, int at, int count);

  void siluBackward(float[] gradOutput, float[] input, float[] gradInput, int at, int count);
}
