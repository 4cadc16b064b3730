package io.lanewise.kernels.shape;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Several arrays with the same rows, {@code [rows, channels(i)]}, side by side in one, {@code
 * [rows, c]} with c the sum of all channels.
 *
 * @param rows rows, for images n*h*w
 * @param channels channels of each input, two inputs or more
 */
public record ConcatShape(int rows, List<Integer> channels) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if there are less than two inputs, a dimension is below 1, or
   *     the output would not fit in memory
   */
  public ConcatShape {
    channels = List.copyOf(channels);
    String text = text(rows, channels);
    if (channels.size() < 2) {
      throw new IllegalArgumentException(text + ": needs at least 2 inputs");
    }
    long all = 0;
    for (int c : channels) {
      Sizes.product(text, "input rows*c", rows, c);
      all += c;
    }
    Sizes.product(text, "output rows*c", rows, (int) Math.min(all, Integer.MAX_VALUE));
  }

  /** A shape of so many rows. */
  public static ConcatShape of(int rows, Integer... channels) {
    return new ConcatShape(rows, List.of(channels));
  }

  /**
   * Reads the text of such a shape, for example {@code rows1024c64x128x32}.
   *
   * @throws IllegalArgumentException if the text is not that of such a shape
   */
  public static ConcatShape parse(String text) {
    return ShapeText.parse(text, ConcatShape.class);
  }

  /** Number of inputs. */
  public int inputs() {
    return channels.size();
  }

  /** Channels of the output. */
  public int c() {
    int c = 0;
    for (int i = 0; i < channels.size(); i++) {
      c += channels.get(i);
    }
    return c;
  }

  /** Floats in an input. */
  public int inputSize(int input) {
    return rows * channels.get(input);
  }

  /** Floats in the output. */
  public int outputSize() {
    return rows * c();
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return text(rows, channels);
  }

  private static String text(int rows, List<Integer> channels) {
    return "rows"
        + rows
        + "c"
        + channels.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
