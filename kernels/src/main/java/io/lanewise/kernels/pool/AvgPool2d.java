package io.lanewise.kernels.pool;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * Average pooling: {@code output[img,oy,ox,ch] = sum over ky,kx of input[img, oy*strideH + ky*dilH
 * - padTop, ox*strideW + kx*dilW - padLeft, ch] / cells}, as PyTorch's {@code AvgPool2d}: cells are
 * the taps inside the padded image if {@link PoolShape#paddingCounts}, else those inside the image.
 * Taps that overhang the padded end (rounding up) never count.
 *
 * <p>Lanes run along channels; the sum stays in a register over a window, in the order of the taps,
 * and is divided once.
 *
 * <p><b>Split:</b> forward by output rows, backward by images, in pieces of about 32K input floats;
 * a value is computed in one piece, and where windows overlap gradients are added in the order of
 * the output pixels, so the bits are the same for any number of threads.
 *
 * <p><b>Backward needs:</b> nothing but gradOutput.
 */
public final class AvgPool2d {
  private AvgPool2d() {}

  /**
   * The average of each window.
   *
   * @param input {@code [n, h, w, c]}
   * @param output {@code [n, oh, ow, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(PoolShape shape, float[] input, float[] output, Parallel parallel) {
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    Sizes.check(shape, "output", output, shape.outputSize(), "n*oh*ow*c");
    Slices slices = PoolSlices.rows(shape);
    parallel.forEach(
        slices.count(),
        slice -> {
          PoolRun run = PoolRun.forward(shape);
          for (int i = 0; i < slices.length(slice); i++) {
            run.start(slices.start(slice) + i);
            while (run.next()) {
              PoolLanes.ACTIVE.average(run, input, output);
            }
          }
        });
  }

  /**
   * The gradient of the input.
   *
   * @param gradOutput {@code [n, oh, ow, c]}
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      PoolShape shape, float[] gradOutput, float[] gradInput, Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "n*oh*ow*c");
    Sizes.check(shape, "gradInput", gradInput, shape.inputSize(), "n*h*w*c");
    PoolBackward.run(
        shape,
        gradInput,
        (run, add) -> PoolLanes.ACTIVE.spread(run, gradOutput, add, gradInput),
        parallel);
  }
}
