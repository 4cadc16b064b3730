package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.BlockSource;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;
import java.util.Arrays;

/**
 * What each input pixel sees of the output gradient, {@code [n*h*w, kh*kw*oc/groups]}: for tap (ky,
 * kx) the gradient of the output pixel whose window has this input pixel under that tap, zero where
 * there is none. Taps come in rising output position, so that kernel rows and columns run
 * backwards.
 */
final class GradientPatches implements BlockSource {
  private final float[] gradOutput;
  private final int h;
  private final int w;
  private final int oh;
  private final int ow;
  private final int oc;
  private final int groupChannels;
  private final int groupAt;
  private final Window window;

  GradientPatches(ConvShape shape, float[] gradOutput, int group) {
    this.gradOutput = gradOutput;
    this.h = shape.h();
    this.w = shape.w();
    this.oh = shape.oh();
    this.ow = shape.ow();
    this.oc = shape.oc();
    this.groupChannels = oc / shape.groups();
    this.groupAt = group * groupChannels;
    this.window = shape.window();
  }

  @Override
  public Layout layout() {
    return Layout.ROWS;
  }

  @Override
  public void pack(int row, int rows, int k, int depth, float[] block) {
    for (int r = 0; r < rows; r++) {
      int pixel = row + r;
      int ix = pixel % w;
      int iy = pixel / w % h;
      int img = pixel / w / h;
      copyPatch(img * oh, iy + window.padTop(), ix + window.padLeft(), k, depth, block, r);
    }
  }

  private void copyPatch(int imageRow, int y, int x, int k, int depth, float[] block, int row) {
    int tap = k / groupChannels;
    int channel = k - tap * groupChannels;
    int at = row * ROW_PITCH;
    int end = at + depth;
    for (; at < end; tap++) {
      int piece = Math.min(groupChannels - channel, end - at);
      int ky = window.kh() - 1 - tap / window.kw();
      int kx = window.kw() - 1 - tap % window.kw();
      int oy = outputAt(y - ky * window.dilationH(), window.strideH(), oh);
      int ox = outputAt(x - kx * window.dilationW(), window.strideW(), ow);
      if (oy < 0 || ox < 0) {
        Arrays.fill(block, at, at + piece, 0);
      } else {
        int from = ((imageRow + oy) * ow + ox) * oc + groupAt + channel;
        System.arraycopy(gradOutput, from, block, at, piece);
      }
      at += piece;
      channel = 0;
    }
  }

  /** The output position whose window starts at {@code start}, or -1 if there is none. */
  private static int outputAt(int start, int stride, int positions) {
    int at = start / stride;
    return start >= 0 && at * stride == start && at < positions ? at : -1;
  }
}
