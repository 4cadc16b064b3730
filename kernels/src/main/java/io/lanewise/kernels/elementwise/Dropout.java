package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.RowShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * Inverted dropout, {@code y = keep(row, col) ? x / (1 - rate) : 0} where keep is true with
 * probability 1 - rate (Srivastava et al., JMLR 15, 2014).
 *
 * <p>The mask is a function of seed, row and column: a 64-bit mix of seed and row makes a key, and
 * a 32-bit hash of key and column decides. Nothing is saved, and a slice of the batch that says
 * which row it starts at has the mask it has in the whole batch.
 *
 * <p><b>Split:</b> rows, about 32768 values a piece; each value depends on its own place only.
 *
 * <p><b>Backward needs:</b> rate, seed and firstRow of forward, no array.
 */
public final class Dropout {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Dropout() {}

  /**
   * {@code output = keep ? input / (1 - rate) : 0}.
   *
   * @param shape rows (samples) and values in a row
   * @param rate probability that a value becomes 0, from 0 to below 1; 0 copies
   * @param seed names the mask: another one for each step and node
   * @param firstRow the number, in the batch, of the first row here
   * @param input values, {@code [rows, cols]}
   * @param output results, {@code [rows, cols]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if the rate is out of range or an array is too short
   */
  public static void forward(
      RowShape shape,
      float rate,
      long seed,
      long firstRow,
      float[] input,
      float[] output,
      Parallel parallel) {
    Sizes.check(shape, "input", input, shape.size(), "rows*cols");
    Sizes.check(shape, "output", output, shape.size(), "rows*cols");
    apply(shape, rate, seed, firstRow, input, output, parallel);
  }

  /**
   * {@code gradInput = keep ? gradOutput / (1 - rate) : 0}, with the mask of forward.
   *
   * @param shape rows (samples) and values in a row
   * @param rate as in forward
   * @param seed as in forward
   * @param firstRow as in forward
   * @param gradOutput gradient of the outputs, {@code [rows, cols]}
   * @param gradInput gradient of the inputs, {@code [rows, cols]}, overwritten
   * @param parallel runs the pieces
   * @throws IllegalArgumentException if the rate is out of range or an array is too short
   */
  public static void backward(
      RowShape shape,
      float rate,
      long seed,
      long firstRow,
      float[] gradOutput,
      float[] gradInput,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "rows*cols");
    Sizes.check(shape, "gradInput", gradInput, shape.size(), "rows*cols");
    apply(shape, rate, seed, firstRow, gradOutput, gradInput, parallel);
  }

  private static void apply(
      RowShape shape,
      float rate,
      long seed,
      long firstRow,
      float[] from,
      float[] to,
      Parallel parallel) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(shape + ": rate is " + rate + ", needs 0 <= rate < 1");
    }
    int threshold = (int) ((long) Math.ceil(rate * 0x1p32) + Integer.MIN_VALUE);
    float scale = 1 / (1 - rate);
    long stream = mix(seed + GOLDEN);
    int cols = shape.cols();
    Slices slices = new Slices(shape.rows(), Math.max(1, ElementwiseLanes.PIECE / cols));
    parallel.forEach(
        slices.count(),
        s -> {
          int end = slices.start(s) + slices.length(s);
          for (int row = slices.start(s); row < end; row++) {
            long key = mix(stream + (firstRow + row) * GOLDEN);
            ElementwiseLanes.ACTIVE.dropout(key, threshold, scale, 0, from, to, row * cols, cols);
          }
        });
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
