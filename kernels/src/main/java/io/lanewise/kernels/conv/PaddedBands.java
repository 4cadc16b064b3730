package io.lanewise.kernels.conv;

import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;
import java.util.Arrays;

/**
 * The weight gradient of the commonest depthwise convolution, 3x3 taps at stride 1, on copies of
 * bands of rows: the input with zeros around it, gradOutput with zeros behind each row up to whole
 * fours of pixels. So there is one run of pixels on all rows of a band, without edges, whose sums
 * stay in registers; and memory is read from start to end, which an order by channels is not.
 */
final class PaddedBands {
  /** Floats of a band of gradOutput, 128 KB: it and its input stay in the L2 cache. */
  private static final int BAND = 1 << 15;

  /** Floats before a copy: arrays start 16 bytes into an object, and copies at a cache line. */
  private static final int ALIGNED = 12;

  private PaddedBands() {}

  static boolean fit(ConvShape shape) {
    Window v = shape.window();
    boolean threeByThree = v.kh() == 3 && v.kw() == 3;
    boolean dense = v.strideH() == 1 && v.strideW() == 1 && v.dilationH() * v.dilationW() == 1;
    return threeByThree && dense;
  }

  /** Adds the products of some images to the sums, {@code [3, 3, c]} from {@code sumsAt}. */
  static void addProducts(
      ConvShape shape,
      int firstImage,
      int endImage,
      float[] input,
      float[] gradOutput,
      float[] sums,
      int sumsAt,
      Workspace workspace) {
    int c = shape.c();
    int oh = shape.oh();
    int pixels = (shape.ow() + 3) / 4 * 4;
    int bandRows = Math.min(oh, Math.max(1, BAND / (pixels * c)));
    int sourceLine = (pixels + 2) * c;
    int targetLine = pixels * c;
    int targetAt = ALIGNED + ((bandRows + 2) * sourceLine + 15) / 16 * 16;
    float[] scratch = workspace.borrow(Workspace.Kind.TASK, targetAt + bandRows * targetLine);
    DepthwiseRun run = new DepthwiseRun(c);
    run.pixels = pixels;
    run.rows = 3;
    run.cols = 3;
    run.sourceAt = ALIGNED;
    run.sourceStep = c;
    run.sourceColPitch = c;
    run.sourceRowPitch = sourceLine;
    run.sourceLine = sourceLine;
    run.weightAt = sumsAt;
    run.weightColPitch = c;
    run.weightRowPitch = 3 * c;
    run.targetAt = targetAt;
    run.targetStep = c;
    run.targetLine = targetLine;
    int left = shape.window().padLeft();
    int top = shape.window().padTop();
    for (int image = firstImage; image < endImage; image++) {
      for (int oy = 0; oy < oh; oy += bandRows) {
        run.lines = Math.min(bandRows, oh - oy);
        for (int r = 0; r < run.lines + 2; r++) {
          int iy = oy + r - top;
          int row = iy < 0 || iy >= shape.h() ? -1 : image * shape.h() + iy;
          int at = ALIGNED + r * sourceLine;
          copyRow(input, row, shape.w() * c, left * c, scratch, at, sourceLine);
        }
        for (int r = 0; r < run.lines; r++) {
          int at = targetAt + r * targetLine;
          copyRow(gradOutput, image * oh + oy + r, shape.ow() * c, 0, scratch, at, targetLine);
        }
        DepthwiseLanes.ACTIVE.addProducts(run, scratch, scratch, sums);
      }
    }
    workspace.giveBack(Workspace.Kind.TASK, scratch);
  }

  /** Copies a row of an image behind {@code before} zeros, and zeros behind it; row -1 is zero. */
  private static void copyRow(
      float[] image, int row, int size, int before, float[] out, int at, int outSize) {
    int left = row < 0 ? outSize : Math.min(before, outSize);
    int copied = Math.min(size, outSize - left);
    Arrays.fill(out, at, at + left, 0);
    if (copied > 0) {
      System.arraycopy(image, row * size, out, at + left, copied);
    }
    Arrays.fill(out, at + left + Math.max(0, copied), at + outSize, 0);
  }
}
