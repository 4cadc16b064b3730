package io.lanewise.kernels.conv;

import static io.lanewise.kernels.conv.WinogradShape.ceil;

import io.lanewise.kernels.gemm.Epilogue;
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
 * three transforms, a result differs from the exact one by at most {@code gamma * |A^T| [ sum of
 * (|G||g| |G^T|) * (|B^T||d||B|) ] |A|} to first order: every value passes at most K roundings
 * besides the chain of c products, and no sum of absolute values is larger than this one. The
 * matrices make it larger than the bound of a plain sum, more so for F(4x4, 3x3).
 *
 * <p><b>Split:</b> blocks of tiles. A light weight is read from the cache by each block, so a block
 * is a task and goes through all phases in its core's L2 cache. A heavy one would be read too
 * often, so a block is much larger and each phase is split: the transforms by panels of tiles, the
 * products by positions and columns. Every value is a sum in the same order either way, so bits
 * depend neither on the split nor on the other images of a batch.
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
    boolean light = (long) s.tile().positions() * s.c() * s.oc() < HEAVY_FLOATS;
    int most = (light ? BLOCK_FLOATS : PHASE_FLOATS) / (s.inputSize(1) + s.sumSize(1));
    int blocks = ceil(s.panels(), Math.max(FEWEST_PANELS, most));
    int panels = ceil(s.panels(), blocks);
    WinogradPhases phases = new WinogradPhases(s, panels, epilogue, input, u, bias, output);
    if (light) {
      int blockAt = phases.scratchSize();
      parallel.forEach(
          ceil(s.panels(), panels),
          i -> {
            float[] scratch = workspace.borrow(Kind.TASK, blockAt + phases.blockSize());
            int first = i * panels;
            carry(phases, s, first, Math.min(panels, s.panels() - first), scratch, blockAt);
            workspace.giveBack(Kind.TASK, scratch);
          });
      return;
    }
    float[] block = workspace.borrow(Kind.BATCH, phases.blockSize());
    for (int first = 0; first < s.panels(); first += panels) {
      split(phases, s, first, Math.min(panels, s.panels() - first), block, workspace, parallel);
    }
    workspace.giveBack(Kind.BATCH, block);
  }

  /** Takes a block through all phases in one task. */
  private static void carry(
      WinogradPhases phases, WinogradShape s, int first, int panels, float[] scratch, int blockAt) {
    for (int i = 0; i < panels * s.blocks(); i++) {
      phases.transform(first, i / s.blocks(), i % s.blocks(), scratch, blockAt, scratch);
    }
    for (int position = 0; position < s.tile().positions(); position++) {
      phases.multiply(panels, position, 0, s.columns(), scratch, blockAt, scratch);
    }
    for (int p = 0; p < panels; p++) {
      phases.inverse(first, p, scratch, blockAt, scratch);
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
          phases.inverse(first, p, block, 0, scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
  }
}
