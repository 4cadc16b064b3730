package io.lanewise.kernels.reference;

/** Convolution by tiles in double. */
public interface RefTiles {
  /** The output without bias. */
  double[] forward(double[] input, double[] weight);

  /** The gradient of the input. */
  double[] backwardInput(double[] gradOutput, double[] weight);

  /** The gradient of the weight. */
  double[] backwardWeight(double[] gradOutput, double[] input);
}
