package io.lanewise.kernels.norm;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.reduce.ChannelBlocks;
import io.lanewise.kernels.shape.ChannelShape;
import java.util.Arrays;

/**
 * Pairs of sums over the rows of a batch, in an order that the shape fixes. They stand behind the
 * tiled constants of {@link NormLanes} in one scratch array.
 */
final class ChannelSums {
  /** Rows whose mean is near enough to that of all rows to be subtracted first. */
  private static final int SAMPLED_ROWS = 64;

  private ChannelSums() {}

  /** Floats of scratch: the tiled constants, then two sums for each channel and block. */
  static int scratchSize(ChannelShape shape) {
    return Math.addExact(
        sumsAt(shape), Math.multiplyExact(ChannelBlocks.rows(shape).count(), 2 * shape.c()));
  }

  /** Where the sums of the batch are: c first ones, c second ones. */
  static int sumsAt(ChannelShape shape) {
    return NormLanes.CONSTANTS * ChannelBlocks.period(shape.c());
  }

  /** Adds a block's rows to tiled sums. */
  interface BlockSum {
    void add(int at, int count, float[] sums);
  }

  /** Leaves the two sums over all rows at {@link #sumsAt}. */
  static void ofBlocks(
      ChannelShape shape,
      float[] scratch,
      Workspace workspace,
      Parallel parallel,
      BlockSum blockSum) {
    int c = shape.c();
    int period = ChannelBlocks.period(c);
    int sumsAt = sumsAt(shape);
    Slices blocks = ChannelBlocks.rows(shape);
    parallel.forEach(
        blocks.count(),
        b -> {
          float[] sums = workspace.borrow(Kind.TASK, 2 * period);
          Arrays.fill(sums, 0, 2 * period, 0);
          blockSum.add(blocks.start(b) * c, blocks.length(b) * c, sums);
          int to = sumsAt + b * 2 * c;
          ChannelBlocks.fold(sums, 0, c, period, scratch, to);
          ChannelBlocks.fold(sums, period, c, period, scratch, to + c);
          workspace.giveBack(Kind.TASK, sums);
        });
    for (int b = 1; b < blocks.count(); b++) {
      Lanes.ACTIVE.accumulate(scratch, sumsAt + b * 2 * c, scratch, sumsAt, 2 * c);
    }
  }

  /** Mean and biased variance of each channel. */
  static void statistics(
      ChannelShape shape,
      float[] input,
      float[] mean,
      float[] variance,
      float[] scratch,
      Workspace workspace,
      Parallel parallel) {
    int c = shape.c();
    int period = ChannelBlocks.period(c);
    sampleMean(shape.rows(), c, input, 0, mean);
    ChannelBlocks.tile(mean, scratch, NormLanes.MEAN, c, period);
    ofBlocks(
        shape,
        scratch,
        workspace,
        parallel,
        (at, count, sums) ->
            NormLanes.ACTIVE.addDeviations(input, at, count, period, scratch, sums));
    int sumsAt = sumsAt(shape);
    for (int j = 0; j < c; j++) {
      double off = scratch[sumsAt + j] / (double) shape.rows();
      double square = scratch[sumsAt + c + j] / (double) shape.rows();
      mean[j] = (float) (mean[j] + off);
      variance[j] = (float) Math.max(0, square - off * off);
    }
  }

  /**
   * The mean of rows scattered by the golden ratio, so that no pattern of an image is hit.
   *
   * @param at where the rows begin in input
   */
  static void sampleMean(int rows, int c, float[] input, int at, float[] mean) {
    int samples = Math.min(SAMPLED_ROWS, rows);
    Arrays.fill(mean, 0, c, 0);
    for (int i = 0; i < samples; i++) {
      long fraction = (i * 0x9E3779B9L) & 0xFFFFFFFFL;
      int row = (int) ((fraction * rows) >>> 32);
      Lanes.ACTIVE.accumulate(input, at + row * c, mean, 0, c);
    }
    Lanes.ACTIVE.scale(1f / samples, mean, 0, mean, 0, c);
  }
}
