package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Sizes;
import io.lanewise.kernels.shape.WindowAxis;
import java.util.Arrays;

/**
 * The adjoint of {@link Im2col}: {@code gradInput[img, y, x, g*c/groups + ic] = sum of
 * columns[pixel, g, ky, kx, ic]} over the taps of all windows that lie on cell (y, x) (PyTorch's
 * {@code Fold}).
 *
 * <p>Sets an image to zero and adds patch by patch, in the runs that im2col copies.
 *
 * <p><b>Split:</b> by images; the additions to a value keep the order of the output pixels and,
 * within one, of the taps.
 *
 * <p><b>Backward needs:</b> nothing but its own gradient; the adjoint is {@link Im2col}.
 */
public final class Col2im {
  private static final int PIECE = 64 * 1024;

  private Col2im() {}

  /**
   * Adds the patches up to the image.
   *
   * @param columns {@code [n*oh*ow, groups, kh, kw, c/groups]}
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short or the columns would not fit one
   */
  public static void forward(
      ConvShape shape, float[] columns, float[] gradInput, Parallel parallel) {
    int columnsSize = Im2col.columnsSize(shape);
    Sizes.check(shape, "columns", columns, columnsSize, "n*oh*ow*kh*kw*c");
    Sizes.check(shape, "gradInput", gradInput, shape.inputSize(), "n*h*w*c");
    WindowAxis vertical = WindowAxis.rows(shape);
    WindowAxis horizontal = WindowAxis.columns(shape);
    int imageSize = shape.h() * shape.w() * shape.c();
    Slices slices = new Slices(shape.n(), Math.max(1, PIECE / (columnsSize / shape.n())));
    parallel.forEach(
        slices.count(),
        slice -> {
          for (int i = 0; i < slices.length(slice); i++) {
            int img = slices.start(slice) + i;
            Arrays.fill(gradInput, img * imageSize, (img + 1) * imageSize, 0);
            for (int oy = 0; oy < vertical.positions(); oy++) {
              for (int ox = 0; ox < horizontal.positions(); ox++) {
                addPatch(shape, vertical, horizontal, img, oy, ox, columns, gradInput);
              }
            }
          }
        });
  }

  private static void addPatch(
      ConvShape shape,
      WindowAxis vertical,
      WindowAxis horizontal,
      int img,
      int oy,
      int ox,
      float[] columns,
      float[] gradInput) {
    int kw = horizontal.k();
    boolean dense = horizontal.dilation() == 1 && shape.groups() == 1;
    int c = shape.c();
    int groupChannels = c / shape.groups();
    int firstX = horizontal.firstTap(ox);
    int cols = horizontal.endTap(ox) - firstX;
    int runs = dense ? Math.min(1, cols) : cols;
    int runSize = dense ? cols * groupChannels : groupChannels;
    int pixel = (img * vertical.positions() + oy) * horizontal.positions() + ox;
    int endY = vertical.endTap(oy);
    for (int g = 0; g < shape.groups(); g++) {
      int patchAt = (pixel * shape.groups() + g) * shape.patchSize();
      for (int ky = vertical.firstTap(oy); ky < endY; ky++) {
        int iy = vertical.cell(oy) + ky * vertical.dilation();
        int ix = horizontal.cell(ox) + firstX * horizontal.dilation();
        int gradAt = ((img * shape.h() + iy) * shape.w() + ix) * c + g * groupChannels;
        int columnsAt = patchAt + (ky * kw + firstX) * groupChannels;
        for (int run = 0; run < runs; run++) {
          Lanes.ACTIVE.accumulate(columns, columnsAt, gradInput, gradAt, runSize);
          columnsAt += groupChannels;
          gradAt += horizontal.dilation() * c;
        }
      }
    }
  }
}
