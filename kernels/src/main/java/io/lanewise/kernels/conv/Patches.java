package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.BlockSource;
import io.lanewise.kernels.gemm.PanelSource;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;
import java.util.Arrays;

/**
 * The patch matrix of one channel group, {@code [n*oh*ow, kh*kw*c/groups]}, read from the image:
 * row {@code (img*oh + oy)*ow + ox} is what the window at output pixel (oy, ox) sees, zero outside
 * the image.
 *
 * <pre>
 *   image rows                     one patch: kh runs of kw * c floats
 *   . . . . . . .
 *   . [a a a] . .                  [a a a][b b b][c c c]
 *   . [b b b] . .        -&gt;
 *   . [c c c] . .                  a run is contiguous in the image where the window is dense
 * </pre>
 *
 * <p>By rows it is the A of the forward product; by columns it is the A of the weight gradient,
 * whose sum runs over pixels.
 */
final class Patches {
  /** Larger images have few windows at their edges. */
  private static final int MOST_PADDED_PIXELS = 32 * 32;

  /** Floats of a run that is long for its part of a block. */
  private static final int LONG_RUN = 128;

  private final float[] input;
  private final int h;
  private final int w;
  private final int c;
  private final int groupChannels;
  private final int groupAt;
  private final int oh;
  private final int ow;
  private final int firstY;
  private final int firstX;
  private final int strideH;
  private final int strideW;
  private final int dilationH;
  private final int dilationW;
  private final int runSize;
  private final boolean contiguous;
  private final int rowStep;
  private final int lastY;
  private final int lastX;

  Patches(ConvShape shape, float[] input, int group) {
    Window window = shape.window();
    this.input = input;
    this.h = shape.h();
    this.w = shape.w();
    this.c = shape.c();
    this.groupChannels = c / shape.groups();
    this.groupAt = group * groupChannels;
    this.oh = shape.oh();
    this.ow = shape.ow();
    this.firstY = -window.padTop();
    this.firstX = -window.padLeft();
    this.strideH = window.strideH();
    this.strideW = window.strideW();
    this.dilationH = window.dilationH();
    this.dilationW = window.dilationW();
    this.runSize = window.kw() * groupChannels;
    this.contiguous = dilationW == 1 && shape.groups() == 1;
    this.rowStep = dilationH * w * c;
    this.lastY = h - window.extentH();
    this.lastX = w - window.extentW();
  }

  private Patches(ConvShape shape, float[] gradOutput, PhaseAxis y, PhaseAxis x, int group) {
    this.input = gradOutput;
    this.h = shape.oh();
    this.w = shape.ow();
    this.c = shape.oc();
    this.groupChannels = c / shape.groups();
    this.groupAt = group * groupChannels;
    this.oh = y.cells();
    this.ow = x.cells();
    this.firstY = y.firstPosition();
    this.firstX = x.firstPosition();
    this.strideH = 1;
    this.strideW = 1;
    this.dilationH = y.positionStep();
    this.dilationW = x.positionStep();
    this.runSize = x.taps() * groupChannels;
    this.contiguous = dilationW == 1 && shape.groups() == 1;
    this.rowStep = dilationH * w * c;
    this.lastY = h - (y.taps() - 1) * dilationH - 1;
    this.lastX = w - (x.taps() - 1) * dilationW - 1;
  }

  /** The patches of gradOutput that the input pixels of a phase see backwards. */
  static Patches ofGradient(
      ConvShape shape, float[] gradOutput, PhaseAxis y, PhaseAxis x, int group) {
    return new Patches(shape, gradOutput, y, x, group);
  }

  /** The patches as rows of A. */
  BlockSource asRows() {
    return new BlockSource() {
      @Override
      public Layout layout() {
        return Layout.ROWS;
      }

      @Override
      public void pack(int row, int rows, int k, int depth, float[] block) {
        copy(row, rows, k, depth, block, 0, ROW_PITCH);
      }
    };
  }

  /**
   * The patches as columns of A: A's rows are the patch's values, its columns the pixels from
   * {@code firstPixel} on.
   */
  BlockSource asColumns(int firstPixel) {
    return new BlockSource() {
      @Override
      public Layout layout() {
        return Layout.COLUMNS;
      }

      @Override
      public void pack(int row, int rows, int k, int depth, float[] block) {
        copy(firstPixel + k, depth, row, rows, block, 0, COLUMN_PITCH);
      }
    };
  }

  /**
   * The patches as rows of B: row i is the patch of pixel {@code firstPixel + i}, its columns the
   * patch's values.
   */
  PanelSource asPanels(int firstPixel) {
    return (k, depth, column, columns, panel, at, pitch) ->
        copy(firstPixel + k, depth, column, columns, panel, at, pitch);
  }

  /**
   * Whether windows leave these images so often that a padded copy of them pays: where runs are
   * long, cutting them at the edges costs less than to copy the image.
   */
  boolean wantPadding() {
    boolean possible = contiguous && firstY <= 0 && firstX <= 0 && h * w <= MOST_PADDED_PIXELS;
    int inside = inside(firstY, strideH, lastY) * inside(firstX, strideW, lastX);
    int percent = runSize < LONG_RUN ? 90 : 75;
    return possible && 100L * inside < (long) percent * oh * ow;
  }

  /** How many windows, the first of which starts at {@code first}, start between 0 and last. */
  private static int inside(int first, int stride, int last) {
    int end = Math.floorDiv(last - first, stride) + 1;
    return Math.max(0, end - before(first, stride));
  }

  /** How many windows start before 0. */
  private static int before(int first, int stride) {
    return Math.max(0, Math.floorDiv(-first + stride - 1, stride));
  }

  /** Floats of n padded images. */
  int paddedSize(int n) {
    return Math.multiplyExact(Math.multiplyExact(n, paddedH()), Math.multiplyExact(paddedW(), c));
  }

  /** Floats of a row of a padded image. */
  int paddedRowSize() {
    return paddedW() * c;
  }

  private int paddedH() {
    return Math.max(h - firstY, (oh - 1) * strideH + h - lastY);
  }

  private int paddedW() {
    return Math.max(w - firstX, (ow - 1) * strideW + w - lastX);
  }

  /**
   * The same patches, read from images with zeros around them, which no window leaves; or from
   * where they are.
   *
   * @param n number of images
   * @param padded receives {@link #paddedSize} floats; null to read them from where they are
   */
  Patches read(int n, float[] padded, Parallel parallel) {
    if (padded == null) {
      return this;
    }
    int rowSize = paddedW() * c;
    int rows = Math.min(h, paddedH() + firstY);
    parallel.forEach(
        n,
        img -> {
          int at = img * paddedH() * rowSize;
          Arrays.fill(padded, at, at + paddedH() * rowSize, 0);
          int first = at - firstY * rowSize - firstX * c;
          for (int y = 0; y < rows; y++) {
            System.arraycopy(input, (img * h + y) * w * c, padded, first + y * rowSize, w * c);
          }
        });
    return new Patches(this, padded);
  }

  private Patches(Patches unpadded, float[] padded) {
    this.input = padded;
    this.h = unpadded.paddedH();
    this.w = unpadded.paddedW();
    this.c = unpadded.c;
    this.groupChannels = unpadded.groupChannels;
    this.groupAt = unpadded.groupAt;
    this.oh = unpadded.oh;
    this.ow = unpadded.ow;
    this.firstY = 0;
    this.firstX = 0;
    this.strideH = unpadded.strideH;
    this.strideW = unpadded.strideW;
    this.dilationH = unpadded.dilationH;
    this.dilationW = unpadded.dilationW;
    this.runSize = unpadded.runSize;
    this.contiguous = true;
    this.rowStep = dilationH * w * c;
    this.lastY = h - (unpadded.h - unpadded.lastY);
    this.lastX = w - (unpadded.w - unpadded.lastX);
  }

  /** Copies values {@code [from, from + count)} of consecutive patches, one every {@code pitch}. */
  private void copy(int pixel, int pixels, int from, int count, float[] out, int outAt, int pitch) {
    int ox = pixel % ow;
    int oy = pixel / ow % oh;
    int img = pixel / ow / oh;
    int length;
    for (int i = 0; i < pixels; i += length) {
      int iy = firstY + oy * strideH;
      length = Math.min(ow - ox, pixels - i);
      int ix = firstX + ox * strideW;
      boolean rowInside = contiguous && iy >= 0 && iy <= lastY;
      int left = rowInside ? Math.min(length, before(ix, strideW)) : length;
      int right = rowInside ? Math.min(length, inside(ix, strideW, lastX) + left) : length;
      for (int j = 0; j < left; j++) {
        copyPatch(img * h, iy, ix + j * strideW, from, count, out, outAt + (i + j) * pitch);
      }
      if (left < right) {
        int first = (img * h + iy) * w + ix + left * strideW;
        copyInside(first, right - left, from, count, out, outAt + (i + left) * pitch, pitch);
      }
      for (int j = right; j < length; j++) {
        copyPatch(img * h, iy, ix + j * strideW, from, count, out, outAt + (i + j) * pitch);
      }
      ox = 0;
      if (++oy == oh) {
        oy = 0;
        img++;
      }
    }
  }

  /** Patches of a row of which nothing lies outside the image: kernel row by kernel row. */
  private void copyInside(
      int inputPixel, int pixels, int from, int count, float[] out, int outAt, int pitch) {
    int ky = from / runSize;
    int start = from - ky * runSize;
    int run = inputPixel * c + ky * rowStep;
    int length;
    for (int done = 0; done < count; done += length) {
      length = Math.min(runSize - start, count - done);
      for (int i = 0; i < pixels; i++) {
        int source = run + start + i * strideW * c;
        System.arraycopy(input, source, out, outAt + done + i * pitch, length);
      }
      run += rowStep;
      start = 0;
    }
  }

  private void copyPatch(
      int imageRow, int iy0, int ix0, int from, int count, float[] out, int outAt) {
    int ky = from / runSize;
    int start = from - ky * runSize;
    int end = outAt + count;
    for (int at = outAt; at < end; ky++) {
      int length = Math.min(runSize - start, end - at);
      int iy = iy0 + ky * dilationH;
      if (iy < 0 || iy >= h) {
        Arrays.fill(out, at, at + length, 0);
      } else if (contiguous) {
        copyRun((imageRow + iy) * w, ix0, start, length, out, at);
      } else {
        copyTaps((imageRow + iy) * w, ix0, start, length, out, at);
      }
      at += length;
      start = 0;
    }
  }

  /** A run whose taps are neighbours: one copy, with zeros left and right of the image. */
  private void copyRun(int row, int ix0, int start, int length, float[] out, int at) {
    long first = (long) ix0 * c + start;
    int left = (int) Math.min(length, Math.max(0, -first));
    int right = (int) Math.min(length, Math.max(left, w * c - first));
    if (left > 0) {
      Arrays.fill(out, at, at + left, 0);
    }
    if (right > left) {
      System.arraycopy(input, row * c + (int) (first + left), out, at + left, right - left);
    }
    if (length > right) {
      Arrays.fill(out, at + right, at + length, 0);
    }
  }

  /** A run of a dilated or grouped window: a copy for each tap. */
  private void copyTaps(int row, int ix0, int start, int length, float[] out, int at) {
    int kx = start / groupChannels;
    int channel = start - kx * groupChannels;
    for (int done = 0; done < length; kx++) {
      int piece = Math.min(groupChannels - channel, length - done);
      int ix = ix0 + kx * dilationW;
      if (ix < 0 || ix >= w) {
        Arrays.fill(out, at + done, at + done + piece, 0);
      } else {
        int from = (row + ix) * c + groupAt + channel;
        System.arraycopy(input, from, out, at + done, piece);
      }
      done += piece;
      channel = 0;
    }
  }
}
