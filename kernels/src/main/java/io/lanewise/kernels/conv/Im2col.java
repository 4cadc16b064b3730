package io.lanewise.kernels.conv;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Sizes;
import io.lanewise.kernels.shape.WindowAxis;
import java.util.Arrays;

/**
 * The explicit column matrix of a convolution (Chellapilla, Puri and Simard, "High performance
 * convolutional neural networks for document processing", 2006): {@code columns[pixel, g, ky, kx,
 * ic] = input[img, oy*strideH + ky*dilH - padTop, ox*strideW + kx*dilW - padLeft, g*c/groups +
 * ic]}, zero outside the image, so that the convolution of a group is the product of its columns
 * and its weight.
 *
 * <p>Each row of a patch is copied in the longest runs that lie together in the image: {@code kw*c}
 * floats if dense and ungrouped, else {@code c/groups} floats a tap.
 *
 * <p><b>Split:</b> by output rows, in pieces of about 64K column floats; a value is written by one
 * piece.
 *
 * <p><b>Backward needs:</b> nothing but the gradient of the columns; the adjoint is {@link Col2im}.
 */
public final class Im2col {
  private static final int PIECE = 64 * 1024;

  private Im2col() {}

  /**
   * Writes the patch of every output pixel.
   *
   * @param input {@code [n, h, w, c]}
   * @param columns {@code [n*oh*ow, groups, kh, kw, c/groups]}, overwritten
   * @throws IllegalArgumentException if an array is too short or the columns would not fit one
   */
  public static void forward(ConvShape shape, float[] input, float[] columns, Parallel parallel) {
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    int columnsSize = columnsSize(shape);
    Sizes.check(shape, "columns", columns, columnsSize, "n*oh*ow*kh*kw*c");
    WindowAxis vertical = WindowAxis.rows(shape);
    WindowAxis horizontal = WindowAxis.columns(shape);
    int oh = vertical.positions();
    int ow = horizontal.positions();
    Slices slices = rowSlices(shape.n() * oh, columnsSize);
    parallel.forEach(
        slices.count(),
        slice -> {
          for (int i = 0; i < slices.length(slice); i++) {
            int row = slices.start(slice) + i;
            for (int ox = 0; ox < ow; ox++) {
              patch(shape, vertical, horizontal, row / oh, row % oh, ox, input, columns);
            }
          }
        });
  }

  /**
   * Floats in the column matrix, {@code n*oh*ow*kh*kw*c}.
   *
   * @throws IllegalArgumentException if one array cannot hold so many
   */
  public static int columnsSize(ConvShape shape) {
    long size = (long) shape.pixels() * shape.groups() * shape.patchSize();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          shape + ": columns n*oh*ow*kh*kw*c = " + size + " floats do not fit an array");
    }
    return (int) size;
  }

  private static Slices rowSlices(int rows, int columnsSize) {
    return new Slices(rows, (int) Math.max(1, (long) PIECE * rows / columnsSize));
  }

  private static void patch(
      ConvShape shape,
      WindowAxis vertical,
      WindowAxis horizontal,
      int img,
      int oy,
      int ox,
      float[] input,
      float[] columns) {
    int kw = horizontal.k();
    boolean dense = horizontal.dilation() == 1 && shape.groups() == 1;
    int c = shape.c();
    int groupChannels = c / shape.groups();
    int firstY = vertical.firstTap(oy);
    int endY = vertical.endTap(oy);
    int firstX = horizontal.firstTap(ox);
    int endX = horizontal.endTap(ox);
    int pixel = (img * vertical.positions() + oy) * horizontal.positions() + ox;
    int rowSize = kw * groupChannels;
    for (int g = 0; g < shape.groups(); g++) {
      int patchAt = (pixel * shape.groups() + g) * shape.patchSize();
      for (int ky = 0; ky < vertical.k(); ky++) {
        int rowAt = patchAt + ky * rowSize;
        if (ky < firstY || ky >= endY || firstX == endX) {
          Arrays.fill(columns, rowAt, rowAt + rowSize, 0);
          continue;
        }
        int iy = vertical.cell(oy) + ky * vertical.dilation();
        int ix = horizontal.cell(ox) + firstX * horizontal.dilation();
        int inputAt = ((img * shape.h() + iy) * shape.w() + ix) * c + g * groupChannels;
        int firstAt = rowAt + firstX * groupChannels;
        int endAt = rowAt + endX * groupChannels;
        Arrays.fill(columns, rowAt, firstAt, 0);
        if (dense) {
          System.arraycopy(input, inputAt, columns, firstAt, endAt - firstAt);
        } else {
          for (int at = firstAt; at < endAt; at += groupChannels) {
            System.arraycopy(input, inputAt, columns, at, groupChannels);
            inputAt += horizontal.dilation() * c;
          }
        }
        Arrays.fill(columns, endAt, rowAt + rowSize, 0);
      }
    }
  }
}
