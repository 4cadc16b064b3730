package io.lanewise.kernels.shape;

/**
 * Values of which each belongs to a channel, {@code [rows, c]}; the channel is the fast axis.
 *
 * @param rows rows, for images n*h*w
 * @param c channels
 */
public record ChannelShape(int rows, int c) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a dimension is below 1 or the array would not fit in memory
   */
  public ChannelShape {
    if (!Sizes.fit(rows, c)) {
      Sizes.product("rows" + rows + "c" + c, "rows*c", rows, c);
    }
  }

  /**
   * Reads the text of such a shape, for example {@code rows131072c64}.
   *
   * @throws IllegalArgumentException if the text is not that of such a shape
   */
  public static ChannelShape parse(String text) {
    return ShapeText.parse(text, ChannelShape.class);
  }

  /** Floats in the array, {@code rows*c}. */
  public int size() {
    return rows * c;
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return "rows" + rows + "c" + c;
  }
}
