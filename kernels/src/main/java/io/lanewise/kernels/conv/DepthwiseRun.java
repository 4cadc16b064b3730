package io.lanewise.kernels.conv;

/**
 * Pixels of one row that a depthwise convolution computes from the same taps, with their geometry
 * in floats.
 *
 * <p>The first pixel's taps are {@code rows * cols} places: tap (r, q) multiplies the source at
 * {@code sourceAt + r*sourceRowPitch + q*sourceColPitch} and the weight at {@code weightAt +
 * r*weightRowPitch + q*weightColPitch}. From pixel to pixel, the source moves on by {@code
 * sourceStep} and the target by {@code targetStep}; the weight stays. Forward, the source is the
 * input and the target the output; backward they are gradOutput and gradInput, and weight pitches
 * are negative, as a later output is read by an earlier tap.
 */
final class DepthwiseRun {
  final int channels;
  int pixels;
  int rows;
  int cols;
  int sourceAt;
  int sourceStep;
  int sourceRowPitch;
  int sourceColPitch;
  int weightAt;
  int weightRowPitch;
  int weightColPitch;
  int targetAt;
  int targetStep;

  DepthwiseRun(int channels) {
    this.channels = channels;
  }
}
