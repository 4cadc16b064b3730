package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Sizes;
import java.util.Arrays;

/**
 * Depthwise convolution, each channel with a kernel of its own: {@code output[img,oy,ox,ch] =
 * bias[ch] + sum over ky,kx of input[img, oy*strideH + ky*dilH - padTop, ox*strideW + kx*dilW -
 * padLeft, ch] * weight[ky,kx,ch]} (Howard et al., "MobileNets", 2017).
 *
 * <p>Direct, without a column matrix: lanes run along channels, the taps of a pixel are summed in
 * registers, ky and kx ascending; backward each input pixel gathers from the windows that read it,
 * in rising order, so that ky and kx descend. 3x3 windows at stride 1 are taken on {@link
 * Depthwise3x3 pairs of lines} where a line of the result has at least four pixels and what it is
 * read from none or one of padding at each side; all others by runs of pixels with the same taps.
 *
 * <p><b>Split:</b> forward and backwardInput by rows of the result, in pieces of about 32K floats;
 * backwardWeight by fixed slices over the images, at most 16, each with sums of its own that are
 * added in slice order. In a slice, products of a tap are added pixel by pixel, or, on pairs of
 * lines, four pixels of the first line and then the four of the second, where padding counts as
 * zeros. All cuts come from the shape, so the bits are the same for any number of threads.
 *
 * <p><b>Backward needs:</b> the weight for backwardInput, the input for backwardWeight.
 */
public final class DepthwiseConv2d {
  private static final int PIECE = 32 * 1024;
  private static final int MOST_WEIGHT_SLICES = 16;

  private DepthwiseConv2d() {}

  /**
   * The convolution.
   *
   * @param input {@code [n, h, w, c]}
   * @param weight {@code [kh, kw, c]}
   * @param bias {@code [c]}, or null for none
   * @param output {@code [n, oh, ow, c]}, overwritten
   * @throws IllegalArgumentException if the shape is not depthwise or an array is too short
   */
  public static void forward(
      ConvShape shape,
      float[] input,
      float[] weight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkDepthwise(shape);
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    Sizes.check(shape, "weight", weight, shape.weightSize(), "kh*kw*c");
    if (bias != null) {
      Sizes.check(shape, "bias", bias, shape.biasSize(), "c");
    }
    Sizes.check(shape, "output", output, shape.outputSize(), "n*oh*ow*c");
    DepthwisePairs pairs = DepthwisePairs.ofOutput(shape);
    if (pairs.fit(shape.window())) {
      Depthwise3x3.forward(pairs, input, weight, bias, output, workspace, parallel);
      return;
    }
    int oh = shape.oh();
    Slices slices = rowSlices(shape.n() * oh, shape.outputSize());
    parallel.forEach(
        slices.count(),
        slice -> {
          DepthwiseWindowRuns runs = new DepthwiseWindowRuns(shape);
          for (int i = 0; i < slices.length(slice); i++) {
            int row = slices.start(slice) + i;
            runs.start(row / oh, row % oh);
            while (runs.next()) {
              DepthwiseLanes.ACTIVE.weightedSums(runs.run, input, weight, bias, output);
            }
          }
        });
  }

  /**
   * The gradient of the input.
   *
   * @param gradOutput {@code [n, oh, ow, c]}
   * @param weight {@code [kh, kw, c]}
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if the shape is not depthwise or an array is too short
   */
  public static void backwardInput(
      ConvShape shape,
      float[] gradOutput,
      float[] weight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    checkDepthwise(shape);
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "n*oh*ow*c");
    Sizes.check(shape, "weight", weight, shape.weightSize(), "kh*kw*c");
    Sizes.check(shape, "gradInput", gradInput, shape.inputSize(), "n*h*w*c");
    DepthwisePairs pairs = DepthwisePairs.ofInput(shape);
    if (pairs.fit(shape.window())) {
      Depthwise3x3.backwardInput(pairs, gradOutput, weight, gradInput, workspace, parallel);
      return;
    }
    int h = shape.h();
    Slices slices = rowSlices(shape.n() * h, shape.inputSize());
    parallel.forEach(
        slices.count(),
        slice -> {
          DepthwiseCellRuns runs = new DepthwiseCellRuns(shape);
          for (int i = 0; i < slices.length(slice); i++) {
            int row = slices.start(slice) + i;
            runs.start(row / h, row % h);
            while (runs.next()) {
              DepthwiseLanes.ACTIVE.weightedSums(runs.run, gradOutput, weight, null, gradInput);
            }
          }
        });
  }

  /**
   * Adds the gradient of the weight.
   *
   * @param gradOutput {@code [n, oh, ow, c]}
   * @param input {@code [n, h, w, c]}
   * @param gradWeight {@code [kh, kw, c]}, added to
   * @throws IllegalArgumentException if the shape is not depthwise or an array is too short
   */
  public static void backwardWeight(
      ConvShape shape,
      float[] gradOutput,
      float[] input,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel) {
    checkDepthwise(shape);
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "n*oh*ow*c");
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    Sizes.check(shape, "gradWeight", gradWeight, shape.weightSize(), "kh*kw*c");
    int weightSize = shape.weightSize();
    DepthwisePairs pairs = DepthwisePairs.ofOutput(shape);
    boolean byPairs = pairs.fit(shape.window());
    Slices slices = imageSlices(shape);
    int firstSumsAt = byPairs ? pairs.zerosSize() : 0;
    int size = firstSumsAt + slices.count() * weightSize;
    float[] sums = workspace.borrow(Workspace.Kind.CALL, size);
    Arrays.fill(sums, 0, size, 0);
    parallel.forEach(
        slices.count(),
        slice -> {
          int sumsAt = firstSumsAt + slice * weightSize;
          int first = slices.start(slice);
          int end = first + slices.length(slice);
          if (byPairs) {
            Depthwise3x3.addProducts(pairs, first, end, input, gradOutput, sums, sumsAt, workspace);
          } else {
            addProducts(shape, first, end, input, gradOutput, sums, sumsAt);
          }
        });
    for (int slice = 0; slice < slices.count(); slice++) {
      Lanes.ACTIVE.accumulate(sums, firstSumsAt + slice * weightSize, gradWeight, 0, weightSize);
    }
    workspace.giveBack(Workspace.Kind.CALL, sums);
  }

  private static void addProducts(
      ConvShape shape,
      int firstImage,
      int endImage,
      float[] input,
      float[] gradOutput,
      float[] sums,
      int sumsAt) {
    DepthwiseWindowRuns runs = new DepthwiseWindowRuns(shape);
    for (int image = firstImage; image < endImage; image++) {
      for (int oy = 0; oy < shape.oh(); oy++) {
        runs.start(image, oy);
        while (runs.next()) {
          runs.run.weightAt += sumsAt;
          DepthwiseLanes.ACTIVE.addProducts(runs.run, input, gradOutput, sums);
        }
      }
    }
  }

  private static void checkDepthwise(ConvShape shape) {
    if (!shape.isDepthwise()) {
      throw new IllegalArgumentException(
          shape + ": depthwise convolution needs g = oc = c and c > 1");
    }
  }

  private static Slices rowSlices(int rows, int size) {
    return new Slices(rows, (int) Math.max(1, (long) PIECE * rows / size));
  }

  private static Slices imageSlices(ConvShape shape) {
    int atLeast = Math.max(1, PIECE / (shape.h() * shape.w() * shape.c()));
    return new Slices(
        shape.n(), Math.max(atLeast, Slices.atMost(MOST_WEIGHT_SLICES, shape.n()).size()));
  }
}
