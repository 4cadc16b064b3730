package io.lanewise.kernels.pool;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * Global average pooling: {@code output[img,ch] = sum over y,x of input[img,y,x,ch] / (h*w)} (Lin
 * et al., "Network in network", 2014).
 *
 * <p>One chain of additions a channel, in pixel order, lanes along channels; backward divides once
 * and copies the pixel over the image.
 *
 * <p><b>Split:</b> by images, in pieces of about 32K input floats; a value is computed in one
 * piece.
 *
 * <p><b>Backward needs:</b> nothing but gradOutput.
 */
public final class GlobalAvgPool {
  private GlobalAvgPool() {}

  /**
   * The mean of each channel of each image.
   *
   * @param shape as {@link PoolShape#global} makes it
   * @param input {@code [n, h, w, c]}
   * @param output {@code [n, c]}, overwritten
   * @throws IllegalArgumentException if the window is not the whole image, or an array is too short
   */
  public static void forward(PoolShape shape, float[] input, float[] output, Parallel parallel) {
    checkGlobal(shape);
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    Sizes.check(shape, "output", output, shape.outputSize(), "n*c");
    int area = shape.h() * shape.w();
    int c = shape.c();
    Slices slices = PoolSlices.images(shape);
    parallel.forEach(
        slices.count(),
        slice -> {
          for (int i = 0; i < slices.length(slice); i++) {
            int img = slices.start(slice) + i;
            PoolLanes.ACTIVE.columnMeans(input, img * area * c, area, c, output, img * c);
          }
        });
  }

  /**
   * The gradient of the input: each pixel gets gradOutput / (h*w).
   *
   * @param shape as {@link PoolShape#global} makes it
   * @param gradOutput {@code [n, c]}
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if the window is not the whole image, or an array is too short
   */
  public static void backward(
      PoolShape shape, float[] gradOutput, float[] gradInput, Parallel parallel) {
    checkGlobal(shape);
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "n*c");
    Sizes.check(shape, "gradInput", gradInput, shape.inputSize(), "n*h*w*c");
    int area = shape.h() * shape.w();
    int c = shape.c();
    Slices slices = PoolSlices.images(shape);
    parallel.forEach(
        slices.count(),
        slice -> {
          for (int i = 0; i < slices.length(slice); i++) {
            int img = slices.start(slice) + i;
            int at = img * area * c;
            Lanes.ACTIVE.divide(gradOutput, img * c, area, gradInput, at, c);
            for (int done = 1; done < area; done *= 2) {
              int pixels = Math.min(done, area - done);
              System.arraycopy(gradInput, at, gradInput, at + done * c, pixels * c);
            }
          }
        });
  }

  private static void checkGlobal(PoolShape shape) {
    if (!shape.isGlobal()) {
      PoolShape global = PoolShape.global(shape.n(), shape.h(), shape.w(), shape.c());
      throw new IllegalArgumentException(
          shape + ": global pooling needs one window over the whole image, " + global);
    }
  }
}
