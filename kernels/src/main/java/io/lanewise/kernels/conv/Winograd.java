package io.lanewise.kernels.conv;

import static io.lanewise.kernels.conv.WinogradShape.ceil;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;

/**
 * Correlation with a 3x3 window in tiles: {@code Y = A^T [ sum over channels of (G g G^T) * (B^T d
 * B) ] A} for each tile and output channel, where {@code *} multiplies position by position (Lavin
 * and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016). The sums of a position over
 * all tiles and channels are one matrix product.
 *
 * <p>This is both forward and, with a rotated weight, backwardInput of a convolution; at stride 2
 * the latter has matrices of its own.
 *
 * <p><b>Error:</b> with {@code gamma = (c + K) * 2^-24}, where K = 24 covers the roundings of the
 * three transforms, a result differs from the exact one by at most {@code gamma * (|A^T| [ sum of
 * (|G||g| |G^T|) * (|B^T||d||B|) ] |A| + |bias|)} to first order: every value passes at most K
 * roundings besides the chain of c products, and no sum of absolute values is larger than this one.
 * The matrices make it larger than the bound of a plain sum, more so for F(4x4, 3x3).
 *
 * <p><b>Split:</b> blocks of tiles. A light weight is read from the cache by each block, so a block
 * is a task and goes through all phases in its core's L2 cache. Where an image or two give several
 * threads few blocks, a task computes only some columns of M, and transforms the input of its block
 * for itself. One thread does not cut columns: the second transform would cost it 6 or 7 % of one
 * image's time (128 channels of 16x16, 256 of 8x8). A heavy weight would be read too often, so a
 * block is much larger and each phase is split: the transforms by panels of tiles, the products by
 * positions and columns. Every value is a sum in the same order either way, so bits depend neither
 * on the split nor on the other images of a batch.
 */
final class Winograd {
  /** Floats of V and M that a task carries: what stays in the L2 cache beside a part of U. */
  private static final int BLOCK_FLOATS = 110_000;

  /** Panels of a block at least: how often a panel of U is used while it is in the L1 cache. */
  private static final int FEWEST_PANELS = 2;

  /** Floats of V and M that all tasks of a phase carry: what stays in the L3 cache beside U. */
  private static final int PHASE_FLOATS = 5_000_000;

  /** Floats of a heavy weight. */
  private static final int HEAVY_FLOATS = 4_000_000;

  /** Tasks at least, where there are as many columns. */
  private static final int FEWEST_TASKS = 4;

  /** Columns of M that are worth a transform of the input of their own. */
  private static final int FEWEST_COLUMNS = 64;

  /** Floats of a weight that a core's L2 cache holds: a panel of it may be used only once. */
  private static final int SMALL_FLOATS = 160_000;

  /** Columns of M in a task of a heavy weight. */
  private static final int TASK_COLUMNS = 128;

  private Winograd() {}

  /**
   * Computes the output.
   *
   * @param input {@code [n, h, w, c]}
   * @param u the weight from {@link WinogradWeights}
   * @param bias {@code [oc]}, or null for none
   * @param output {@code [n, oh, ow, oc]}, overwritten
   */
  static void correlate(
      WinogradShape s,
      Epilogue epilogue,
      float[] input,
      float[] u,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    long weights = (long) s.tile().weights().values() * s.c() * s.oc();
    boolean light = weights < HEAVY_FLOATS;
    int most = (light ? BLOCK_FLOATS : PHASE_FLOATS) / (s.inputSize(1) + s.sumSize(1));
    boolean small = weights <= SMALL_FLOATS && s.panels() < FEWEST_TASKS * FEWEST_PANELS;
    int blocks = ceil(s.panels(), Math.max(small ? 1 : FEWEST_PANELS, most));
    int panels = ceil(s.panels(), blocks);
    WinogradPhases phases = new WinogradPhases(s, panels, epilogue, input, u, bias, output);
    if (light) {
      carryAll(phases, s, panels, workspace, parallel);
      return;
    }
    float[] block = workspace.borrow(Kind.BATCH, phases.blockSize());
    for (int first = 0; first < s.panels(); first += panels) {
      split(phases, s, first, Math.min(panels, s.panels() - first), block, workspace, parallel);
    }
    workspace.giveBack(Kind.BATCH, block);
  }

  /** Takes each block through all phases, in one task or, where blocks are few, in some. */
  private static void carryAll(
      WinogradPhases phases, WinogradShape s, int panels, Workspace workspace, Parallel parallel) {
    int blocks = ceil(s.panels(), panels);
    int nr = MicroKernel.ACTIVE.nr();
    int most = Math.max(1, s.oc() / FEWEST_COLUMNS);
    int cuts = parallel.isShared() ? Math.min(ceil(FEWEST_TASKS, blocks), most) : 1;
    int columnPanels = s.columns() / nr;
    int blockAt = phases.scratchSize();
    parallel.forEach(
        cuts * blocks,
        i -> {
          float[] scratch = workspace.borrow(Kind.TASK, blockAt + phases.blockSize());
          int first = i % blocks * panels;
          int some = Math.min(panels, s.panels() - first);
          int cut = i / blocks;
          int column = columnPanels * cut / cuts * nr;
          int columns = Math.min(columnPanels * (cut + 1) / cuts * nr, s.oc()) - column;
          carry(phases, s, first, some, column, columns, scratch, blockAt);
          workspace.giveBack(Kind.TASK, scratch);
        });
  }

  private static void carry(
      WinogradPhases phases,
      WinogradShape s,
      int first,
      int panels,
      int column,
      int columns,
      float[] scratch,
      int blockAt) {
    for (int i = 0; i < panels * s.blocks(); i++) {
      phases.transform(first, i / s.blocks(), i % s.blocks(), scratch, blockAt, scratch);
    }
    for (int position = 0; position < s.tile().positions(); position++) {
      phases.multiply(panels, position, column, columns, scratch, blockAt, scratch);
    }
    for (int p = 0; p < panels; p++) {
      phases.inverse(first, p, column, columns, scratch, blockAt, scratch);
    }
  }

  /** Takes a block through phases of many tasks each. */
  private static void split(
      WinogradPhases phases,
      WinogradShape s,
      int first,
      int panels,
      float[] block,
      Workspace workspace,
      Parallel parallel) {
    int size = phases.scratchSize();
    parallel.forEach(
        panels * s.blocks(),
        i -> {
          float[] scratch = workspace.borrow(Kind.TASK, size);
          phases.transform(first, i / s.blocks(), i % s.blocks(), block, 0, scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
    int cuts = ceil(s.columns(), TASK_COLUMNS);
    parallel.forEach(
        s.tile().positions() * cuts,
        i -> {
          float[] scratch = workspace.borrow(Kind.TASK, size);
          int column = i % cuts * TASK_COLUMNS;
          int columns = Math.min(TASK_COLUMNS, s.columns() - column);
          phases.multiply(panels, i / cuts, column, columns, block, 0, scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
    parallel.forEach(
        panels,
        p -> {
          float[] scratch = workspace.borrow(Kind.TASK, size);
          phases.inverse(first, p, 0, s.oc(), block, 0, scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
  }
}
