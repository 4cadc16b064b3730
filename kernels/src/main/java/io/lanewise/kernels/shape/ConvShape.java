package io.lanewise.kernels.shape;

/**
 * The shape of a 2-D convolution.
 *
 * <p>{@code output[img,oy,ox,o] = bias[o] + sum over ky,kx,ic of input[img, oy*strideH + ky*dilH -
 * padTop, ox*strideW + kx*dilW - padLeft, g*c/groups + ic] * weight[ky,kx,ic,o]}, where g is the
 * group of output channel o, and the input is zero outside the image.
 *
 * <p>Arrays: input {@code [n, h, w, c]}, weight {@code [kh, kw, c/groups, oc]}, bias {@code [oc]},
 * output {@code [n, oh, ow, oc]}.
 *
 * <p>Text: {@code n128h32w32c64_oc64_k3s1p1}; groups add {@code _g2}, see {@link Window} for the
 * rest.
 *
 * @param n images
 * @param h input rows
 * @param w input columns
 * @param c input channels
 * @param oc output channels
 * @param window kernel size, stride, padding and dilation
 * @param groups channel groups; each reads c/groups channels and writes oc/groups
 */
public record ConvShape(int n, int h, int w, int c, int oc, Window window, int groups) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a dimension is below 1, the groups do not divide the
   *     channels, the window is larger than the padded input, or an array would not fit in memory
   */
  public ConvShape {
    String text = text(n, h, w, c, oc, window, groups);
    Sizes.product(text, "input n*h*w*c", n, h, w, c);
    Sizes.product(text, "output oc", oc);
    if (groups < 1 || c % groups != 0 || oc % groups != 0) {
      throw new IllegalArgumentException(
          text
              + ": groups must divide channels, but c = "
              + c
              + ", oc = "
              + oc
              + ", g = "
              + groups);
    }
    int oh = window.outputH(h, w, text);
    int ow = window.outputW(h, w, text);
    Sizes.product(text, "output n*oh*ow*oc", n, oh, ow, oc);
    Sizes.product(text, "weight kh*kw*c/groups*oc", window.kh(), window.kw(), c / groups, oc);
  }

  /** A convolution with one group. */
  public static ConvShape of(int n, int h, int w, int c, int oc, Window window) {
    return new ConvShape(n, h, w, c, oc, window, 1);
  }

  /**
   * Reads the text of a convolution, for example {@code n128h32w32c64_oc64_k3s1p1}.
   *
   * @throws IllegalArgumentException if the text is not that of a convolution
   */
  public static ConvShape parse(String text) {
    return ShapeText.parse(text, ConvShape.class);
  }

  /** The same convolution on another number of images. */
  public ConvShape withBatch(int images) {
    return new ConvShape(images, h, w, c, oc, window, groups);
  }

  /** Output rows. */
  public int oh() {
    return window.outputH(h, w, "conv");
  }

  /** Output columns. */
  public int ow() {
    return window.outputW(h, w, "conv");
  }

  /** Floats in the input, {@code n*h*w*c}. */
  public int inputSize() {
    return n * h * w * c;
  }

  /** Floats in the weight, {@code kh*kw*c/groups*oc}. */
  public int weightSize() {
    return patchSize() * oc;
  }

  /** Floats in the bias, {@code oc}. */
  public int biasSize() {
    return oc;
  }

  /** Floats in the output, {@code n*oh*ow*oc}. */
  public int outputSize() {
    return pixels() * oc;
  }

  /** Output pixels, {@code n*oh*ow}: the rows of the GEMM. */
  public int pixels() {
    return n * oh() * ow();
  }

  /** Floats one output value reads, {@code kh*kw*c/groups}: the K of the GEMM. */
  public int patchSize() {
    return window.kh() * window.kw() * (c / groups);
  }

  /** Whether every channel is its own group and has one output channel. */
  public boolean isDepthwise() {
    return groups == c && oc == c && c > 1;
  }

  /** Floating-point operations of one direction: a multiply and an add per patch and output. */
  public long flops() {
    return 2L * outputSize() * patchSize();
  }

  /** Bytes of input, weight and output, each touched once. */
  public long bytes() {
    return 4L * ((long) inputSize() + weightSize() + outputSize());
  }

  /** The text of this shape; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return text(n, h, w, c, oc, window, groups);
  }

  private static String text(int n, int h, int w, int c, int oc, Window window, int groups) {
    return ShapeText.image(n, h, w, c)
        + "_oc"
        + oc
        + "_"
        + window.numbers()
        + (groups == 1 ? "" : "_g" + groups)
        + window.rounding().suffix();
  }
}
