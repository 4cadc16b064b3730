package io.lanewise.kernels.shape;

/**
 * Rows that are worked on one by one, {@code [rows, cols]}: class scores, samples.
 *
 * @param rows independent rows
 * @param cols values in a row
 */
public record RowShape(int rows, int cols) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a dimension is below 1 or the array would not fit in memory
   */
  public RowShape {
    Sizes.product("rows" + rows + "cols" + cols, "rows*cols", rows, cols);
  }

  /**
   * Reads the text of such a shape, for example {@code rows128cols10}.
   *
   * @throws IllegalArgumentException if the text is not that of such a shape
   */
  public static RowShape parse(String text) {
    return ShapeText.parse(text, RowShape.class);
  }

  /** Floats in the array, {@code rows*cols}. */
  public int size() {
    return rows * cols;
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return "rows" + rows + "cols" + cols;
  }
}
