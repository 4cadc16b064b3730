package io.lanewise.kernels.conv;

import static io.lanewise.kernels.conv.WinogradShape.GAP;
import static io.lanewise.kernels.conv.WinogradShape.ceil;

import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;

/**
 * The gradient of the weight in tiles: {@code gradWeight += G^T [ sum over tiles of (B^T d B) * (A
 * e A^T) ] G}, where d is a patch of the input and e a tile of the output's gradient. The sums of a
 * position over all tiles are a matrix product, channels by output channels.
 *
 * <pre>
 * V = B^T d B  [value][channels / 96][tile][96]   A panels as they stand, by columns
 * P = A e A^T  [value][columns / nr][tile][nr]    B panels as they stand
 * Q = V^T P    [value][columns / nr][channels / mr][mr][nr]   C tiles as they stand
 * </pre>
 *
 * <p>Positions that share a value of the weight add to the same value of Q.
 *
 * <p>A chain of products is as long as a block of tiles, at most 256; blocks are added in order.
 *
 * <p><b>Error:</b> as for {@link Winograd}, with the sums of absolute values of this formula, the
 * number of tiles for c, and the gradient that is added to for the bias.
 *
 * <p><b>Split:</b> a light weight by runs of blocks, which have a Q each, added in order; a block's
 * V stays in the L2 cache and meets one panel of columns of P at a time. A heavy weight by phases:
 * the transforms by tiles, the products by values of Q and columns. Both come from the shape.
 */
final class WinogradGradient {
  private static final int LONGEST_CHAIN = 256;

  /** Floats of V and P in a block that one task carries: what stays in the L2 cache. */
  private static final int BLOCK_FLOATS = 180_000;

  /** Floats of V and P in a block that all tasks share: what stays in the L3 cache. */
  private static final int PHASE_FLOATS = 4_000_000;

  /** Floats of a heavy weight. */
  private static final int HEAVY_FLOATS = 200_000;

  /** Columns of the gradient that a block is taken to hold at once: two vectors of 512 bits. */
  private static final int COUNTED_COLUMNS = 32;

  private static final int TASK_COLUMNS = 128;
  private static final int TASK_TILES = 8;
  private static final int TASK_ROWS = 16;
  private static final int MOST_RUNS = 8;
  private static final int RUN_TILES = 256;

  private final WinogradShape s;
  private final float[] gradWeight;
  private final WinogradGradientLanes lanes;
  private final WinogradBands inputBands;
  private final WinogradBands gradientBands;
  private final boolean light;
  private final boolean narrow;
  private final int heldColumns;
  private final int blockTiles;
  private final PositionGrid inputGrid;
  private final PositionGrid gradientGrid;
  private final PositionGrid sumGrid;
  private final int gradientAt;
  private final int mr;
  private final int nr;
  private final int columns;
  private final int rows;
  private final int cornerAt = WinogradLanes.SCRATCH;

  private WinogradGradient(WinogradShape s, float[] gradOutput, float[] input, float[] gradWeight) {
    this.s = s;
    this.gradWeight = gradWeight;
    this.lanes = s.tile().gradientLanes();
    this.inputBands = WinogradBands.ofInput(s, input);
    this.gradientBands = WinogradBands.ofOutput(s, gradOutput);
    this.narrow = NarrowLanes.fit(s.c(), s.oc());
    this.mr = narrow ? NarrowLanes.CHANNELS : MicroKernel.ACTIVE.mr();
    this.nr = narrow ? NarrowLanes.CHANNELS : MicroKernel.ACTIVE.nr();
    this.columns = ceil(s.oc(), nr) * nr;
    this.rows = narrow ? NarrowLanes.CHANNELS : MicroKernel.COLUMN_PITCH;
    DistinctRows inputs = s.tile().inputs();
    DistinctRows gradients = s.tile().gradients();
    DistinctRows weights = s.tile().weights();
    this.light = (long) weights.values() * s.c() * s.oc() < HEAVY_FLOATS;
    this.heldColumns = light ? nr : columns;
    // The length of a chain of sums must not depend on the width of a vector.
    int counted = light ? COUNTED_COLUMNS : ceil(s.oc(), COUNTED_COLUMNS) * COUNTED_COLUMNS;
    int ofTile = inputs.values() * s.c() + gradients.values() * counted;
    int fit = Math.max(16, (light ? BLOCK_FLOATS : PHASE_FLOATS) / ofTile);
    int blocks = ceil(s.tiles(), Math.min(LONGEST_CHAIN, fit));
    this.blockTiles = ceil(s.tiles(), blocks);
    int sums = ceil(s.c(), mr) * mr * columns;
    this.inputGrid = PositionGrid.uniform(inputs, ceil(s.c(), rows) * blockTiles * rows + GAP);
    this.gradientGrid = PositionGrid.uniform(gradients, heldColumns * blockTiles + GAP);
    this.sumGrid = PositionGrid.uniform(weights, sums + GAP);
    this.gradientAt = WinogradLanes.LINE + inputGrid.size();
  }

  /**
   * Adds the gradient.
   *
   * @param s the forward direction
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param input {@code [n, h, w, c]}
   * @param gradWeight {@code [3, 3, c, oc]}, added into
   */
  static void backwardWeight(
      WinogradShape s,
      float[] gradOutput,
      float[] input,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel) {
    WinogradGradient gradient = new WinogradGradient(s, gradOutput, input, gradWeight);
    if (gradient.light) {
      gradient.byRuns(workspace, parallel);
    } else {
      gradient.byPhases(workspace, parallel);
    }
  }

  /** Tiles in a block: all blocks but the last have as many. */
  private int tilesIn(int block) {
    return Math.min(blockTiles, s.tiles() - block * blockTiles);
  }

  private void byRuns(Workspace workspace, Parallel parallel) {
    int blocks = ceil(s.tiles(), blockTiles);
    int wanted = Math.max(1, Math.min(MOST_RUNS, s.tiles() / RUN_TILES));
    int inRun = ceil(blocks, wanted);
    int runs = ceil(blocks, inRun);
    int size = sumsSize();
    float[] sums = workspace.borrow(Kind.CALL, runs * size);
    parallel.forEach(
        runs,
        run -> {
          float[] scratch = workspace.borrow(Kind.TASK, scratchSize() + blockSize());
          int first = run * inRun;
          for (int b = first; b < Math.min(blocks, first + inRun); b++) {
            addBlock(b, b > first, sums, run * size, scratch);
          }
          workspace.giveBack(Kind.TASK, scratch);
        });
    parallel.forEach(
        runs == 1 ? 0 : s.tile().weights().values(),
        value -> {
          int at = sumGrid.atValue(value);
          for (int run = 1; run < runs; run++) {
            int count = sumGrid.groupPitch() - GAP;
            Lanes.ACTIVE.accumulate(sums, run * size + at, sums, at, count);
          }
        });
    inverse(sums, 0, workspace, parallel);
    workspace.giveBack(Kind.CALL, sums);
  }

  private void addBlock(int block, boolean adds, float[] sums, int sumsAt, float[] scratch) {
    int at = scratchSize();
    transformInput(block, 0, tilesIn(block), scratch, at, scratch);
    for (int j = 0; j < columns; j += nr) {
      transformGradient(block, 0, tilesIn(block), j, scratch, at, scratch);
      for (int value = 0; value < s.tile().weights().values(); value++) {
        sum(block, value, j, scratch, at, adds, sums, sumsAt, scratch);
      }
    }
  }

  private void byPhases(Workspace workspace, Parallel parallel) {
    float[] array = workspace.borrow(Kind.BATCH, blockSize() + sumsSize());
    int sumsAt = blockSize();
    int cuts = ceil(columns, TASK_COLUMNS);
    for (int b = 0; b < ceil(s.tiles(), blockTiles); b++) {
      int block = b;
      parallel.forEach(
          ceil(tilesIn(block), TASK_TILES),
          task -> {
            float[] scratch = workspace.borrow(Kind.TASK, scratchSize());
            int first = task * TASK_TILES;
            int last = Math.min(tilesIn(block), first + TASK_TILES);
            transformInput(block, first, last, array, 0, scratch);
            for (int j = 0; j < columns; j += nr) {
              transformGradient(block, first, last, j, array, 0, scratch);
            }
            workspace.giveBack(Kind.TASK, scratch);
          });
      parallel.forEach(
          s.tile().weights().values() * cuts,
          task -> {
            float[] scratch = workspace.borrow(Kind.TASK, scratchSize());
            int first = task % cuts * TASK_COLUMNS;
            int last = Math.min(columns, first + TASK_COLUMNS);
            for (int j = first; j < last; j += nr) {
              sum(block, task / cuts, j, array, 0, block > 0, array, sumsAt, scratch);
            }
            workspace.giveBack(Kind.TASK, scratch);
          });
    }
    inverse(array, sumsAt, workspace, parallel);
    workspace.giveBack(Kind.BATCH, array);
  }

  private int scratchSize() {
    return ceil(cornerAt + mr * nr, 16) * 16;
  }

  /** Floats of a block's V and P. */
  private int blockSize() {
    return gradientAt + gradientGrid.size();
  }

  private int sumsSize() {
    return sumGrid.size();
  }

  /** Index of a value in a position of Q. */
  private int sumAt(int channel, int column) {
    int rows = ceil(s.c(), mr) * mr;
    return column / nr * rows * nr + channel * nr + column % nr;
  }

  /**
   * Writes V of some tiles.
   *
   * @param first the first tile, counted from the block's first
   * @param last the first tile that is not meant
   * @param array holds V and P of the block from {@code at}, a multiple of 16
   */
  private void transformInput(
      int block, int first, int last, float[] array, int at, float[] scratch) {
    int band;
    for (int tile = first; tile < last; tile += band) {
      int number = block * blockTiles + tile;
      band = inputBands.sideBySide(number, last - tile);
      for (int ch = 0; ch < s.c(); ch += rows) {
        int channels = Math.min(rows, s.c() - ch);
        int to = at + WinogradLanes.LINE + ch * blockTiles + tile * rows;
        lanes.input(inputBands, number, band, ch, channels, array, to, rows, inputGrid, scratch);
      }
    }
  }

  /** Writes the columns from j of P of some tiles; arguments as for {@link #transformInput}. */
  private void transformGradient(
      int block, int first, int last, int j, float[] array, int at, float[] scratch) {
    int channels = Math.min(nr, s.oc() - j);
    int band;
    for (int tile = first; tile < last; tile += band) {
      int number = block * blockTiles + tile;
      band = gradientBands.sideBySide(number, last - tile);
      int to = at + gradientAt + j % heldColumns * blockTiles + tile * nr;
      lanes.outputGradient(
          gradientBands, number, band, j, channels, array, to, nr, gradientGrid, scratch);
    }
  }

  /** Overwrites or adds to the columns from j of one value of Q, the sum of its positions. */
  private void sum(
      int block,
      int value,
      int j,
      float[] array,
      int blockAt,
      boolean adds,
      float[] sums,
      int sumsAt,
      float[] scratch) {
    DistinctRows weights = s.tile().weights();
    int t = weights.products();
    int row = value / weights.count();
    int column = value % weights.count();
    boolean more = adds;
    for (int position = 0; position < t * t; position++) {
      if (weights.row(position / t) == row && weights.row(position % t) == column) {
        multiply(block, position, j, array, blockAt, more, sums, sumsAt, scratch);
        more = true;
      }
    }
  }

  /** Overwrites or adds to the columns from j of Q by the products of one position. */
  private void multiply(
      int block,
      int position,
      int j,
      float[] array,
      int blockAt,
      boolean adds,
      float[] sums,
      int sumsAt,
      float[] scratch) {
    MicroKernel kernel = MicroKernel.ACTIVE;
    int tiles = tilesIn(block);
    boolean half = s.oc() - j <= nr / 2;
    int vAt = blockAt + WinogradLanes.LINE + inputGrid.at(position);
    int pAt = blockAt + gradientAt + gradientGrid.at(position);
    int bAt = pAt + j % heldColumns * blockTiles;
    int tileRows;
    for (int ch = 0; ch < s.c(); ch += tileRows) {
      tileRows = narrow ? mr : kernel.tileRows(s.c() - ch);
      int aAt = vAt + ch / rows * blockTiles * rows + ch % rows;
      int at = sumsAt + sumGrid.at(position) + sumAt(ch, j);
      float[] to = adds ? scratch : sums;
      int toAt = adds ? cornerAt : at;
      if (narrow) {
        NarrowLanes.ACTIVE.sumOverTiles(tiles, array, aAt, array, bAt, to, toAt);
      } else {
        kernel.byColumns(tileRows, tiles, array, aAt, array, bAt, half, to, toAt, nr);
      }
      if (adds) {
        Lanes.ACTIVE.accumulate(scratch, cornerAt, sums, at, tileRows * nr);
      }
    }
  }

  /** Adds the transform of Q to the gradient. */
  private void inverse(float[] sums, int sumsAt, Workspace workspace, Parallel parallel) {
    int tapPitch = s.c() * s.oc();
    parallel.forEach(
        ceil(s.c(), TASK_ROWS),
        task -> {
          float[] scratch = workspace.borrow(Kind.TASK, WinogradLanes.SCRATCH);
          int last = Math.min(s.c(), (task + 1) * TASK_ROWS);
          for (int ch = task * TASK_ROWS; ch < last; ch++) {
            for (int j = 0; j < s.oc(); j += nr) {
              int at = sumsAt + sumAt(ch, j);
              int to = ch * s.oc() + j;
              int wide = Math.min(nr, s.oc() - j);
              lanes.weightGradient(wide, sums, at, sumGrid, gradWeight, to, tapPitch, scratch);
            }
          }
          workspace.giveBack(Kind.TASK, scratch);
        });
  }
}
