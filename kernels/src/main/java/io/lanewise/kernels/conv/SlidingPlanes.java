package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.SlidingGemm;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;
import java.util.Arrays;

/**
 * Images as padded planes of one channel each, in which one tap of neighbouring windows is one run
 * of neighbours: the B of {@link SlidingConv2d}.
 *
 * <p>Where rows of the output fill their vectors up to a ninth, planes are {@code [c, ph, pw]} and
 * each output row is a run. Other rows would leave more lanes empty, so there the planes are {@code
 * [kw, c, ph, ow]}, a copy for each place of a tap within a row of the kernel, moved by so much and
 * cut to what that tap sees; then all output rows together are one run.
 *
 * <pre>
 *   3 taps, ow 4, padding 1      kx = 0    kx = 1    kx = 2
 *      0 a b c d 0               0 a b c   a b c d   b c d 0
 *      0 e f g h 0               0 e f g   e f g h   f g h 0
 * </pre>
 */
final class SlidingPlanes {
  /** Rows of a multiple of this many pixels fill vectors of every width. */
  private static final int WHOLE = 16;

  private final ConvShape shape;
  private final Window window;
  private final int copies;
  private final int height;
  private final int width;

  SlidingPlanes(ConvShape shape) {
    this.shape = shape;
    this.window = shape.window();
    int full = (shape.ow() + WHOLE - 1) / WHOLE * WHOLE;
    boolean whole = 8 * full <= 9 * shape.ow();
    this.copies = whole ? 1 : window.kw();
    this.height = shape.oh() - 1 + window.extentH();
    this.width = whole ? shape.ow() - 1 + window.extentW() : shape.ow();
  }

  private int imageSize() {
    return Math.multiplyExact(copies * shape.c(), Math.multiplyExact(height, width));
  }

  /** Floats of all planes, and those a tile may read behind the last one. */
  int size() {
    return Math.addExact(Math.multiplyExact(shape.n(), imageSize()), SlidingGemm.OVERHANG);
  }

  /** Index of what output row oy of an image sees, at distance 0. */
  int rowAt(int img, int oy) {
    return img * imageSize() + oy * width;
  }

  /** Runs in so many output rows. */
  int runs(int rows) {
    return copies == 1 ? rows : 1;
  }

  /** From one run to the next. */
  int runStep() {
    return width;
  }

  /**
   * For each value of a patch, in the order of the weight, its distance from {@link #rowAt}.
   *
   * @param table receives them, {@code [kh, kw, c]}
   */
  void fillTable(int[] table) {
    int i = 0;
    for (int ky = 0; ky < window.kh(); ky++) {
      for (int kx = 0; kx < window.kw(); kx++) {
        for (int ch = 0; ch < shape.c(); ch++) {
          int plane = copies == 1 ? ch : kx * shape.c() + ch;
          int right = copies == 1 ? kx * window.dilationW() : 0;
          table[i++] = (plane * height + ky * window.dilationH()) * width + right;
        }
      }
    }
  }

  /** Makes the planes from {@code [n, h, w, c]}. */
  void fill(float[] input, float[] planes, Parallel parallel) {
    int c = shape.c();
    int rows = Math.min(shape.h(), height - window.padTop());
    parallel.forEach(
        shape.n(),
        img -> {
          Arrays.fill(planes, img * imageSize(), (img + 1) * imageSize(), 0);
          for (int iy = 0; iy < rows; iy++) {
            int from = (img * shape.h() + iy) * shape.w() * c;
            int to = rowAt(img, window.padTop() + iy);
            for (int copy = 0; copy < copies; copy++) {
              fillRow(input, from, copy, planes, to + copy * c * height * width);
            }
          }
        });
  }

  /** One row of all planes of a copy. */
  private void fillRow(float[] input, int from, int copy, float[] planes, int to) {
    int c = shape.c();
    int left = window.padLeft() - copy * window.dilationW();
    int begin = Math.max(0, -left);
    int end = Math.min(shape.w(), width - left);
    int count = Math.max(0, end - begin);
    Interleave.split(count, c, input, from + begin * c, planes, to + left + begin, height * width);
  }
}
