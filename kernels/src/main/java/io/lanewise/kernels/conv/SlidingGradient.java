package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.SlidingGemm;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/**
 * The weight gradient of few filters, {@code gradOutput^T * patches}, without packing patches:
 * filters are the rows of the register tile, the sum runs over pixels, and a patch is kh runs of
 * {@code kw * c} floats of a padded image, which move on by {@code stride * c} from pixel to pixel.
 *
 * <p><b>Split:</b> chains of whole images or whole rows, added in order.
 */
final class SlidingGradient {
  /** Pixels in one sum of products. */
  private static final int CHAIN = 256;

  private final ConvShape shape;
  private final Patches patches;
  private final int rowSize;
  private final int imageSize;
  private final int imagePixels;

  SlidingGradient(ConvShape shape, float[] input) {
    this.shape = shape;
    this.patches = new Patches(shape, input, 0);
    this.rowSize = patches.paddedRowSize();
    this.imageSize = patches.paddedSize(1);
    this.imagePixels = shape.oh() * shape.ow();
  }

  /** Whether the gradient of the weight is computed so. */
  static boolean suits(ConvShape shape) {
    Window window = shape.window();
    return shape.groups() == 1
        && window.dilationW() == 1
        && shape.ow() <= CHAIN
        && SlidingConv2d.fewFilters(shape.oc(), window);
  }

  /** Floats of the padded images, and those a tile may read behind them. */
  int paddedSize() {
    return Math.addExact(patches.paddedSize(shape.n()), SlidingGemm.OVERHANG);
  }

  /** Copies the input with zeros around each image. */
  void pad(float[] padded, Parallel parallel) {
    patches.read(shape.n(), padded, parallel);
  }

  /** Pixels of a chain: whole images, or whole rows of an image that has more pixels. */
  int tableSize() {
    int whole = imagePixels <= CHAIN ? imagePixels : shape.ow();
    return CHAIN / whole * whole;
  }

  /** For each pixel of a chain, the distance of its patch from the chain's first. */
  void fillTable(int[] table) {
    Window window = shape.window();
    for (int i = 0; i < tableSize(); i++) {
      int row = i / shape.ow();
      int ox = i % shape.ow();
      table[i] =
          row / shape.oh() * imageSize
              + row % shape.oh() * window.strideH() * rowSize
              + ox * window.strideW() * shape.c();
    }
  }

  /** The products of runs of whole images; sums are {@code [oc, kh, kw, c]}. */
  DirectConv2d.SliceGradient of(
      float[] gradOutput, float[] padded, int[] table, Workspace workspace) {
    return (first, count, sum, sumAt, shared) -> {
      int end = first + count;
      int most = tableSize();
      int step;
      for (int pixel = first; pixel < end; pixel += step) {
        int left = imagePixels <= CHAIN ? end - pixel : imagePixels - pixel % imagePixels;
        step = Math.min(most, left);
        add(pixel, step, gradOutput, padded, table, sum, sumAt, workspace);
      }
    };
  }

  private void add(
      int pixel,
      int pixels,
      float[] gradOutput,
      float[] padded,
      int[] table,
      float[] sum,
      int sumAt,
      Workspace workspace) {
    Window window = shape.window();
    int oc = shape.oc();
    int rows = SlidingGemm.paddedRows(oc);
    int patch = shape.patchSize();
    int ldc = patch + SlidingGemm.OVERHANG;
    float[] panels = workspace.borrow(Kind.TASK, rows * tableSize());
    float[] product = workspace.borrow(Kind.BLOCK, rows * ldc);
    SlidingGemm.pack(oc, pixels, gradOutput, pixel * oc, oc, panels, 0);
    int oy = pixel / shape.ow() % shape.oh();
    int bAt = pixel / imagePixels * imageSize + oy * window.strideH() * rowSize;
    int run = window.kw() * shape.c();
    int runStep = window.dilationH() * rowSize;
    SlidingGemm.multiply(
        oc, pixels, panels, 0, table, padded, bAt, window.kh(), runStep, run, product, 0, ldc);
    for (int o = 0; o < oc; o++) {
      Lanes.ACTIVE.accumulate(product, o * ldc, sum, sumAt + o * patch, patch);
    }
    workspace.giveBack(Kind.BLOCK, product);
    workspace.giveBack(Kind.TASK, panels);
  }
}
