package io.lanewise.kernels.conv;

/**
 * Two neighbouring lines of pixels whose windows are three by three dense taps, moved by one pixel,
 * and the four lines of the source below them.
 *
 * <p>Each line is an array and an index. Window column q of pixel p lies {@code (p + q) * channels}
 * floats behind the start of each source line; columns 0 and {@code pixels + 1} are taken as zeros
 * where that side is padded, whatever the array holds. Lines outside the image are lines of zeros.
 * Tap (r, q) multiplies the weight at {@code weightAt + r*weightRowPitch + q*weightColPitch}.
 *
 * <p>Forward, the source is the input and the target the output; for the input's gradient they are
 * gradOutput and gradInput, and weight pitches are negative, as a later output is read by an
 * earlier tap; for the weight's gradient they are input and gradOutput.
 */
final class DepthwisePair {
  /** Pixels of a line that are computed together. */
  static final int STRIP = 4;

  final int channels;

  /** Begins with zeros, as many as there are channels. */
  final float[] zeros;

  /** Pixels of a line, whole strips. */
  int pixels;

  boolean leftPadded;
  boolean rightPadded;
  float[] source0;
  float[] source1;
  float[] source2;
  float[] source3;
  int source0At;
  int source1At;
  int source2At;
  int source3At;
  float[] target0;
  float[] target1;
  int target0At;
  int target1At;
  int weightAt;
  int weightRowPitch;
  int weightColPitch;

  DepthwisePair(int channels, float[] zeros) {
    this.channels = channels;
    this.zeros = zeros;
  }

  float[] target(int line) {
    return line == 0 ? target0 : target1;
  }

  int targetAt(int line) {
    return line == 0 ? target0At : target1At;
  }

  /** The line of the source below row r of a target line's windows. */
  float[] source(int line, int r) {
    return switch (line + r) {
      case 0 -> source0;
      case 1 -> source1;
      case 2 -> source2;
      default -> source3;
    };
  }

  int sourceAt(int line, int r) {
    return switch (line + r) {
      case 0 -> source0At;
      case 1 -> source1At;
      case 2 -> source2At;
      default -> source3At;
    };
  }

  /** Whether a column of the source is padding. */
  boolean isPadding(int column) {
    return column == 0 && leftPadded || column == pixels + 1 && rightPadded;
  }
}
