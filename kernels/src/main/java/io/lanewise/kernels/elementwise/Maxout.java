package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.ChannelShape;
import io.lanewise.kernels.shape.RowShape;
import io.lanewise.kernels.shape.Sizes;
import java.util.Arrays;

/**
 * Maxout, {@code y[row, c] = max over p of x[row, c*pieces + p]} (Goodfellow et al.,
 * arXiv:1302.4389), with the consecutive pieces of ConvNetJS.
 *
 * <p>As channels are the fast axis, output i has the inputs from i*pieces on; the first maximum
 * wins, and NaN wins over all.
 *
 * <p><b>Split:</b> pieces of about 32768 inputs; each output depends on its own inputs only.
 *
 * <p><b>Backward needs:</b> argmax.
 */
public final class Maxout {
  private Maxout() {}

  /**
   * The largest of each run of pieces, and which one it was.
   *
   * @param shape shape of the output
   * @param pieces inputs for each output, at least 1
   * @param input values, {@code [rows, c*pieces]}
   * @param output maxima, {@code [rows, c]}, overwritten
   * @param argmax for each output which of its pieces it came from, {@code [rows, c]}, overwritten
   * @param parallel runs the pieces of work
   * @throws IllegalArgumentException if pieces is below 1 or an array is too short
   */
  public static void forward(
      ChannelShape shape,
      int pieces,
      float[] input,
      float[] output,
      int[] argmax,
      Parallel parallel) {
    Sizes.check(shape, "input", input, inputSize(shape, pieces), "rows*c*pieces");
    Sizes.check(shape, "output", output, shape.size(), "rows*c");
    Sizes.check(shape, "argmax", argmax, shape.size(), "rows*c");
    Slices slices = slices(shape, pieces);
    parallel.forEach(
        slices.count(),
        s -> {
          int end = slices.start(s) + slices.length(s);
          for (int i = slices.start(s); i < end; i++) {
            int inputAt = i * pieces;
            float largest = input[inputAt];
            int from = 0;
            for (int p = 1; p < pieces; p++) {
              float value = input[inputAt + p];
              if (value > largest || (value != value && largest == largest)) {
                largest = value;
                from = p;
              }
            }
            output[i] = largest;
            argmax[i] = from;
          }
        });
  }

  /**
   * Gives each gradient to the piece that was the largest, and 0 to the others.
   *
   * @param shape shape of the output
   * @param pieces inputs for each output, at least 1
   * @param gradOutput gradient of the outputs, {@code [rows, c]}
   * @param argmax what forward saved, {@code [rows, c]}
   * @param gradInput gradient of the inputs, {@code [rows, c*pieces]}, overwritten
   * @param parallel runs the pieces of work
   * @throws IllegalArgumentException if pieces is below 1 or an array is too short
   */
  public static void backward(
      ChannelShape shape,
      int pieces,
      float[] gradOutput,
      int[] argmax,
      float[] gradInput,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "rows*c");
    Sizes.check(shape, "argmax", argmax, shape.size(), "rows*c");
    Sizes.check(shape, "gradInput", gradInput, inputSize(shape, pieces), "rows*c*pieces");
    Slices slices = slices(shape, pieces);
    parallel.forEach(
        slices.count(),
        s -> {
          int start = slices.start(s);
          int end = start + slices.length(s);
          Arrays.fill(gradInput, start * pieces, end * pieces, 0);
          for (int i = start; i < end; i++) {
            gradInput[i * pieces + argmax[i]] = gradOutput[i];
          }
        });
  }

  private static int inputSize(ChannelShape shape, int pieces) {
    if (pieces < 1) {
      throw new IllegalArgumentException(shape + ": pieces is " + pieces + ", needs at least 1");
    }
    return new RowShape(shape.size(), pieces).size();
  }

  private static Slices slices(ChannelShape shape, int pieces) {
    return new Slices(shape.size(), Math.max(1, ElementwiseLanes.PIECE / pieces));
  }
}
