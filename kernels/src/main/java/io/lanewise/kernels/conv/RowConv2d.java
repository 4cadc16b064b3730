package io.lanewise.kernels.conv;

import static io.lanewise.kernels.conv.RowTiles.PIXELS;
import static io.lanewise.kernels.conv.RowTiles.PRODUCTS;
import static io.lanewise.kernels.conv.RowTiles.TAPS;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.SlidingGemm;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.shape.ConvShape;

/**
 * Correlation with a 5x5 window by tiles along rows: {@code y = A^T [ sum over channels and rows of
 * the window of (G g) * (B^T d) ]} for each tile of 4 pixels and each filter, where {@code *}
 * multiplies product by product (Lavin and Gray, "Fast Algorithms for Convolutional Neural
 * Networks", 2016, in one dimension; the matrices stand in {@link ScalarRowLanes}).
 *
 * <p>Each of the 8 products is a convolution with a window of 5 rows and 1 column, whose pixels are
 * the tiles; {@link RowFilters} sums it:
 *
 * <pre>
 *   d[k][c][row][tile] = x[row][4 tile + k - left][c]      k = 0..7, split from channels last
 *   V[p] = B^T d                                           in place
 *   M[p][oc][row][tile] = sum over ky, c of U[p][oc][ky][c] * V[p][c][row + ky - top][tile]
 *   y[row][4 tile + j][oc] = A^T M + bias                  stored channels last
 * </pre>
 *
 * <p>This is both forward and, with a rotated weight, backwardInput of a convolution.
 *
 * <p><b>Error:</b> with {@code gamma = (5 c + K) * 2^-24}, a result differs from the exact one by
 * at most {@code gamma * (|A^T| [ sum of (|G||g|) * (|B^T||d|) ] + |bias|)} to first order. A value
 * passes at most 3 roundings in B^T (a fused multiply-add, another, the sum of even and odd), 5 in
 * G (two fused multiply-adds, a sum, the constant and its product), a chain of 5 c fused
 * multiply-adds, and 5 in A^T (even or odd, two fused multiply-adds, last sum, bias), each relative
 * to a partial sum that this sum of absolute values bounds: K = 13.
 *
 * <p><b>Split:</b> blocks of rows of an image, or of some small images. Every value is a chain in
 * the same order, so bits depend neither on the split nor on other images.
 */
final class RowConv2d {
  /** Tiles of a block, about: V and M stay in the L2 cache, those of one product in the L1. */
  private static final int BLOCK_TILES = 128;

  /** Tiles of two vectors of 512 bits: smaller images share a block. */
  private static final int PAIR = 32;

  /** Floats of a fifth of a weight from which on threads share its transform. */
  private static final int LIGHT_FLOATS = 1 << 11;

  /** Blocks at least, where images are few and large enough. */
  private static final int FEWEST_TASKS = 4;

  private final RowTiles t;
  private final RowFilters filters;
  private final boolean rectify;
  private final float[] input;
  private final float[] packed;
  private final float[] bias;
  private final float[] output;
  private final int tiles;
  private final int rows;
  private final int images;
  private final int plane;
  private final int imageSize;
  private final int sumsAt;
  private final int scratchSize;

  private RowConv2d(
      RowTiles t, Epilogue epilogue, float[] input, float[] packed, float[] bias, float[] output) {
    this.t = t;
    this.filters = RowFilters.of(t);
    this.rectify = epilogue == Epilogue.RELU;
    this.input = input;
    this.packed = packed;
    this.bias = bias;
    this.output = output;
    this.tiles = t.tiles();
    int few = Math.min(WinogradShape.ceil(FEWEST_TASKS, t.n()), t.oh() * tiles / PAIR);
    int cuts = Math.max(WinogradShape.ceil(t.oh() * tiles, BLOCK_TILES), few);
    this.rows = WinogradShape.ceil(t.oh(), Math.min(t.oh(), cuts));
    int whole = Math.max(1, PAIR / (rows * tiles));
    this.images = rows < t.oh() ? 1 : Math.min(t.n(), whole);
    this.plane = (rows + TAPS - 1) * tiles;
    this.imageSize = Math.multiplyExact(PRODUCTS * plane, t.c());
    this.sumsAt = Math.addExact(Math.multiplyExact(images, imageSize), SlidingGemm.OVERHANG);
    int copied = Math.multiplyExact(PIXELS * plane, t.c());
    int sums = filters.sumsSize(images * rows * tiles);
    this.scratchSize = Math.addExact(sumsAt, Math.max(sums, copied));
  }

  /** Floats of a packed weight. */
  static int packedSize(RowTiles t) {
    return RowFilters.of(t).packedSize();
  }

  /**
   * Transforms and packs a weight.
   *
   * @param weight {@code [5, 5, c, oc]}
   * @param packed receives {@link #packedSize} floats
   */
  static void pack(
      RowTiles t, float[] weight, float[] packed, Workspace workspace, Parallel parallel) {
    int row = t.c() * t.oc();
    int size = TAPS * row;
    float[] u = workspace.borrow(Kind.BLOCK, PRODUCTS * size);
    RowFilters filters = RowFilters.of(t);
    Parallel runners = size < LIGHT_FLOATS ? Parallel.serial() : parallel;
    runners.forEach(
        TAPS, ky -> RowLanes.ACTIVE.weight(row, weight, ky * size, row, u, ky * row, size));
    runners.forEach(PRODUCTS, p -> filters.pack(p, u, packed));
    workspace.giveBack(Kind.BLOCK, u);
  }

  /**
   * Transforms and packs a weight backwards, for the gradient of the input: taps in reverse order,
   * input and output channels exchanged.
   *
   * @param shape of the forward direction
   * @param weight {@code [5, 5, c, oc]}
   * @param rotated receives {@link #packedSize} floats
   */
  static void rotate(
      ConvShape shape, float[] weight, float[] rotated, Workspace workspace, Parallel parallel) {
    float[] turned = workspace.borrow(Kind.TASK, shape.weightSize());
    SlidingConv2d.turn(shape, weight, turned);
    pack(RowTiles.backwardInput(shape), turned, rotated, workspace, parallel);
    workspace.giveBack(Kind.TASK, turned);
  }

  /**
   * Correlates.
   *
   * @param t what is read and written
   * @param epilogue what happens to finished values
   * @param input {@code [n, h, w, c]}
   * @param packed what {@link #pack} wrote
   * @param bias {@code [oc]}, or null for none
   * @param output {@code [n, oh, ow, oc]}, overwritten
   */
  static void correlate(
      RowTiles t,
      Epilogue epilogue,
      float[] input,
      float[] packed,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    new RowConv2d(t, epilogue, input, packed, bias, output).run(workspace, parallel);
  }

  private void run(Workspace workspace, Parallel parallel) {
    int[] table = workspace.borrowInts(t.depth());
    for (int k = 0; k < t.depth(); k++) {
      table[k] = k % t.c() * plane + k / t.c() * tiles;
    }
    int blocks = WinogradShape.ceil(t.oh(), rows);
    parallel.forEach(
        WinogradShape.ceil(t.n(), images) * blocks,
        i -> {
          float[] scratch = workspace.borrow(Kind.TASK, scratchSize);
          compute(i / blocks * images, i % blocks * rows, table, scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
    workspace.giveBack(table);
  }

  private void compute(int img, int oy, int[] table, float[] scratch) {
    int count = Math.min(images, t.n() - img);
    int height = Math.min(rows, t.oh() - oy);
    for (int i = 0; i < count; i++) {
      transform(img + i, oy - t.top(), height + TAPS - 1, scratch, i * imageSize);
    }
    int row = img * t.oh() + oy;
    filters.run(
        table,
        count,
        imageSize,
        t.c() * plane,
        height * tiles,
        scratch,
        sumsAt,
        packed,
        bias,
        rectify,
        output,
        row);
  }

  /** V of some rows of an image; their first half of 4 pixels and the second are split alike. */
  private void transform(int img, int iy, int seen, float[] scratch, int at) {
    int c = t.c();
    int half = PIXELS * c * plane;
    for (int i = 0; i < 2; i++) {
      t.copyRows(input, img, iy, seen, i * PIXELS - t.left(), scratch, sumsAt);
      Interleave.split(seen * tiles, PIXELS * c, scratch, sumsAt, scratch, at + i * half, plane);
    }
    RowLanes.ACTIVE.input(c * plane, scratch, at, c * plane, scratch, at, c * plane);
  }
}
