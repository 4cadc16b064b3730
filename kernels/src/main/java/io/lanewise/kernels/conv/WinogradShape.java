package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/**
 * A 3x3 correlation cut into tiles: from an image {@code [n, h, w, c]} to one {@code [n, oh, ow,
 * oc]}, and where its transformed arrays lie.
 *
 * <p>Tile number {@code (img * down + ty) * across + tx} computes outputs from row {@code ty * m}
 * and column {@code tx * m} on, and reads inputs from row {@code ty * step - padTop} and column
 * {@code tx * step - padLeft} on. Panels are {@code mr} consecutive tiles, the rows of one register
 * tile.
 *
 * <pre>
 * V, transformed input   [k block][run of positions][panel][mr][256]   A panels as they stand
 * U, transformed weight  [position][k block][columns / nr][kc][nr]     B panels as they stand
 * M = V U                [position][panel][mr][columns]                C tiles as they stand
 * </pre>
 *
 * @param tile size of a tile
 * @param padTop rows that the first patch begins above the image; negative: below its first row
 * @param padLeft columns that the first patch begins left of the image; may be negative
 */
record WinogradShape(
    WinogradTile tile,
    int n,
    int h,
    int w,
    int c,
    int oh,
    int ow,
    int oc,
    int padTop,
    int padLeft) {
  /** Floats of an A panel's row. */
  static final int ROW = MicroKernel.ROW_PITCH;

  /** Floats between the ends of equal arrays, so that they do not meet in the same cache sets. */
  static final int GAP = 16;

  /** The forward direction of a convolution, whose input also backwardWeight reads. */
  static WinogradShape forward(ConvShape s, WinogradTile tile) {
    Window window = s.window();
    return new WinogradShape(
        tile,
        s.n(),
        s.h(),
        s.w(),
        s.c(),
        s.oh(),
        s.ow(),
        s.oc(),
        window.padTop(),
        window.padLeft());
  }

  /**
   * The gradient of a convolution's input: a correlation with the padding turned inside out.
   * Windows that reach the first row of the input begin up to 2 rows before it.
   */
  static WinogradShape backwardInput(ConvShape s, WinogradTile tile) {
    Window window = s.window();
    return new WinogradShape(
        tile.backwards(),
        s.n(),
        s.oh(),
        s.ow(),
        s.oc(),
        s.h(),
        s.w(),
        s.c(),
        (2 - window.padTop()) / window.strideH(),
        (2 - window.padLeft()) / window.strideW());
  }

  /** Tiles above each other in an image. */
  int down() {
    return (oh + tile.m() - 1) / tile.m();
  }

  /** Tiles beside each other in an image. */
  int across() {
    return (ow + tile.m() - 1) / tile.m();
  }

  /** Tiles of all images. */
  int tiles() {
    return n * down() * across();
  }

  /** Panels of mr tiles. */
  int panels() {
    return ceil(tiles(), MicroKernel.ACTIVE.mr());
  }

  /** Blocks of the sum over input channels. */
  int blocks() {
    return ceil(c, ROW);
  }

  /** Channels of a block but the last: a multiple of every vector's lanes. */
  int blockSize() {
    return blocks() == 1 ? c : ceil(ceil(c, blocks()), 16) * 16;
  }

  /** Channels of a block. */
  int blockSize(int block) {
    return Math.min(blockSize(), c - block * blockSize());
  }

  /** Output channels, filled up to whole B panels. */
  int columns() {
    int nr = MicroKernel.ACTIVE.nr();
    return ceil(oc, nr) * nr;
  }

  /** Values of V side by side in a row: a column of them in as few and as equal runs as fit. */
  private int slots() {
    int values = tile.inputs().count();
    int fit = Math.max(1, Math.min(values, ROW / c));
    return ceil(values, ceil(values, fit));
  }

  /** The positions of V in a k block of some panels. */
  PositionGrid inputGrid(int panels) {
    int run = panels * MicroKernel.ACTIVE.mr() * ROW + GAP;
    return PositionGrid.grouped(tile.inputs(), slots(), c, run);
  }

  /** Floats of V. */
  int inputSize(int panels) {
    return blocks() * inputGrid(panels).size();
  }

  /** The positions of U. */
  PositionGrid weightGrid() {
    return PositionGrid.uniform(tile.weights(), c * columns() + GAP);
  }

  /** Floats of U, with those that micro-kernels read behind its last panel. */
  int weightSize() {
    long size = tile.weights().values() * ((long) c * columns() + GAP) + MicroKernel.ACTIVE.nr();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a transformed weight of " + size + " floats is more than one array; choose direct");
    }
    return (int) size;
  }

  /** The positions of M in some panels. */
  PositionGrid sumGrid(int panels) {
    return PositionGrid.uniform(tile.sums(), panels * MicroKernel.ACTIVE.mr() * columns() + GAP);
  }

  /** Floats of M. */
  int sumSize(int panels) {
    return sumGrid(panels).size();
  }

  static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }
}
