package io.lanewise.kernels.conv;

import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/**
 * The pairs of target lines of a depthwise convolution with three by three dense taps at stride 1,
 * image by image. An image with an odd number of lines ends with a pair whose second line is none.
 *
 * @param images images of the batch
 * @param sourceH lines of a source image
 * @param sourceW pixels of a source line
 * @param targetH lines of a target image
 * @param targetW pixels of a target line
 * @param c channels
 * @param padTop lines of padding above a source image
 * @param padLeft pixels of padding before a source line
 */
record DepthwisePairs(
    int images,
    int sourceH,
    int sourceW,
    int targetH,
    int targetW,
    int c,
    int padTop,
    int padLeft) {
  /** Floats of the target that are taken together, 128 KB. */
  private static final int PIECE = 32 * 1024;

  /** Pairs of output lines, whose windows lie on the input. */
  static DepthwisePairs ofOutput(ConvShape shape) {
    Window v = shape.window();
    return new DepthwisePairs(
        shape.n(),
        shape.h(),
        shape.w(),
        shape.oh(),
        shape.ow(),
        shape.c(),
        v.padTop(),
        v.padLeft());
  }

  /** Pairs of input lines, whose gradients come from windows of gradOutput. */
  static DepthwisePairs ofInput(ConvShape shape) {
    Window v = shape.window();
    return new DepthwisePairs(
        shape.n(),
        shape.oh(),
        shape.ow(),
        shape.h(),
        shape.w(),
        shape.c(),
        2 - v.padTop(),
        2 - v.padLeft());
  }

  /** Whether a convolution is of this kind, with at most one column of padding on each side. */
  boolean fit(Window v) {
    boolean threeByThree = v.kh() == 3 && v.kw() == 3;
    boolean dense = v.strideH() == 1 && v.strideW() == 1 && v.dilationH() * v.dilationW() == 1;
    return threeByThree
        && dense
        && (padLeft == 0 || padLeft == 1)
        && (padRight() == 0 || padRight() == 1)
        && targetW >= DepthwisePair.STRIP;
  }

  int padRight() {
    return targetW + 2 - padLeft - sourceW;
  }

  /** Pairs of an image. */
  int perImage() {
    return (targetH + 1) / 2;
  }

  /** Pairs of the batch. */
  int count() {
    return images * perImage();
  }

  /** Pairs that are taken together, since their target and source stay in the L2 cache. */
  int perPiece() {
    return Math.max(1, PIECE / (2 * targetW * c));
  }

  /** Floats of the source before the first line below a pair's windows. */
  int sourceBegin(int index) {
    return sourceLines(index / perImage(), 2 * (index % perImage()) - padTop);
  }

  /** Floats of the source up to the end of the last line below a pair's windows. */
  int sourceEnd(int index) {
    return sourceLines(index / perImage(), 2 * (index % perImage()) + 4 - padTop);
  }

  private int sourceLines(int image, int y) {
    return (image * sourceH + Math.max(0, Math.min(sourceH, y))) * sourceW * c;
  }

  /** Floats of the target before a pair; before the one behind the last, all of them. */
  int targetBegin(int index) {
    return (index / perImage() * targetH + 2 * (index % perImage())) * targetW * c;
  }

  /** Floats of a line of zeros. */
  int zerosSize() {
    return (targetW + 2) * c;
  }

  /** Floats that a walk needs for itself. */
  int scratchSize() {
    return Math.max(targetW, 2 * DepthwisePair.STRIP) * c;
  }
}
