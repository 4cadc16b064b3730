package io.lanewise.kernels.conv;

import static io.lanewise.kernels.conv.RowTiles.PIXELS;
import static io.lanewise.kernels.conv.RowTiles.PRODUCTS;
import static io.lanewise.kernels.conv.RowTiles.TAPS;

import io.lanewise.kernels.gemm.SlidingGemm;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import java.util.Arrays;

/**
 * The gradient of a 5x5 weight by tiles along rows: {@code g = G^T [ sum over tiles of (A e) * (B^T
 * d) ]}, with e the 4 pixels of the output's gradient in a tile and d the 8 of the input.
 *
 * <p>Filters are the rows of the register tile, the sum runs over tiles, and lanes run along the 5
 * rows of the window and the channels. So that those are neighbours, images are turned first:
 * columns lie one behind the other, and in a column the rows and their channels.
 *
 * <pre>
 *   x[column][row][c]                                     turned, zeros around
 *   V[p][tile][row][c] = B^T x, P[p][tile][row][oc] = A e turned likewise
 *   Q[p][oc][ky, c] = sum over tile, row of P[p][tile][row][oc] * V[p][tile][row + ky][c]
 *   gradWeight[ky][kx][c][oc] += G^T Q
 * </pre>
 *
 * <p><b>Error:</b> as in {@link RowConv2d}, with {@code gamma = (tiles of all images + K) * 2^-24}
 * and {@code |G^T| [ sum of (|A||e|) * (|B^T||d|) ]} beside the gradient that is added to: a value
 * passes at most 3 roundings in B^T, 2 in A, one for each tile (chains that are added up are
 * shorter by at least one tile for each sum), and 7 in G^T and where it is added: K = 12.
 *
 * <p><b>Split:</b> slices of the batch, and in them chains of some images or some rows; both are
 * added in order.
 */
final class RowGradient {
  /** Tiles in one sum of products, about: V and P of them stay in the L2 cache. */
  private static final int CHAIN_TILES = 128;

  /** Slices of the batch at most, and at most one for each chain that the batch would fill. */
  private static final int SLICES = 8;

  /** Slices at least, where there are as many images. */
  private static final int FEWEST_SLICES = 2;

  private final RowTiles t;
  private final float[] gradOutput;
  private final float[] input;
  private final int tiles;
  private final int rows;
  private final int images;
  private final int seen;
  private final int column;
  private final int product;
  private final int chain;
  private final int ldc;
  private final int sumSize;
  private final int turnedAt;
  private final int panelsAt;
  private final int gradientsAt;
  private final int scratchSize;

  private RowGradient(RowTiles t, float[] gradOutput, float[] input) {
    this.t = t;
    this.gradOutput = gradOutput;
    this.input = input;
    this.tiles = t.tiles();
    int blocks = WinogradShape.ceil(t.oh() * tiles, CHAIN_TILES);
    this.rows = WinogradShape.ceil(t.oh(), blocks);
    int most = Math.max(1, CHAIN_TILES / (t.oh() * tiles));
    this.images = Math.min(WinogradShape.ceil(t.n(), FEWEST_SLICES), most);
    this.seen = rows + TAPS - 1;
    this.column = Math.multiplyExact(seen, t.c());
    this.product = Math.multiplyExact(tiles, column);
    this.chain = images * rows * tiles;
    this.ldc = t.depth() + SlidingGemm.OVERHANG;
    this.sumSize = Math.multiplyExact(SlidingGemm.paddedRows(t.oc()), ldc);
    this.turnedAt =
        Math.addExact(Math.multiplyExact(images * PRODUCTS, product), SlidingGemm.OVERHANG);
    int gradients = Math.multiplyExact(PIXELS * tiles * rows, t.oc());
    int inputs = Math.multiplyExact(PIXELS * tiles + PIXELS, column);
    this.panelsAt = Math.addExact(turnedAt, Math.max(gradients, inputs));
    int panels = Math.multiplyExact(SlidingGemm.paddedRows(t.oc()), chain);
    this.gradientsAt = Math.addExact(panelsAt, panels);
    this.scratchSize = Math.addExact(gradientsAt, Math.multiplyExact(PRODUCTS * chain, t.oc()));
  }

  /**
   * Computes the gradient of the weight.
   *
   * @param t tiles of the output
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param input {@code [n, h, w, c]}
   * @param gradWeight {@code [5, 5, c, oc]}, added into
   */
  static void backwardWeight(
      RowTiles t,
      float[] gradOutput,
      float[] input,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel) {
    new RowGradient(t, gradOutput, input).run(gradWeight, workspace, parallel);
  }

  private void run(float[] gradWeight, Workspace workspace, Parallel parallel) {
    int most = Math.min(SLICES, WinogradShape.ceil(t.n(), images));
    Slices slices = Slices.atMost(most, t.n());
    int size = Math.multiplyExact(PRODUCTS, sumSize);
    float[] sums = workspace.borrow(Kind.CALL, Math.multiplyExact(slices.count(), size));
    int[] table = workspace.borrowInts(chain);
    fillTable(table);
    parallel.forEach(
        slices.count(),
        i -> {
          int first = slices.start(i);
          addSlice(first, first + slices.length(i), table, sums, i * size, workspace);
        });
    workspace.giveBack(table);
    parallel.forEach(
        slices.count() == 1 ? 0 : PRODUCTS,
        p -> {
          for (int i = 1; i < slices.count(); i++) {
            Lanes.ACTIVE.accumulate(sums, i * size + p * sumSize, sums, p * sumSize, sumSize);
          }
        });
    RowLanes.ACTIVE.weightGradient(sumSize, sums, 0, sumSize);
    addTaps(sums, gradWeight);
    workspace.giveBack(Kind.CALL, sums);
  }

  /** For each step of a chain, the distance of what its window sees in V from the first's. */
  private void fillTable(int[] table) {
    for (int k = 0; k < chain; k++) {
      int tile = k / rows % tiles;
      int image = k / rows / tiles;
      table[k] = image * PRODUCTS * product + tile * column + k % rows * t.c();
    }
  }

  private void addSlice(
      int first, int end, int[] table, float[] sums, int sumsAt, Workspace workspace) {
    int size = PRODUCTS * sumSize;
    float[] scratch = workspace.borrow(Kind.TASK, scratchSize);
    float[] block = workspace.borrow(Kind.BLOCK, size);
    for (int img = first; img < end; img += images) {
      int count = Math.min(images, end - img);
      for (int oy = 0; oy < t.oh(); oy += rows) {
        for (int i = 0; i < count; i++) {
          transform(img + i, oy, scratch, i);
        }
        boolean alone = img == first && oy == 0;
        float[] to = alone ? sums : block;
        int toAt = alone ? sumsAt : 0;
        multiply(count * rows * tiles, table, scratch, to, toAt);
        if (!alone) {
          Lanes.ACTIVE.accumulate(block, 0, sums, sumsAt, size);
        }
      }
    }
    workspace.giveBack(Kind.BLOCK, block);
    workspace.giveBack(Kind.TASK, scratch);
  }

  /** V and P of some rows of an image, the i-th of its chain. */
  private void transform(int img, int oy, float[] scratch, int i) {
    int iy = oy - t.top();
    int columns = PIXELS * tiles + PIXELS;
    int vAt = i * PRODUCTS * product;
    turn(input, t.h(), t.w(), t.c(), img, iy, seen, -t.left(), columns, scratch, turnedAt);
    for (int tile = 0; tile < tiles; tile++) {
      int from = turnedAt + tile * PIXELS * column;
      int to = vAt + tile * column;
      RowLanes.ACTIVE.input(column, scratch, from, column, scratch, to, product);
    }
    int oc = t.oc();
    int run = rows * oc;
    int pAt = gradientsAt + i * tiles * run;
    turn(gradOutput, t.oh(), t.ow(), oc, img, oy, rows, 0, PIXELS * tiles, scratch, turnedAt);
    for (int tile = 0; tile < tiles; tile++) {
      int from = turnedAt + tile * PIXELS * run;
      RowLanes.ACTIVE.outputGradient(
          run, scratch, from, run, scratch, pAt + tile * run, chain * oc);
    }
  }

  /** Copies rows and columns of an image with zeros around them, column by column. */
  private static void turn(
      float[] from,
      int h,
      int w,
      int c,
      int img,
      int iy,
      int rows,
      int ix,
      int columns,
      float[] to,
      int at) {
    Arrays.fill(to, at, at + columns * rows * c, 0);
    int first = Math.max(0, -iy);
    int count = Math.min(rows, h - iy) - first;
    int end = Math.min(columns, w - ix);
    for (int x = Math.max(0, -ix); x < end && count > 0; x++) {
      int source = ((img * h + iy + first) * w + ix + x) * c;
      SlidingGemm.gather(c, count, from, source, w * c, to, at + (x * rows + first) * c);
    }
  }

  private void multiply(int steps, int[] table, float[] scratch, float[] sums, int sumsAt) {
    int oc = t.oc();
    for (int p = 0; p < PRODUCTS; p++) {
      SlidingGemm.pack(oc, steps, scratch, gradientsAt + p * chain * oc, oc, scratch, panelsAt);
      SlidingGemm.multiply(
          oc,
          steps,
          scratch,
          panelsAt,
          table,
          scratch,
          p * product,
          1,
          0,
          t.depth(),
          sums,
          sumsAt + p * sumSize,
          ldc);
    }
  }

  /** Adds the taps, {@code [kx, oc, ky, c]}, to the gradient of the weight. */
  private void addTaps(float[] taps, float[] gradWeight) {
    int oc = t.oc();
    for (int row = 0; row < TAPS * TAPS * t.c(); row++) {
      int ch = row % t.c();
      int kx = row / t.c() % TAPS;
      int ky = row / t.c() / TAPS;
      int from = kx * sumSize + ky * t.c() + ch;
      for (int o = 0; o < oc; o++) {
        gradWeight[row * oc + o] += taps[from + o * ldc];
      }
    }
  }
}
