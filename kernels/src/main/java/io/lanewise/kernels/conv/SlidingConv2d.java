package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.Destination;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.SlidingGemm;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/**
 * Convolutions of few filters at stride 1, transposed: {@code output^T = weight^T * patches^T}.
 * Filters are the rows of the register tile and pixels its lanes, so 20 filters are two tiles of 10
 * rows, where as columns they would fill 20 lanes of 32. The patches are {@link SlidingPlanes},
 * which need no packing; what is computed is turned back to channels last block by block.
 *
 * <p>The gradient of the input is the same with the rotated weight. The gradient of the weight is
 * {@link SlidingGradient}.
 *
 * <p><b>Split:</b> blocks of output rows of an image. Every value is one chain in the order of the
 * patch.
 */
final class SlidingConv2d {
  /** Pixels of a block, about. */
  private static final int BLOCK_PIXELS = 128;

  /** Filters from which on they fill vectors well enough. */
  private static final int MOST_FILTERS = 28;

  /** A panel of the weight stays in the L1 cache. */
  private static final int LONGEST_PATCH = 512;

  /** Smaller windows multiply too little for what is turned; 5x5 is what was measured. */
  private static final int FEWEST_TAPS = 16;

  private SlidingConv2d() {}

  /** Whether output is computed so. */
  static boolean suits(ConvShape shape) {
    return fits(shape) && pays(shape, shape.oc(), shape.c());
  }

  /** Whether the gradient of the input is computed so. */
  static boolean suitsBackwards(ConvShape shape) {
    Window window = shape.window();
    return fits(shape)
        && window.padTop() < window.extentH()
        && window.padBottom() < window.extentH()
        && window.padLeft() < window.extentW()
        && window.padRight() < window.extentW()
        && pays(shape, shape.c(), shape.oc());
  }

  private static boolean fits(ConvShape shape) {
    Window window = shape.window();
    return shape.groups() == 1 && window.strideH() == 1 && window.strideW() == 1;
  }

  private static boolean pays(ConvShape shape, int filters, int channels) {
    Window window = shape.window();
    return fewFilters(filters, window) && window.kh() * window.kw() * channels <= LONGEST_PATCH;
  }

  /**
   * Whether these are few filters with large windows, and fill the rows of tiles: at most a ninth
   * is waste.
   */
  static boolean fewFilters(int filters, Window window) {
    return filters <= MOST_FILTERS
        && 8 * SlidingGemm.paddedRows(filters) <= 9 * filters
        && window.kh() * window.kw() >= FEWEST_TAPS;
  }

  /** Floats of a packed weight. */
  static int packedSize(ConvShape shape) {
    return packedSize(shape.window(), shape.oc(), shape.c());
  }

  /** Floats of a rotated weight. */
  static int rotatedSize(ConvShape shape) {
    return packedSize(shape.window(), shape.c(), shape.oc());
  }

  private static int packedSize(Window window, int filters, int channels) {
    int patch = window.kh() * window.kw() * channels;
    return Math.multiplyExact(SlidingGemm.paddedRows(filters), patch);
  }

  /** Packs the weight, {@code [kh, kw, c, oc]}. */
  static void pack(ConvShape shape, float[] weight, float[] packed) {
    SlidingGemm.pack(shape.oc(), shape.patchSize(), weight, 0, shape.oc(), packed, 0);
  }

  /** Packs the weight backwards: taps in reverse order, input and output channels exchanged. */
  static void rotate(ConvShape shape, float[] weight, float[] rotated, Workspace workspace) {
    int c = shape.c();
    int oc = shape.oc();
    int taps = shape.window().kh() * shape.window().kw();
    float[] turned = workspace.borrow(Kind.TASK, shape.weightSize());
    turn(shape, weight, turned);
    SlidingGemm.pack(c, taps * oc, turned, 0, c, rotated, 0);
    workspace.giveBack(Kind.TASK, turned);
  }

  /** The weight backwards, {@code [kh, kw, oc, c]}. */
  static void turn(ConvShape shape, float[] weight, float[] turned) {
    int c = shape.c();
    int oc = shape.oc();
    int taps = shape.window().kh() * shape.window().kw();
    for (int tap = 0; tap < taps; tap++) {
      int from = (taps - 1 - tap) * c * oc;
      for (int ch = 0; ch < c; ch++) {
        for (int o = 0; o < oc; o++) {
          turned[(tap * oc + o) * c + ch] = weight[from + ch * oc + o];
        }
      }
    }
  }

  /**
   * {@code output = epilogue(bias + input * weight)}.
   *
   * @param packed what {@link #pack} wrote
   */
  static void forward(
      ConvShape shape,
      Epilogue epilogue,
      float[] input,
      float[] packed,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    SlidingPlanes planes = SlidingPlanes.ofInput(shape);
    correlate(planes, shape.oc(), epilogue, input, packed, bias, output, workspace, parallel);
  }

  /**
   * {@code gradInput = gradOutput * rotated weight}.
   *
   * @param rotated what {@link #rotate} wrote
   */
  static void backwardInput(
      ConvShape shape,
      float[] gradOutput,
      float[] rotated,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    SlidingPlanes planes = SlidingPlanes.ofGradient(shape);
    correlate(
        planes,
        shape.c(),
        Epilogue.NONE,
        gradOutput,
        rotated,
        null,
        gradInput,
        workspace,
        parallel);
  }

  private static void correlate(
      SlidingPlanes planes,
      int filters,
      Epilogue epilogue,
      float[] input,
      float[] packed,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    float[] pixels = workspace.borrow(Kind.LAYOUT, planes.size());
    planes.fill(input, pixels, parallel);
    int depth = planes.patchSize();
    int[] table = workspace.borrowInts(depth);
    planes.fillTable(table);
    int rows = planes.rows();
    int columns = planes.columns();
    int most = Math.min(rows, Math.max(1, BLOCK_PIXELS / columns));
    int ldc = most * columns + SlidingGemm.OVERHANG;
    int blocks = (rows + most - 1) / most;
    parallel.forEach(
        planes.images() * blocks,
        i -> {
          int img = i / blocks;
          int oy = i % blocks * most;
          int count = Math.min(most, rows - oy) * columns;
          int runs = planes.runs(count / columns);
          float[] block = workspace.borrow(Kind.TASK, SlidingGemm.paddedRows(filters) * ldc);
          SlidingGemm.multiply(
              filters,
              depth,
              packed,
              0,
              table,
              pixels,
              planes.rowAt(img, oy),
              runs,
              planes.runStep(),
              count / runs,
              block,
              0,
              ldc);
          int at = (img * rows + oy) * columns * filters;
          Interleave.join(count, filters, block, 0, ldc, bias, output, at, filters);
          if (epilogue == Epilogue.RELU) {
            Destination.rectify(output, at, 1, count * filters);
          }
          workspace.giveBack(Kind.TASK, block);
        });
    workspace.giveBack(table);
    workspace.giveBack(Kind.LAYOUT, pixels);
  }
}
