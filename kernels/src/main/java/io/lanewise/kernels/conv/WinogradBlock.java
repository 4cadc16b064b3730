package io.lanewise.kernels.conv;

/**
 * A block of consecutive panels of tiles, and where its V and M are.
 *
 * @param first first panel
 * @param panels number of panels
 * @param array holds both
 * @param inputAt start of V
 * @param sumsAt start of M
 */
record WinogradBlock(int first, int panels, float[] array, int inputAt, int sumsAt) {
  /**
   * Index of a float on a cache line's edge, if the array itself starts on one: its header has 16
   * bytes.
   */
  static final int LINE = 12;

  /** A block in an array, from an index on that is a multiple of a cache line's 16 floats. */
  static WinogradBlock of(WinogradShape s, int first, int panels, float[] array, int at) {
    return new WinogradBlock(first, panels, array, at + LINE, at + LINE + s.inputSize(panels));
  }

  /** Floats of a block. */
  static int size(WinogradShape s, int panels) {
    return LINE + s.inputSize(panels) + s.sumSize(panels);
  }
}
