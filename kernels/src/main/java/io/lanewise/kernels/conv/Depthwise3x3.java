package io.lanewise.kernels.conv;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import java.util.Arrays;

/**
 * Depthwise convolution with three by three dense taps at stride 1, by {@link DepthwisePairs} of
 * target lines and without copies of the image.
 */
final class Depthwise3x3 {
  private Depthwise3x3() {}

  /** The convolution. */
  static void forward(
      DepthwisePairs pairs,
      float[] input,
      float[] weight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    int c = pairs.c();
    weightedSums(pairs, input, weight, 0, c, bias, output, workspace, parallel);
  }

  /** The gradient of the input: a convolution of gradOutput with rotated weights. */
  static void backwardInput(
      DepthwisePairs pairs,
      float[] gradOutput,
      float[] weight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    int c = pairs.c();
    weightedSums(pairs, gradOutput, weight, 8 * c, -c, null, gradInput, workspace, parallel);
  }

  private static void weightedSums(
      DepthwisePairs pairs,
      float[] source,
      float[] weight,
      int weightAt,
      int weightColPitch,
      float[] initial,
      float[] target,
      Workspace workspace,
      Parallel parallel) {
    Slices slices = new Slices(pairs.count(), pairs.perPiece());
    float[] zeros = workspace.borrow(Workspace.Kind.LAYOUT, pairs.zerosSize());
    Arrays.fill(zeros, 0, pairs.zerosSize(), 0);
    parallel.forEach(
        slices.count(),
        slice -> {
          float[] scratch = workspace.borrow(Workspace.Kind.TASK, pairs.scratchSize());
          int first = slices.start(slice);
          int end = first + slices.length(slice);
          DepthwiseWalk walk =
              new DepthwiseWalk(pairs, end, source, target, scratch, zeros, scratch);
          walk.pair.weightAt = weightAt;
          walk.pair.weightRowPitch = 3 * weightColPitch;
          walk.pair.weightColPitch = weightColPitch;
          for (int i = first; i < end; i++) {
            walk.goTo(i);
            boolean rest = walk.leaveRest();
            DepthwiseLanes.ACTIVE.weightedSums(walk.pair, weight, initial);
            if (rest) {
              walk.goToRest();
              DepthwiseLanes.ACTIVE.weightedSums(walk.pair, weight, initial);
            }
          }
          workspace.giveBack(Workspace.Kind.TASK, scratch);
        });
    workspace.giveBack(Workspace.Kind.LAYOUT, zeros);
  }

  /**
   * Adds the weight gradient of some images to sums of their own.
   *
   * @param sums {@link DepthwisePairs#zerosSize} zeros, and from {@code sumsAt} on {@code [3, 3,
   *     c]}
   */
  static void addProducts(
      DepthwisePairs pairs,
      int firstImage,
      int endImage,
      float[] input,
      float[] gradOutput,
      float[] sums,
      int sumsAt,
      Workspace workspace) {
    float[] scratch = workspace.borrow(Workspace.Kind.TASK, pairs.scratchSize());
    int first = firstImage * pairs.perImage();
    int end = endImage * pairs.perImage();
    DepthwiseWalk walk = new DepthwiseWalk(pairs, end, input, gradOutput, sums, sums, scratch);
    walk.pair.weightAt = sumsAt;
    walk.pair.weightRowPitch = 3 * pairs.c();
    walk.pair.weightColPitch = pairs.c();
    for (int i = first; i < end; i++) {
      walk.goTo(i);
      boolean rest = walk.leaveRest();
      DepthwiseLanes.ACTIVE.addProducts(walk.pair, sums);
      if (rest) {
        walk.goToRest();
        walk.clearOverlap();
        DepthwiseLanes.ACTIVE.addProducts(walk.pair, sums);
      }
    }
    workspace.giveBack(Workspace.Kind.TASK, scratch);
  }
}
