package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.lanes.Lanes;

/**
 * The three phases of {@link Winograd#correlate}, each on a part of a block. A block is some
 * consecutive panels of tiles, whose V and M lie in one array. V is written where the micro-kernel
 * reads its A panels and M is what the micro-kernel stores, so nothing is packed or copied between
 * them.
 */
final class WinogradPhases {
  private static final int ROW = WinogradShape.ROW;

  private final WinogradShape s;
  private final boolean rectify;
  private final float[] u;
  private final float[] bias;
  private final float[] output;
  private final WinogradLanes lanes;
  private final WinogradBands inputBands;
  private final WinogradBands outputBands;
  private final PositionGrid inputGrid;
  private final PositionGrid weightGrid;
  private final PositionGrid sumGrid;
  private final int inputBlockSize;
  private final int sumsAt;
  private final int mr = MicroKernel.ACTIVE.mr();
  private final int nr = MicroKernel.ACTIVE.nr();
  private final int cornerAt = WinogradLanes.SCRATCH;

  /**
   * For the arguments of {@link Winograd#correlate}.
   *
   * @param panels most panels in a block
   */
  WinogradPhases(
      WinogradShape s,
      int panels,
      Epilogue epilogue,
      float[] input,
      float[] u,
      float[] bias,
      float[] output) {
    this.s = s;
    this.rectify = epilogue == Epilogue.RELU;
    this.u = u;
    this.bias = bias;
    this.output = output;
    this.lanes = s.tile().lanes();
    this.inputBands = WinogradBands.ofInput(s, input);
    this.outputBands = WinogradBands.ofOutput(s, output);
    this.inputGrid = s.inputGrid(panels);
    this.weightGrid = s.weightGrid();
    this.sumGrid = s.sumGrid(panels);
    this.inputBlockSize = inputGrid.size();
    this.sumsAt = WinogradLanes.LINE + s.blocks() * inputBlockSize;
  }

  /** Floats of a block's V and M. */
  int blockSize() {
    return sumsAt + sumGrid.size();
  }

  /** Floats of scratch that a task needs: for the transforms and a register tile. */
  int scratchSize() {
    return WinogradShape.ceil(cornerAt + mr * nr, 16) * 16;
  }

  /**
   * Writes a k block of a panel of V.
   *
   * @param first the block's first panel
   * @param panel counted from there
   * @param block holds the block's arrays from {@code blockAt}, a multiple of 16
   */
  void transform(int first, int panel, int kBlock, float[] block, int blockAt, float[] scratch) {
    int channel = kBlock * s.blockSize();
    int channels = s.blockSize(kBlock);
    int at = blockAt + WinogradLanes.LINE + kBlock * inputBlockSize + panel * mr * ROW;
    int firstTile = (first + panel) * mr;
    int tiles = Math.min(mr, s.tiles() - firstTile);
    int band;
    for (int r = 0; r < tiles; r += band) {
      int tile = firstTile + r;
      band = inputBands.sideBySide(tile, tiles - r);
      int to = at + r * ROW;
      lanes.input(inputBands, tile, band, channel, channels, block, to, ROW, inputGrid, scratch);
    }
  }

  /** Multiplies one position of V with some columns of U, from a multiple of nr on. */
  void multiply(
      int panels,
      int position,
      int firstColumn,
      int columns,
      float[] block,
      int blockAt,
      float[] scratch) {
    MicroKernel kernel = MicroKernel.ACTIVE;
    int ldc = s.columns();
    int aAt = blockAt + WinogradLanes.LINE + inputGrid.at(position);
    int cAt = blockAt + sumsAt + sumGrid.at(position);
    for (int b = 0; b < s.blocks(); b++) {
      int depth = s.blockSize(b);
      int uAt = weightGrid.at(position) + b * s.blockSize() * ldc;
      int vAt = aAt + b * inputBlockSize;
      for (int j = firstColumn; j < firstColumn + columns; j += nr) {
        int wide = Math.min(nr, s.oc() - j);
        boolean half = wide <= nr / 2;
        int bAt = uAt + j * depth;
        for (int p = 0; p < panels; p++) {
          int c = cAt + p * mr * ldc + j;
          if (b == 0) {
            kernel.byRows(mr, depth, block, vAt + p * mr * ROW, u, bAt, half, block, c, ldc);
            continue;
          }
          kernel.byRows(mr, depth, block, vAt + p * mr * ROW, u, bAt, half, scratch, cornerAt, nr);
          for (int r = 0; r < mr; r++) {
            Lanes.ACTIVE.accumulate(scratch, cornerAt + r * nr, block, c + r * ldc, wide);
          }
        }
      }
    }
  }

  /**
   * Writes the outputs of some columns of a panel of M; other arguments as for {@link #transform}.
   */
  void inverse(
      int first, int panel, int column, int columns, float[] block, int blockAt, float[] scratch) {
    int at = blockAt + sumsAt + panel * mr * s.columns() + column;
    int firstTile = (first + panel) * mr;
    int tiles = Math.min(mr, s.tiles() - firstTile);
    for (int r = 0; r < tiles; r++) {
      int tile = firstTile + r;
      lanes.output(
          columns,
          block,
          at + r * s.columns(),
          sumGrid,
          bias,
          column,
          rectify,
          output,
          outputBands.at(tile) + column,
          outputBands.bottom(tile),
          outputBands.right(tile, 1),
          outputBands.rowPitch(),
          s.oc(),
          scratch);
    }
  }
}
