package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;

/** The three phases of a correlation in tiles, each on a range of panels. */
final class WinogradProduct {
  private final WinogradShape s;
  private final boolean rectify;
  private final float[] input;
  private final float[] u;
  private final float[] bias;
  private final float[] output;
  private final WinogradLanes lanes;
  private final int mr = MicroKernel.ACTIVE.mr();
  private final int nr = MicroKernel.ACTIVE.nr();
  private final int edgeAt = WinogradLanes.SCRATCH;
  private final int patchAt = edgeAt + mr * nr;

  WinogradProduct(
      WinogradShape s,
      Epilogue epilogue,
      float[] input,
      float[] u,
      float[] bias,
      float[] output) {
    this.s = s;
    this.rectify = epilogue == Epilogue.RELU;
    this.input = input;
    this.u = u;
    this.bias = bias;
    this.output = output;
    this.lanes = s.tile().lanes();
  }

  int scratchSize() {
    int t = s.tile().t();
    int m = s.tile().m();
    int patch = Math.max(t * t * s.blockSize(), m * m * s.oc());
    return WinogradShape.ceil(patchAt + patch, 16) * 16;
  }

  void block(int first, int panels, float[] scratch, int vAt, int mAt) {
    for (int p = 0; p < panels; p++) {
      for (int b = 0; b < s.blocks(); b++) {
        transform(first + p, b, scratch, vAt + p * s.inputPanelPitch(), scratch);
      }
    }
    for (int position = 0; position < s.tile().positions(); position++) {
      multiply(position, panels, 0, s.columns(), scratch, vAt, scratch, mAt, scratch);
    }
    for (int p = 0; p < panels; p++) {
      inverse(first + p, scratch, mAt + p * s.sumPanelPitch(), scratch);
    }
  }

  void phases(
      int first,
      int panels,
      float[] block,
      int vAt,
      int mAt,
      Workspace workspace,
      Parallel parallel) {
    long t0 = System.nanoTime();
    parallel.forEach(
        panels * s.blocks(),
        i -> {
          float[] scratch = workspace.borrow(Kind.TASK, scratchSize());
          int p = i / s.blocks();
          transform(
              first + p, i % s.blocks(), block, vAt + p * s.inputPanelPitch(), scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
    long t1 = System.nanoTime();
    int wide = Math.min(s.columns(), Winograd.COLS);
    int cuts = WinogradShape.ceil(s.columns(), wide);
    parallel.forEach(
        s.tile().positions() * cuts,
        i -> {
          float[] scratch = workspace.borrow(Kind.TASK, scratchSize());
          int column = i % cuts * wide;
          int columns = Math.min(wide, s.columns() - column);
          multiply(i / cuts, panels, column, columns, block, vAt, block, mAt, scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
    long t2 = System.nanoTime();
    parallel.forEach(
        panels,
        p -> {
          float[] scratch = workspace.borrow(Kind.TASK, scratchSize());
          inverse(first + p, block, mAt + p * s.sumPanelPitch(), scratch);
          workspace.giveBack(Kind.TASK, scratch);
        });
    long t3 = System.nanoTime();
    T[0] += t1 - t0;
    T[1] += t2 - t1;
    T[2] += t3 - t2;
  }

  static final long[] T = new long[3];

  /** Writes a k block of a panel of V. */
  private void transform(int panel, int block, float[] v, int panelAt, float[] scratch) {
    PositionGrid grid = s.inputGrid();
    int t = s.tile().t();
    int channel = block * s.blockSize();
    int channels = s.blockSize(block);
    WinogradPatches patches = new WinogradPatches(input, s.h(), s.w(), s.c(), t);
    int last = Math.min(mr, s.tiles() - panel * mr);
    for (int r = 0; r < last; r++) {
      int number = panel * mr + r;
      int tx = number % s.across();
      int ty = number / s.across() % s.down();
      int img = number / s.across() / s.down();
      patches.moveTo(img, ty * s.tile().m() - s.padTop(), tx * s.tile().m() - s.padLeft());
      int at = panelAt + block * s.inputBlockPitch() + r * WinogradShape.ROW;
      if (patches.isInside()) {
        lanes.input(
            channels,
            input,
            patches.at() + channel,
            patches.rowPitch(),
            s.c(),
            v,
            at,
            grid,
            scratch);
      } else {
        patches.copyOut(channel, channels, scratch, patchAt);
        lanes.input(
            channels, scratch, patchAt, t * channels, channels, v, at, grid, scratch);
      }
    }
  }

  /** Multiplies one position of some panels of V with some columns of U. */
  private void multiply(
      int position,
      int panels,
      int firstColumn,
      int columns,
      float[] v,
      int vAt,
      float[] sums,
      int sumsAt,
      float[] scratch) {
    MicroKernel kernel = MicroKernel.ACTIVE;
    int all = s.columns();
    int uAt = s.weightGrid().at(position);
    int aAt = vAt + s.inputGrid().at(position);
    int cAt = sumsAt + s.sumGrid().at(position);
    for (int block = 0; block < s.blocks(); block++) {
      int depth = s.blockSize(block);
      for (int j = firstColumn; j < firstColumn + columns; j += nr) {
        int wide = Math.min(nr, s.oc() - j);
        boolean half = wide <= nr / 2;
        int bAt = uAt + block * s.blockSize() * all + j * depth;
        for (int p = 0; p < panels; p++) {
          int a = aAt + p * s.inputPanelPitch() + block * s.inputBlockPitch();
          int c = cAt + p * s.sumPanelPitch() + j;
          if (block == 0) {
            kernel.byRows(depth, v, a, u, bAt, half, sums, c, all);
            continue;
          }
          kernel.byRows(depth, v, a, u, bAt, half, scratch, edgeAt, nr);
          for (int r = 0; r < mr; r++) {
            Lanes.ACTIVE.accumulate(scratch, edgeAt + r * nr, sums, c + r * all, wide);
          }
        }
      }
    }
  }

  /** Writes the outputs of a panel of M. */
  private void inverse(int panel, float[] sums, int panelAt, float[] scratch) {
    PositionGrid grid = s.sumGrid();
    int m = s.tile().m();
    WinogradPatches patches = new WinogradPatches(output, s.oh(), s.ow(), s.oc(), m);
    int last = Math.min(mr, s.tiles() - panel * mr);
    for (int r = 0; r < last; r++) {
      int number = panel * mr + r;
      int tx = number % s.across();
      int ty = number / s.across() % s.down();
      int img = number / s.across() / s.down();
      patches.moveTo(img, ty * m, tx * m);
      int at = panelAt + r * s.columns();
      boolean inside = patches.isInside();
      lanes.output(
          s.oc(),
          sums,
          at,
          grid,
          bias,
          0,
          rectify,
          inside ? output : scratch,
          inside ? patches.at() : patchAt,
          inside ? patches.rowPitch() : m * s.oc(),
          s.oc(),
          scratch);
      if (!inside) {
        patches.copyIn(scratch, patchAt);
      }
    }
  }
}
