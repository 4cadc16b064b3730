package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.ConcatShape;
import io.lanewise.kernels.shape.Sizes;
import java.util.function.IntFunction;

/**
 * Channels of several arrays side by side: {@code output[row] = input0[row], input1[row], ...}, the
 * join of an Inception block's branches (Szegedy et al., 2014). Backward cuts the gradient at the
 * same places.
 *
 * <p><b>Split:</b> rows, about 32768 output values a piece; values are only moved.
 *
 * <p><b>Backward needs:</b> nothing but gradOutput.
 */
public final class Concat {
  private Concat() {}

  /**
   * Copies the inputs into the output.
   *
   * @param shape rows, and channels of each input
   * @param inputs gives input i, {@code [rows, channels(i)]}
   * @param output {@code [rows, c]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(
      ConcatShape shape, IntFunction<float[]> inputs, float[] output, Parallel parallel) {
    for (int i = 0; i < shape.inputs(); i++) {
      Sizes.check(shape, "input" + i, inputs.apply(i), shape.inputSize(i), "rows*channels");
    }
    Sizes.check(shape, "output", output, shape.outputSize(), "rows*c");
    int c = shape.c();
    Slices slices = slices(shape);
    parallel.forEach(
        slices.count(),
        s -> {
          int end = slices.start(s) + slices.length(s);
          int channelAt = 0;
          for (int i = 0; i < shape.inputs(); i++) {
            int width = shape.channels().get(i);
            float[] input = inputs.apply(i);
            for (int row = slices.start(s); row < end; row++) {
              System.arraycopy(input, row * width, output, row * c + channelAt, width);
            }
            channelAt += width;
          }
        });
  }

  /**
   * Copies the gradient's parts to the inputs they belong to.
   *
   * @param shape rows, and channels of each input
   * @param gradOutput {@code [rows, c]}
   * @param gradInputs gives the gradient of input i, {@code [rows, channels(i)]}, overwritten; or
   *     null if nobody needs it
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      ConcatShape shape, float[] gradOutput, IntFunction<float[]> gradInputs, Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "rows*c");
    for (int i = 0; i < shape.inputs(); i++) {
      float[] gradInput = gradInputs.apply(i);
      if (gradInput != null) {
        Sizes.check(shape, "gradInput" + i, gradInput, shape.inputSize(i), "rows*channels");
      }
    }
    int c = shape.c();
    Slices slices = slices(shape);
    parallel.forEach(
        slices.count(),
        s -> {
          int end = slices.start(s) + slices.length(s);
          int channelAt = 0;
          for (int i = 0; i < shape.inputs(); i++) {
            int width = shape.channels().get(i);
            float[] gradInput = gradInputs.apply(i);
            for (int row = slices.start(s); gradInput != null && row < end; row++) {
              System.arraycopy(gradOutput, row * c + channelAt, gradInput, row * width, width);
            }
            channelAt += width;
          }
        });
  }

  private static Slices slices(ConcatShape shape) {
    return new Slices(shape.rows(), Math.max(1, ElementwiseLanes.PIECE / shape.c()));
  }
}
