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
 * e A^T) ] G}, where e is a tile of the output's gradient. The sums of a position over all tiles
 * are a matrix product, channels by output channels.
 *
 * <pre>
 * V = B^T d B  [position][channels / 96][tile][96]      A panels as they stand, by columns
 * P = A e A^T  [position][columns / nr][tile][nr]       B panels as they stand
 * Q = V^T P    [position][channels][columns]
 * </pre>
 *
 * <p>A chain of products is as long as a block of tiles, at most 256; blocks are added in order.
 *
 * <p><b>Split:</b> a light weight by runs of blocks, which have a Q each that are added in order; a
 * heavy one by phases: transforms by tiles, products by positions and columns. Both by the shape.
 */
final class WinogradGradient {
  private static final int COLUMN = MicroKernel.COLUMN_PITCH;
  private static final int LONGEST_CHAIN = 256;
  private static final int BLOCK_FLOATS = Integer.getInteger("wino.gblock", 150_000);
  private static final int PHASE_FLOATS = Integer.getInteger("wino.gphase", 4_000_000);
  private static final int HEAVY_FLOATS = Integer.getInteger("wino.gheavy", 200_000);
  private static final int TASK_COLUMNS = 128;
  private static final int TASK_TILES = 8;
  private static final int TASK_ROWS = 16;
  private static final int MOST_RUNS = 8;
  private static final int RUN_TILES = 256;

  private final WinogradShape s;
  private final float[] gradOutput;
  private final float[] input;
  private final float[] gradWeight;
  private final WinogradLanes lanes;
  private final PositionGrid sumGrid;
  private final int blockTiles;
  private final int mr = MicroKernel.ACTIVE.mr();
  private final int nr = MicroKernel.ACTIVE.nr();
  private final int cornerAt = WinogradLanes.SCRATCH;
  private final int patchAt = cornerAt + mr * nr;

  private WinogradGradient(
      WinogradShape s, float[] gradOutput, float[] input, float[] gradWeight, int most) {
    this.s = s;
    this.gradOutput = gradOutput;
    this.input = input;
    this.gradWeight = gradWeight;
    this.lanes = s.tile().lanes();
    int t = s.tile().t();
    this.sumGrid = PositionGrid.uniform(t, ceil(s.c(), mr) * mr * s.columns() + GAP);
    int fit = Math.max(16, most / s.tile().positions() / (s.c() + s.columns()));
    int blocks = ceil(s.tiles(), Math.min(LONGEST_CHAIN, fit));
    this.blockTiles = ceil(s.tiles(), blocks);
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
    boolean light = s.weightSize() < HEAVY_FLOATS;
    int most = light ? BLOCK_FLOATS : PHASE_FLOATS;
    WinogradGradient gradient = new WinogradGradient(s, gradOutput, input, gradWeight, most);
    if (light) {
      gradient.byRuns(workspace, parallel);
    } else {
      gradient.byPhases(workspace, parallel);
    }
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
          for (int b = run * inRun; b < Math.min(blocks, (run + 1) * inRun); b++) {
            int first = b * blockTiles;
            int tiles = Math.min(blockTiles, s.tiles() - first);
            for (int i = 0; i < tiles; i++) {
              transform(first + i, i, tiles, scratch, scratchSize(), scratch);
            }
            boolean adds = b > run * inRun;
            for (int p = 0; p < s.tile().positions(); p++) {
              multiply(
                  p,
                  0,
                  s.columns(),
                  tiles,
                  scratch,
                  scratchSize(),
                  adds,
                  sums,
                  run * size,
                  scratch);
            }
          }
          workspace.giveBack(Kind.TASK, scratch);
        });
    parallel.forEach(
        runs == 1 ? 0 : s.tile().positions(),
        p -> {
          int at = sumGrid.at(p);
          for (int run = 1; run < runs; run++) {
            Lanes.ACTIVE.accumulate(sums, run * size + at, sums, at, s.c() * s.columns());
          }
        });
    inverse(sums, 0, workspace, parallel);
    workspace.giveBack(Kind.CALL, sums);
  }

  private void byPhases(Workspace workspace, Parallel parallel) {
    float[] array = workspace.borrow(Kind.BATCH, blockSize() + sumsSize());
    int sumsAt = blockSize();
    int cuts = ceil(s.columns(), TASK_COLUMNS);
    for (int first = 0; first < s.tiles(); first += blockTiles) {
      int start = first;
      int tiles = Math.min(blockTiles, s.tiles() - start);
      parallel.forEach(
          ceil(tiles, TASK_TILES),
          task -> {
            float[] scratch = workspace.borrow(Kind.TASK, scratchSize());
            int last = Math.min(tiles, (task + 1) * TASK_TILES);
            for (int i = task * TASK_TILES; i < last; i++) {
              transform(start + i, i, tiles, array, 0, scratch);
            }
            workspace.giveBack(Kind.TASK, scratch);
          });
      parallel.forEach(
          s.tile().positions() * cuts,
          task -> {
            float[] scratch = workspace.borrow(Kind.TASK, scratchSize());
            int column = task % cuts * TASK_COLUMNS;
            int columns = Math.min(TASK_COLUMNS, s.columns() - column);
            multiply(
                task / cuts, column, columns, tiles, array, 0, start > 0, array, sumsAt, scratch);
            workspace.giveBack(Kind.TASK, scratch);
          });
    }
    inverse(array, sumsAt, workspace, parallel);
    workspace.giveBack(Kind.BATCH, array);
  }

  private int scratchSize() {
    int t = s.tile().t();
    return ceil(patchAt + t * t * Math.max(s.c(), s.oc()), 16) * 16;
  }

  private PositionGrid inputGrid(int tiles) {
    return PositionGrid.uniform(s.tile().t(), ceil(s.c(), COLUMN) * tiles * COLUMN + GAP);
  }

  private PositionGrid gradientGrid(int tiles) {
    return PositionGrid.uniform(s.tile().t(), s.columns() * tiles + GAP);
  }

  private int gradientAt(int tiles) {
    return WinogradBlock.LINE + s.tile().positions() * inputGrid(tiles).groupPitch();
  }

  private int blockSize() {
    return gradientAt(blockTiles) + s.tile().positions() * gradientGrid(blockTiles).groupPitch();
  }

  private int sumsSize() {
    return s.tile().positions() * sumGrid.groupPitch();
  }

  /** Writes V and P of tile {@code number}, the i-th of its block. */
  private void transform(
      int number, int i, int tiles, float[] block, int blockAt, float[] scratch) {
    int t = s.tile().t();
    int m = s.tile().m();
    int row = s.row(number);
    int column = s.column(number);
    WinogradPatches in = new WinogradPatches(input, s.h(), s.w(), s.c(), t);
    in.moveTo(s.image(number), row - s.padTop(), column - s.padLeft());
    boolean inside = in.isInside();
    if (!inside) {
      in.copyOut(0, s.c(), scratch, patchAt);
    }
    float[] from = inside ? input : scratch;
    int fromAt = inside ? in.at() : patchAt;
    int rowPitch = inside ? in.rowPitch() : t * s.c();
    int vAt = blockAt + WinogradBlock.LINE + i * COLUMN;
    PositionGrid grid = inputGrid(tiles);
    for (int ch = 0; ch < s.c(); ch += COLUMN) {
      int channels = Math.min(COLUMN, s.c() - ch);
      lanes.input(
          channels, from, fromAt + ch, rowPitch, s.c(), block, vAt + ch * tiles, grid, scratch);
    }
    WinogradPatches out = new WinogradPatches(gradOutput, s.oh(), s.ow(), s.oc(), m);
    out.moveTo(s.image(number), row, column);
    inside = out.isInside();
    if (!inside) {
      out.copyOut(0, s.oc(), scratch, patchAt);
    }
    from = inside ? gradOutput : scratch;
    fromAt = inside ? out.at() : patchAt;
    rowPitch = inside ? out.rowPitch() : m * s.oc();
    int pAt = blockAt + gradientAt(tiles) + i * nr;
    grid = gradientGrid(tiles);
    for (int j = 0; j < s.oc(); j += nr) {
      int channels = Math.min(nr, s.oc() - j);
      lanes.outputGradient(
          channels, from, fromAt + j, rowPitch, s.oc(), block, pAt + j * tiles, grid, scratch);
    }
  }

  /** Overwrites or adds to some columns of one position of Q. */
  private void multiply(
      int position,
      int firstColumn,
      int columns,
      int tiles,
      float[] block,
      int blockAt,
      boolean adds,
      float[] sums,
      int sumsAt,
      float[] scratch) {
    MicroKernel kernel = MicroKernel.ACTIVE;
    int ldc = s.columns();
    int vAt = blockAt + WinogradBlock.LINE + inputGrid(tiles).at(position);
    int pAt = blockAt + gradientAt(tiles) + gradientGrid(tiles).at(position);
    int qAt = sumsAt + sumGrid.at(position);
    for (int j = firstColumn; j < firstColumn + columns; j += nr) {
      int wide = Math.min(nr, s.oc() - j);
      boolean half = wide <= nr / 2;
      for (int ch = 0; ch < s.c(); ch += mr) {
        int aAt = vAt + ch / COLUMN * tiles * COLUMN + ch % COLUMN;
        int bAt = pAt + j * tiles;
        int c = qAt + ch * ldc + j;
        if (!adds) {
          kernel.byColumns(tiles, block, aAt, block, bAt, half, sums, c, ldc);
          continue;
        }
        kernel.byColumns(tiles, block, aAt, block, bAt, half, scratch, cornerAt, nr);
        for (int r = 0; r < Math.min(mr, s.c() - ch); r++) {
          Lanes.ACTIVE.accumulate(scratch, cornerAt + r * nr, sums, c + r * ldc, wide);
        }
      }
    }
  }

  /** Adds the transform of Q to the gradient. */
  private void inverse(float[] sums, int sumsAt, Workspace workspace, Parallel parallel) {
    parallel.forEach(
        ceil(s.c(), TASK_ROWS),
        task -> {
          float[] scratch = workspace.borrow(Kind.TASK, WinogradLanes.SCRATCH);
          int last = Math.min(s.c(), (task + 1) * TASK_ROWS);
          for (int ch = task * TASK_ROWS; ch < last; ch++) {
            int at = sumsAt + ch * s.columns();
            int tapPitch = s.c() * s.oc();
            lanes.weightGradient(
                s.oc(), sums, at, sumGrid, gradWeight, ch * s.oc(), tapPitch, scratch);
          }
          workspace.giveBack(Kind.TASK, scratch);
        });
  }
}
