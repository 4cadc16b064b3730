package io.lanewise.kernels.image;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.ImageShape;
import io.lanewise.kernels.shape.Sizes;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * What happens to a batch of images before the net sees it: {@code output[y,x,ch] = (byte/255 -
 * mean[ch]) / std[ch]}, as torchvision's {@code ToTensor} and {@code Normalize}; {@code output[y,x]
 * = input[y, w-1-x]}; {@code output[y,x] = input[y+dy, x+dx]}; squares of zeros.
 *
 * <p>Each operation is one pass from input to output, which must be different arrays, or in place
 * where it says so.
 *
 * <p><b>Split:</b> by images, in pieces of about 32K values; a value is computed in one piece.
 *
 * <p><b>Backward needs:</b> nothing, as there is none: the input of a net has no gradient.
 */
public final class ImageOps {
  private static final int PIECE = 32 * 1024;

  private ImageOps() {}

  /**
   * Normalises images of bytes and turns planes into channels last.
   *
   * @param planes {@code [n, c, h, w]}, unsigned: 0 to 255
   * @param mean {@code [c]}, of values from 0 to 1
   * @param std {@code [c]}, standard deviation of values from 0 to 1, greater than 0
   * @param output {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short, a mean is not finite, or a standard
   *     deviation is not finite and greater than 0
   */
  public static void toFloats(
      ImageShape shape,
      byte[] planes,
      float[] mean,
      float[] std,
      float[] output,
      Parallel parallel) {
    Sizes.check(shape, "planes", planes, shape.size(), "n*c*h*w");
    Sizes.check(shape, "mean", mean, shape.c(), "c");
    Sizes.check(shape, "std", std, shape.c(), "c");
    Sizes.check(shape, "output", output, shape.size(), "n*h*w*c");
    int c = shape.c();
    for (int ch = 0; ch < c; ch++) {
      if (!Float.isFinite(mean[ch])) {
        throw new IllegalArgumentException(
            shape + ": mean[" + ch + "] is " + mean[ch] + ", needs a finite number");
      }
      if (!(std[ch] > 0) || std[ch] == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            shape + ": std[" + ch + "] is " + std[ch] + ", needs a finite number above 0");
      }
    }
    int area = shape.h() * shape.w();
    forEachImage(
        shape,
        parallel,
        img -> {
          for (int ch = 0; ch < c; ch++) {
            int planeAt = (img * c + ch) * area;
            int outputAt = img * area * c + ch;
            float m = mean[ch];
            float s = std[ch];
            for (int i = 0; i < area; i++) {
              output[outputAt + i * c] = ((planes[planeAt + i] & 0xFF) / 255f - m) / s;
            }
          }
        });
  }

  /**
   * Mirrors some images left to right and copies the others.
   *
   * @param flipped {@code [n]}, whether to mirror an image
   * @param input {@code [n, h, w, c]}
   * @param output {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public static void flip(
      ImageShape shape, boolean[] flipped, float[] input, float[] output, Parallel parallel) {
    if (flipped == null || flipped.length < shape.n()) {
      String holds = flipped == null ? "is null" : "holds " + flipped.length + " booleans";
      throw new IllegalArgumentException(shape + ": flipped " + holds + ", needs n = " + shape.n());
    }
    Sizes.check(shape, "input", input, shape.size(), "n*h*w*c");
    Sizes.check(shape, "output", output, shape.size(), "n*h*w*c");
    int w = shape.w();
    int c = shape.c();
    forEachImage(
        shape,
        parallel,
        img -> {
          int imageAt = img * shape.imageSize();
          if (!flipped[img]) {
            System.arraycopy(input, imageAt, output, imageAt, shape.imageSize());
            return;
          }
          for (int y = 0; y < shape.h(); y++) {
            int rowAt = imageAt + y * w * c;
            for (int x = 0; x < w; x++) {
              int from = rowAt + (w - 1 - x) * c;
              int to = rowAt + x * c;
              for (int ch = 0; ch < c; ch++) {
                output[to + ch] = input[from + ch];
              }
            }
          }
        });
  }

  /**
   * Moves each image by a distance of its own; what comes in from outside is zero.
   *
   * @param dy {@code [n]}, rows: output row y shows input row y + dy
   * @param dx {@code [n]}, columns: output column x shows input column x + dx
   * @param input {@code [n, h, w, c]}
   * @param output {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public static void shift(
      ImageShape shape, int[] dy, int[] dx, float[] input, float[] output, Parallel parallel) {
    Sizes.check(shape, "dy", dy, shape.n(), "n");
    Sizes.check(shape, "dx", dx, shape.n(), "n");
    Sizes.check(shape, "input", input, shape.size(), "n*h*w*c");
    Sizes.check(shape, "output", output, shape.size(), "n*h*w*c");
    int h = shape.h();
    int c = shape.c();
    int rowSize = shape.w() * c;
    forEachImage(
        shape,
        parallel,
        img -> {
          int down = Math.max(-h, Math.min(h, dy[img]));
          int right = Math.max(-shape.w(), Math.min(shape.w(), dx[img]));
          int first = Math.max(0, -right) * c;
          int end = rowSize - Math.max(0, right) * c;
          for (int y = 0; y < h; y++) {
            int at = (img * h + y) * rowSize;
            if (y + down < 0 || y + down >= h) {
              Arrays.fill(output, at, at + rowSize, 0);
              continue;
            }
            int from = at + down * rowSize + right * c;
            Arrays.fill(output, at, at + first, 0);
            System.arraycopy(input, from + first, output, at + first, end - first);
            Arrays.fill(output, at + end, at + rowSize, 0);
          }
        });
  }

  /**
   * Moves each image by a distance of its own; what comes in from outside is the image mirrored at
   * its outermost pixels, {@code input[-1] = input[1]}, as PyTorch's {@code reflect} padding.
   *
   * @param dy {@code [n]}, rows: output row y shows input row y + dy; less than h either way
   * @param dx {@code [n]}, columns: output column x shows input column x + dx; less than w either
   *     way
   * @param input {@code [n, h, w, c]}
   * @param output {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short or a distance is too large
   */
  public static void shiftReflected(
      ImageShape shape, int[] dy, int[] dx, float[] input, float[] output, Parallel parallel) {
    checkDistances(shape, "dy", dy, "h", shape.h());
    checkDistances(shape, "dx", dx, "w", shape.w());
    Sizes.check(shape, "input", input, shape.size(), "n*h*w*c");
    Sizes.check(shape, "output", output, shape.size(), "n*h*w*c");
    int h = shape.h();
    int w = shape.w();
    int c = shape.c();
    forEachImage(
        shape,
        parallel,
        img -> {
          for (int y = 0; y < h; y++) {
            int from = (img * h + reflected(y + dy[img], h)) * w * c;
            int to = (img * h + y) * w * c;
            for (int x = 0; x < w; x++) {
              int pixel = from + reflected(x + dx[img], w) * c;
              for (int ch = 0; ch < c; ch++) {
                output[to + x * c + ch] = input[pixel + ch];
              }
            }
          }
        });
  }

  private static int reflected(int position, int size) {
    int inside = Math.abs(position);
    return inside < size ? inside : 2 * (size - 1) - inside;
  }

  private static void checkDistances(
      ImageShape shape, String name, int[] distances, String limit, int size) {
    Sizes.check(shape, name, distances, shape.n(), "n");
    for (int img = 0; img < shape.n(); img++) {
      if (Math.abs((long) distances[img]) >= size) {
        throw new IllegalArgumentException(
            String.format(
                "%s: %s[%d] is %d, needs less than %s = %d either way to be reflected",
                shape, name, img, distances[img], limit, size));
      }
    }
  }

  /**
   * Overwrites a square of each image with zeros (DeVries and Taylor, "Improved regularization of
   * convolutional neural networks with cutout", 2017); what of it lies outside has no effect.
   *
   * @param side rows and columns of the square, at least 0
   * @param top {@code [n]}, its first row, which may be outside
   * @param left {@code [n]}, its first column, which may be outside
   * @param images {@code [n, h, w, c]}, changed in place
   * @throws IllegalArgumentException if an array is too short or the side is negative
   */
  public static void cutout(
      ImageShape shape, int side, int[] top, int[] left, float[] images, Parallel parallel) {
    if (side < 0) {
      throw new IllegalArgumentException(shape + ": side is " + side + ", needs at least 0");
    }
    Sizes.check(shape, "top", top, shape.n(), "n");
    Sizes.check(shape, "left", left, shape.n(), "n");
    Sizes.check(shape, "images", images, shape.size(), "n*h*w*c");
    int c = shape.c();
    forEachImage(
        shape,
        parallel,
        img -> {
          int firstX = inside(left[img], shape.w());
          int endX = inside((long) left[img] + side, shape.w());
          int endY = inside((long) top[img] + side, shape.h());
          for (int y = inside(top[img], shape.h()); y < endY; y++) {
            int rowAt = (img * shape.h() + y) * shape.w() * c;
            Arrays.fill(images, rowAt + firstX * c, rowAt + endX * c, 0);
          }
        });
  }

  private static int inside(long position, int size) {
    return (int) Math.max(0, Math.min(size, position));
  }

  private static void forEachImage(ImageShape shape, Parallel parallel, IntConsumer body) {
    Slices slices = new Slices(shape.n(), Math.max(1, PIECE / shape.imageSize()));
    parallel.forEach(
        slices.count(),
        slice -> {
          for (int i = 0; i < slices.length(slice); i++) {
            body.accept(slices.start(slice) + i);
          }
        });
  }
}
