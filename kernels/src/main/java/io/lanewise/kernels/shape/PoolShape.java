package io.lanewise.kernels.shape;

/**
 * The shape of max or average pooling over windows of an image.
 *
 * <p>Arrays: input {@code [n, h, w, c]}, output {@code [n, oh, ow, c]}.
 *
 * <p>Text: {@code n128h32w32c16_k2s2p0}; {@code _uncounted} is added where an average leaves the
 * padding out of its divisor.
 *
 * @param n images
 * @param h input rows
 * @param w input columns
 * @param c channels
 * @param window kernel size, stride, padding and dilation
 * @param paddingCounts whether average pooling counts padding cells in its divisor (PyTorch's
 *     {@code count_include_pad}); max pooling ignores it
 */
public record PoolShape(int n, int h, int w, int c, Window window, boolean paddingCounts) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a dimension is below 1, the window is larger than the
   *     padded input, or some window would lie in the padding alone
   */
  public PoolShape {
    String text = text(n, h, w, c, window, paddingCounts);
    Sizes.product(text, "input n*h*w*c", n, h, w, c);
    int oh = window.outputH(h, w, text);
    int ow = window.outputW(h, w, text);
    Sizes.product(text, "output n*oh*ow*c", n, oh, ow, c);
    checkTaps(
        text, "row", oh, h, window.strideH(), window.padTop(), window.kh(), window.dilationH());
    checkTaps(
        text, "column", ow, w, window.strideW(), window.padLeft(), window.kw(), window.dilationW());
  }

  private static void checkTaps(
      String text, String axis, int positions, int size, int stride, int pad, int k, int dil) {
    for (int out = 0; out < positions; out++) {
      boolean inside = false;
      for (int tap = 0; tap < k && !inside; tap++) {
        int at = out * stride + tap * dil - pad;
        inside = at >= 0 && at < size;
      }
      if (!inside) {
        throw new IllegalArgumentException(
            text + ": output " + axis + " " + out + " would pool padding alone; use less padding");
      }
    }
  }

  /** Pooling whose padding counts, as in PyTorch's default. */
  public static PoolShape of(int n, int h, int w, int c, Window window) {
    return new PoolShape(n, h, w, c, window, true);
  }

  /** One window over the whole of each image. */
  public static PoolShape global(int n, int h, int w, int c) {
    return of(n, h, w, c, whole(h, w));
  }

  /** Whether the window is that of {@link #global}. */
  public boolean isGlobal() {
    return window.equals(whole(h, w));
  }

  private static Window whole(int h, int w) {
    return new Window(h, w, 1, 1, 0, 0, 0, 0, 1, 1, Rounding.FLOOR);
  }

  /**
   * Reads the text of a pooling, for example {@code n128h32w32c16_k2s2p0}.
   *
   * @throws IllegalArgumentException if the text is not that of a pooling
   */
  public static PoolShape parse(String text) {
    return ShapeText.parse(text, PoolShape.class);
  }

  /** The same pooling on another number of images. */
  public PoolShape withBatch(int images) {
    return new PoolShape(images, h, w, c, window, paddingCounts);
  }

  /** Output rows. */
  public int oh() {
    return window.outputH(h, w, "pool");
  }

  /** Output columns. */
  public int ow() {
    return window.outputW(h, w, "pool");
  }

  /** Floats in the input, {@code n*h*w*c}. */
  public int inputSize() {
    return n * h * w * c;
  }

  /** Floats in the output, {@code n*oh*ow*c}. */
  public int outputSize() {
    return n * oh() * ow() * c;
  }

  /** Comparisons or additions of one direction. */
  public long flops() {
    return (long) outputSize() * window.kh() * window.kw();
  }

  /** Bytes of input and output, each touched once. */
  public long bytes() {
    return 4L * ((long) inputSize() + outputSize());
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return text(n, h, w, c, window, paddingCounts);
  }

  private static String text(int n, int h, int w, int c, Window window, boolean paddingCounts) {
    return ShapeText.image(n, h, w, c)
        + "_"
        + window.numbers()
        + (paddingCounts ? "" : "_uncounted")
        + window.rounding().suffix();
  }
}
