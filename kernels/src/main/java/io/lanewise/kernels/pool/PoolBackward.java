package io.lanewise.kernels.pool;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.WindowAxis;
import java.util.Arrays;

/**
 * The loop that max and average pooling share backward: image by image, every run of output pixels
 * in order. Windows that do not overlap overwrite their taps; only cells that no window overwrites
 * are set to zero before.
 */
final class PoolBackward {
  private PoolBackward() {}

  /** What is done with one run of output pixels. */
  interface Step {
    /** Hands the gradients of a run to its taps, which are added to or overwritten. */
    void accept(PoolRun run, boolean add);
  }

  /** Fills gradInput, {@code [n, h, w, c]}. */
  static void run(PoolShape shape, float[] gradInput, Step step, Parallel parallel) {
    WindowAxis vertical = WindowAxis.rows(shape);
    WindowAxis horizontal = WindowAxis.columns(shape);
    boolean add = !(vertical.isDisjoint() && horizontal.isDisjoint());
    boolean tiled = vertical.isTiled() && horizontal.isTiled();
    int imageSize = PoolSlices.imageSize(shape);
    int oh = vertical.positions();
    Slices slices = PoolSlices.images(shape);
    parallel.forEach(
        slices.count(),
        slice -> {
          PoolRun run = PoolRun.backward(shape);
          for (int i = 0; i < slices.length(slice); i++) {
            int img = slices.start(slice) + i;
            if (!tiled) {
              Arrays.fill(gradInput, img * imageSize, (img + 1) * imageSize, 0);
            }
            for (int oy = 0; oy < oh; oy++) {
              run.start(img * oh + oy);
              while (run.next()) {
                step.accept(run, add);
              }
            }
          }
        });
  }
}
