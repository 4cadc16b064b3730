package io.lanewise.kernels.pool;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * Max pooling: {@code output[img,oy,ox,ch] = max over ky,kx of input[img, oy*strideH + ky*dilH -
 * padTop, ox*strideW + kx*dilW - padLeft, ch]} over the taps inside the image, as PyTorch's {@code
 * MaxPool2d}: the first of equal values wins, and a NaN wins over every number.
 *
 * <p>Lanes run along channels; the best value and its tap stay in registers over a window, and the
 * backward direction sends each gradient to the tap that won.
 *
 * <p><b>Split:</b> forward by output rows, backward by images, in pieces of about 32K input floats;
 * a value is computed in one piece, and where windows overlap gradients are added in the order of
 * the output pixels, so the bits are the same for any number of threads.
 *
 * <p><b>Backward needs:</b> argmax; neither input nor output.
 */
public final class MaxPool2d {
  private MaxPool2d() {}

  /**
   * The greatest value of each window and where it was.
   *
   * @param input {@code [n, h, w, c]}
   * @param output {@code [n, oh, ow, c]}, overwritten
   * @param argmax {@code [n, oh, ow, c]}, overwritten: the winning tap, {@code ky*kw + kx}
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(
      PoolShape shape, float[] input, float[] output, int[] argmax, Parallel parallel) {
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    Sizes.check(shape, "output", output, shape.outputSize(), "n*oh*ow*c");
    Sizes.check(shape, "argmax", argmax, shape.outputSize(), "n*oh*ow*c");
    Slices slices = PoolSlices.rows(shape);
    parallel.forEach(
        slices.count(),
        slice -> {
          PoolRun run = PoolRun.forward(shape);
          for (int i = 0; i < slices.length(slice); i++) {
            run.start(slices.start(slice) + i);
            while (run.next()) {
              PoolLanes.ACTIVE.max(run, input, output, argmax);
            }
          }
        });
  }

  /**
   * The gradient of the input.
   *
   * @param gradOutput {@code [n, oh, ow, c]}
   * @param argmax {@code [n, oh, ow, c]}, as {@link #forward} wrote it
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      PoolShape shape, float[] gradOutput, int[] argmax, float[] gradInput, Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "n*oh*ow*c");
    Sizes.check(shape, "argmax", argmax, shape.outputSize(), "n*oh*ow*c");
    Sizes.check(shape, "gradInput", gradInput, shape.inputSize(), "n*h*w*c");
    PoolBackward.run(
        shape,
        gradInput,
        (run, add) -> PoolLanes.ACTIVE.route(run, gradOutput, argmax, add, gradInput),
        parallel);
  }
}
