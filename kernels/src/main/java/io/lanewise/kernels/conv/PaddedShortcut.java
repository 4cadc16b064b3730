package io.lanewise.kernels.conv;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Sizes;
import java.util.Arrays;

/**
 * The shortcut without weights of residual nets (option A of He et al., "Deep residual learning for
 * image recognition", 2015, section 3.3): {@code output[img,oy,ox,before+ic] =
 * input[img,oy*s,ox*s,ic]}, and zero in the oc - c channels around, of which {@code before = (oc -
 * c) / 2}, rounded down, stand before the others.
 *
 * <p>A copy. The shape is that of the 1x1 convolution it stands for, {@code
 * n8h32w32c16_oc32_k1s2p0}.
 *
 * <p><b>Split:</b> by images, in pieces of about 32K input floats; every value is written once.
 *
 * <p><b>Backward needs:</b> nothing but gradOutput.
 */
public final class PaddedShortcut {
  private static final int PIECE = 1 << 15;

  private PaddedShortcut() {}

  /**
   * Copies every stride-th pixel.
   *
   * @param shape a 1x1 window without padding and groups, at least as many channels out as in
   * @param input {@code [n, h, w, c]}
   * @param output {@code [n, oh, ow, oc]}, overwritten
   * @throws IllegalArgumentException if the shape is another one or an array is too short
   */
  public static void forward(ConvShape shape, float[] input, float[] output, Parallel parallel) {
    check(shape);
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    Sizes.check(shape, "output", output, shape.outputSize(), "n*oh*ow*oc");
    int size = shape.oh() * shape.ow() * shape.oc();
    forEachImage(
        shape,
        parallel,
        img -> {
          Arrays.fill(output, img * size, (img + 1) * size, 0);
          forEachPixel(
              shape, img, (from, to) -> System.arraycopy(input, from, output, to, shape.c()));
        });
  }

  /**
   * The gradient of the input: that of the pixel it was copied to, else zero.
   *
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException as {@link #forward}
   */
  public static void backward(
      ConvShape shape, float[] gradOutput, float[] gradInput, Parallel parallel) {
    check(shape);
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "n*oh*ow*oc");
    Sizes.check(shape, "gradInput", gradInput, shape.inputSize(), "n*h*w*c");
    int size = shape.h() * shape.w() * shape.c();
    forEachImage(
        shape,
        parallel,
        img -> {
          Arrays.fill(gradInput, img * size, (img + 1) * size, 0);
          forEachPixel(
              shape,
              img,
              (from, to) -> System.arraycopy(gradOutput, to, gradInput, from, shape.c()));
        });
  }

  private interface ImageTask {
    void run(int img);
  }

  private interface PixelTask {
    void run(int inputAt, int outputAt);
  }

  private static void forEachImage(ConvShape shape, Parallel parallel, ImageTask task) {
    int size = shape.h() * shape.w() * shape.c();
    Slices slices = new Slices(shape.n(), Math.max(1, PIECE / size));
    parallel.forEach(
        slices.count(),
        i -> {
          for (int img = slices.start(i); img < slices.start(i) + slices.length(i); img++) {
            task.run(img);
          }
        });
  }

  private static void forEachPixel(ConvShape shape, int img, PixelTask task) {
    int before = (shape.oc() - shape.c()) / 2;
    for (int oy = 0; oy < shape.oh(); oy++) {
      int iy = oy * shape.window().strideH();
      for (int ox = 0; ox < shape.ow(); ox++) {
        int ix = ox * shape.window().strideW();
        task.run(
            ((img * shape.h() + iy) * shape.w() + ix) * shape.c(),
            ((img * shape.oh() + oy) * shape.ow() + ox) * shape.oc() + before);
      }
    }
  }

  private static void check(ConvShape shape) {
    boolean point = shape.window().kh() == 1 && shape.window().kw() == 1;
    boolean whole = shape.window().padTop() == 0 && shape.window().padLeft() == 0;
    boolean open = shape.window().padBottom() == 0 && shape.window().padRight() == 0;
    if (!point || !whole || !open || shape.groups() != 1 || shape.oc() < shape.c()) {
      throw new IllegalArgumentException(
          shape
              + ": a shortcut needs a 1x1 window without padding and groups, and at least as many"
              + " channels out as in");
    }
  }
}
