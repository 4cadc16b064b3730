package io.lanewise.kernels.shape;

/**
 * A batch of images, text {@code n128h32w32c3}: {@code [n, h, w, c]}, or as bytes in planes {@code
 * [n, c, h, w]}.
 *
 * @param n images
 * @param h rows
 * @param w columns
 * @param c channels
 */
public record ImageShape(int n, int h, int w, int c) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a dimension is below 1 or the array would not fit in memory
   */
  public ImageShape {
    Sizes.product(ShapeText.image(n, h, w, c), "n*h*w*c", n, h, w, c);
  }

  /**
   * Reads the text of such a shape, for example {@code n128h32w32c3}.
   *
   * @throws IllegalArgumentException if the text is not that of such a shape
   */
  public static ImageShape parse(String text) {
    return ShapeText.parse(text, ImageShape.class);
  }

  /** The same images in another number. */
  public ImageShape withBatch(int images) {
    return new ImageShape(images, h, w, c);
  }

  /** Values of one image, {@code h*w*c}. */
  public int imageSize() {
    return h * w * c;
  }

  /** Values of all images, {@code n*h*w*c}. */
  public int size() {
    return n * h * w * c;
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return ShapeText.image(n, h, w, c);
  }
}
