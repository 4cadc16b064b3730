package io.lanewise.kernels.shape;

/**
 * Samples whose channels are normalised in groups, {@code [n, rows, c]}: group g of a sample is all
 * its values in channels {@code g*c/groups} up to the next group's.
 *
 * @param n samples
 * @param rows rows of a sample, for images h*w
 * @param c channels
 * @param groups groups of channels; 1 is layer normalisation, c instance normalisation
 */
public record GroupShape(int n, int rows, int c, int groups) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a dimension is below 1, groups does not divide c, or an
   *     array would not fit in memory
   */
  public GroupShape {
    String text = text(n, rows, c, groups);
    Sizes.product(text, "n*rows*c", n, rows, c);
    if (groups < 1 || c % groups != 0) {
      throw new IllegalArgumentException(
          text + ": " + c + " channels do not split into " + groups + " equal groups");
    }
    Sizes.product(text, "statistics 2*n*groups", 2, n, groups);
  }

  /**
   * Reads the text of such a shape, for example {@code n8rows1024c64_g32}.
   *
   * @throws IllegalArgumentException if the text is not that of such a shape
   */
  public static GroupShape parse(String text) {
    return ShapeText.parse(text, GroupShape.class);
  }

  /** Floats in the array, {@code n*rows*c}. */
  public int size() {
    return n * rows * c;
  }

  /** Floats of one sample, {@code rows*c}. */
  public int sampleSize() {
    return rows * c;
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return text(n, rows, c, groups);
  }

  private static String text(int n, int rows, int c, int groups) {
    return "n" + n + "rows" + rows + "c" + c + "_g" + groups;
  }
}
