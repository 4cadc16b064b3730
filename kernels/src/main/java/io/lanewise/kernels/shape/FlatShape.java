package io.lanewise.kernels.shape;

/**
 * Values without structure, for elementwise kernels and update passes, text {@code size4096}.
 *
 * @param size number of floats
 */
public record FlatShape(int size) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if the size is below 1
   */
  public FlatShape {
    if (!Sizes.fit(size, 1)) {
      Sizes.product("size" + size, "array", size);
    }
  }

  /**
   * Reads the text of such a shape, for example {@code size4096}.
   *
   * @throws IllegalArgumentException if the text is not that of such a shape
   */
  public static FlatShape parse(String text) {
    return ShapeText.parse(text, FlatShape.class);
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return "size" + size;
  }
}
