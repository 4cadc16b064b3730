package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.BlockSource;
import io.lanewise.kernels.gemm.TableGemm;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;
import java.util.Arrays;

/**
 * The input of a first layer, which has a few channels only, as padded planes {@code [n, c, ph,
 * pw]}: neighbouring pixels of a channel lie side by side, and no window leaves a plane.
 *
 * <pre>
 *   channels last: r g b r g b r g b ...          planes: 0 0 r r r ... 0 0
 *                                                         0 0 g g g ... 0 0
 * </pre>
 *
 * <p>In channels-last order a patch of such an image is kh runs of a few floats, and copying them
 * costs more than multiplying them. In planes, one value of the patch of all pixels of an output
 * row is one run, wherever the tap is.
 */
final class Planes {
  private static final int MOST_CHANNELS = 4;

  private final ConvShape shape;
  private final int height;
  private final int width;

  Planes(ConvShape shape) {
    Window window = shape.window();
    this.shape = shape;
    this.height = (shape.oh() - 1) * window.strideH() + window.extentH();
    this.width = shape.ow() - 1 + window.extentW();
  }

  /** Whether a shape is better read from planes: few channels, stride 1 along a row. */
  static boolean suit(ConvShape shape) {
    return shape.c() <= MOST_CHANNELS
        && shape.groups() == 1
        && shape.window().strideW() == 1
        && shape.patchSize() <= BlockSource.ROW_PITCH;
  }

  /** Floats of all planes, and those a tile may read behind the last one. */
  int size() {
    return Math.multiplyExact(shape.n() * shape.c(), Math.multiplyExact(height, width))
        + TableGemm.overhang();
  }

  /** Makes the planes from {@code [n, h, w, c]}. */
  void fill(float[] input, float[] planes, Parallel parallel) {
    int imageSize = shape.c() * height * width;
    parallel.forEach(
        shape.n(),
        img -> {
          Arrays.fill(planes, img * imageSize, (img + 1) * imageSize, 0);
          for (int ch = 0; ch < shape.c(); ch++) {
            fillPlane(input, img, ch, planes, img * imageSize + ch * height * width);
          }
        });
  }

  private void fillPlane(float[] input, int img, int ch, float[] planes, int planeAt) {
    int c = shape.c();
    int top = shape.window().padTop();
    int left = shape.window().padLeft();
    int rows = Math.min(shape.h(), height - top);
    int columns = Math.min(shape.w(), width - left);
    for (int iy = 0; iy < rows; iy++) {
      int from = (img * shape.h() + iy) * shape.w() * c + ch;
      int to = planeAt + (top + iy) * width + left;
      for (int ix = 0; ix < columns; ix++) {
        planes[to + ix] = input[from + ix * c];
      }
    }
  }

  /** Index of the top left value that output row oy of an image sees. */
  int rowAt(int img, int oy) {
    return img * shape.c() * height * width + oy * shape.window().strideH() * width;
  }

  /**
   * For each value of a patch, in the order of the weight, its distance from {@link #rowAt}.
   *
   * @param table receives them, {@code [kh, kw, c]}
   */
  void fillTable(int[] table) {
    Window window = shape.window();
    int i = 0;
    for (int ky = 0; ky < window.kh(); ky++) {
      for (int kx = 0; kx < window.kw(); kx++) {
        for (int ch = 0; ch < shape.c(); ch++) {
          int y = ch * height + ky * window.dilationH();
          table[i++] = y * width + kx * window.dilationW();
        }
      }
    }
  }

  /**
   * The transposed patch matrix, A of the weight gradient: a row for each value of the patch, its
   * columns the pixels from {@code firstPixel} on.
   */
  BlockSource asPatchRows(float[] planes, int[] table, int firstPixel) {
    return new BlockSource() {
      @Override
      public Layout layout() {
        return Layout.ROWS;
      }

      @Override
      public void pack(int row, int rows, int k, int depth, float[] block) {
        int ow = shape.ow();
        int length;
        for (int done = 0; done < depth; done += length) {
          int pixel = firstPixel + k + done;
          int ox = pixel % ow;
          length = Math.min(ow - ox, depth - done);
          int at = rowAt(pixel / ow / shape.oh(), pixel / ow % shape.oh()) + ox;
          for (int r = 0; r < rows; r++) {
            System.arraycopy(planes, at + table[row + r], block, r * ROW_PITCH + done, length);
          }
        }
      }
    };
  }
}
