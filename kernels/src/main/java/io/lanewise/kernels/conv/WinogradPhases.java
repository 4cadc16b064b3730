package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.lanes.Lanes;

/**
 * The three phases of {@link Winograd#correlate}, each on a part of a block. V is written where the
 * micro-kernel reads its A panels and M is what the micro-kernel stores, so nothing is packed or
 * copied between them.
 */
final class WinogradPhases {
  private static final int ROW = WinogradShape.ROW;

  private final WinogradShape s;
  private final boolean rectify;
  private final float[] input;
  private final float[] u;
  private final float[] bias;
  private final float[] output;
  private final WinogradLanes lanes;
  private final int mr = MicroKernel.ACTIVE.mr();
  private final int nr = MicroKernel.ACTIVE.nr();
  private final int cornerAt = WinogradLanes.SCRATCH;

  /** For the arguments of {@link Winograd#correlate}. */
  WinogradPhases(
      WinogradShape s, Epilogue epilogue, float[] input, float[] u, float[] bias, float[] output) {
    this.s = s;
    this.rectify = epilogue == Epilogue.RELU;
    this.input = input;
    this.u = u;
    this.bias = bias;
    this.output = output;
    this.lanes = s.tile().lanes();
  }

  /** Floats of scratch that a task needs: for the transforms and a register tile. */
  int scratchSize() {
    return WinogradShape.ceil(cornerAt + mr * nr, 16) * 16;
  }

  /** Writes a k block of a panel of V. */
  void transform(WinogradBlock block, int panel, int kBlock, float[] scratch) {
    int channel = kBlock * s.blockSize();
    int channels = s.blockSize(kBlock);
    PositionGrid grid = s.inputGrid(block.panels());
    int at = block.inputAt() + kBlock * s.inputBlockSize(block.panels()) + panel * mr * ROW;
    int first = (block.first() + panel) * mr;
    int tiles = Math.min(mr, s.tiles() - first);
    WinogradBand band = s.inputBand(input);
    int run;
    for (int r = 0; r < tiles; r += run) {
      run = s.sideBySide(first + r, tiles - r);
      s.moveInput(band, first + r, run);
      lanes.input(channel, channels, band, block.array(), at + r * ROW, ROW, grid, scratch);
    }
  }

  /** Multiplies one position of V with some columns of U, from a multiple of nr on. */
  void multiply(WinogradBlock block, int position, int firstColumn, int columns, float[] scratch) {
    MicroKernel kernel = MicroKernel.ACTIVE;
    float[] array = block.array();
    int ldc = s.columns();
    int aAt = block.inputAt() + s.inputGrid(block.panels()).at(position);
    int cAt = block.sumsAt() + s.sumGrid(block.panels()).at(position);
    for (int b = 0; b < s.blocks(); b++) {
      int depth = s.blockSize(b);
      int uAt = s.weightGrid().at(position) + b * s.blockSize() * ldc;
      int vAt = aAt + b * s.inputBlockSize(block.panels());
      for (int j = firstColumn; j < firstColumn + columns; j += nr) {
        int wide = Math.min(nr, s.oc() - j);
        boolean half = wide <= nr / 2;
        int bAt = uAt + j * depth;
        for (int p = 0; p < block.panels(); p++) {
          int c = cAt + p * mr * ldc + j;
          if (b == 0) {
            kernel.byRows(mr, depth, array, vAt + p * mr * ROW, u, bAt, half, array, c, ldc);
            continue;
          }
          kernel.byRows(mr, depth, array, vAt + p * mr * ROW, u, bAt, half, scratch, cornerAt, nr);
          for (int r = 0; r < mr; r++) {
            Lanes.ACTIVE.accumulate(scratch, cornerAt + r * nr, array, c + r * ldc, wide);
          }
        }
      }
    }
  }

  /** Writes the outputs of a panel of M. */
  void inverse(WinogradBlock block, int panel, float[] scratch) {
    int m = s.tile().m();
    PositionGrid grid = s.sumGrid(block.panels());
    int at = block.sumsAt() + panel * mr * s.columns();
    int first = (block.first() + panel) * mr;
    int tiles = Math.min(mr, s.tiles() - first);
    int rowPitch = s.ow() * s.oc();
    for (int r = 0; r < tiles; r++) {
      int tile = first + r;
      int row = s.row(tile);
      int column = s.column(tile);
      lanes.output(
          s.oc(),
          block.array(),
          at + r * s.columns(),
          grid,
          bias,
          0,
          rectify,
          output,
          (s.image(tile) * s.oh() + row) * rowPitch + column * s.oc(),
          Math.min(m, s.oh() - row),
          Math.min(m, s.ow() - column),
          rowPitch,
          s.oc(),
          scratch);
    }
  }
}
