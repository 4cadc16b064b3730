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

  private final Window window;
  private final int n;
  private final int h;
  private final int w;
  private final int c;
  private final int oh;
  private final int ow;
  private final int top;
  private final int left;
  private final int copies;
  private final int height;
  private final int width;

  private SlidingPlanes(
      Window window, int n, int h, int w, int c, int oh, int ow, int top, int left) {
    this.window = window;
    this.n = n;
    this.h = h;
    this.w = w;
    this.c = c;
    this.oh = oh;
    this.ow = ow;
    this.top = top;
    this.left = left;
    int full = (ow + WHOLE - 1) / WHOLE * WHOLE;
    boolean whole = 8 * full <= 9 * ow;
    this.copies = whole ? 1 : window.kw();
    this.height = oh - 1 + window.extentH();
    this.width = whole ? ow - 1 + window.extentW() : ow;
  }

  /** The input, which the windows of the output see. */
  static SlidingPlanes ofInput(ConvShape s) {
    Window window = s.window();
    return new SlidingPlanes(
        window, s.n(), s.h(), s.w(), s.c(), s.oh(), s.ow(), window.padTop(), window.padLeft());
  }

  /** The gradient of the output, which turned windows of the input's pixels see. */
  static SlidingPlanes ofGradient(ConvShape s) {
    Window window = s.window();
    int top = window.extentH() - 1 - window.padTop();
    int left = window.extentW() - 1 - window.padLeft();
    return new SlidingPlanes(window, s.n(), s.oh(), s.ow(), s.oc(), s.h(), s.w(), top, left);
  }

  /** Images. */
  int images() {
    return n;
  }

  /** Rows of windows. */
  int rows() {
    return oh;
  }

  /** Windows in a row. */
  int columns() {
    return ow;
  }

  /** Floats a window sees. */
  int patchSize() {
    return window.kh() * window.kw() * c;
  }

  private int imageSize() {
    return Math.multiplyExact(copies * c, Math.multiplyExact(height, width));
  }

  /** Floats of all planes, and those a tile may read behind the last one. */
  int size() {
    return Math.addExact(Math.multiplyExact(n, imageSize()), SlidingGemm.OVERHANG);
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
        for (int ch = 0; ch < c; ch++) {
          int plane = copies == 1 ? ch : kx * c + ch;
          int right = copies == 1 ? kx * window.dilationW() : 0;
          table[i++] = (plane * height + ky * window.dilationH()) * width + right;
        }
      }
    }
  }

  /** Makes the planes from {@code [n, h, w, c]}. */
  void fill(float[] input, float[] planes, Parallel parallel) {
    int rows = Math.min(h, height - top);
    parallel.forEach(
        n,
        img -> {
          Arrays.fill(planes, img * imageSize(), (img + 1) * imageSize(), 0);
          for (int iy = 0; iy < rows; iy++) {
            int from = (img * h + iy) * w * c;
            int to = rowAt(img, top + iy);
            for (int copy = 0; copy < copies; copy++) {
              fillRow(input, from, copy, planes, to + copy * c * height * width);
            }
          }
        });
  }

  /** One row of all planes of a copy. */
  private void fillRow(float[] input, int from, int copy, float[] planes, int to) {
    int first = left - copy * window.dilationW();
    int begin = Math.max(0, -first);
    int end = Math.min(w, width - first);
    int count = Math.max(0, end - begin);
    int at = to + first + begin;
    Interleave.split(count, c, input, from + begin * c, planes, at, height * width);
  }
}
