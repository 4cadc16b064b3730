package io.lanewise.kernels.pool;

import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.PoolShape;

/** How poolings are cut: pieces that read or write about 32K floats of the input. */
final class PoolSlices {
  private static final int PIECE = 32 * 1024;

  private PoolSlices() {}

  /** Output rows, {@code n*oh}. */
  static Slices rows(PoolShape shape) {
    int rows = PoolRun.rows(shape);
    return new Slices(rows, (int) Math.max(1, (long) PIECE * rows / shape.inputSize()));
  }

  /** Images. */
  static Slices images(PoolShape shape) {
    return new Slices(shape.n(), Math.max(1, PIECE / imageSize(shape)));
  }

  /** Floats of one image of the input, {@code h*w*c}. */
  static int imageSize(PoolShape shape) {
    return shape.h() * shape.w() * shape.c();
  }
}
