package io.lanewise.kernels.norm;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.reduce.ChannelBlocks;
import io.lanewise.kernels.shape.GroupShape;
import io.lanewise.kernels.shape.Sizes;
import java.util.Arrays;

/**
 * Group normalisation (Wu and He, 2018): {@code y = scale * (x - mean) / sqrt(variance + eps) +
 * bias}, with mean and biased variance of each group of channels of each sample, scale and bias of
 * each channel. With one group it is layer normalisation (Ba et al., 2016), with as many groups as
 * channels instance normalisation (Ulyanov et al., 2016). No sample knows of another, so training
 * and use are the same.
 *
 * <p>Channels are summed as in {@link BatchNorm}, as deviations from a mean of sampled rows, and
 * joined to groups in double; all else is the same loops with constants made for each sample.
 *
 * <p><b>Split:</b> blocks of samples, at most 64 of at least 32K floats. Parameter gradients are
 * summed over a block in the order of samples, and the blocks' sums added in order.
 *
 * <p><b>Backward needs:</b> input and statistics.
 */
public final class GroupNorm {
  private static final int MOST_BLOCKS = 64;
  private static final int LEAST_BLOCK = 1 << 15;

  private GroupNorm() {}

  /**
   * Normalises each group of each sample.
   *
   * @param eps keeps the divisor away from zero; PyTorch's is 1e-5
   * @param input {@code [n, rows, c]}
   * @param scale {@code [c]}
   * @param bias {@code [c]}
   * @param statistics {@code [2, n, groups]}, means and behind them {@code 1 / sqrt(variance +
   *     eps)}, overwritten
   * @param output {@code [n, rows, c]}, overwritten; may be the input
   * @throws IllegalArgumentException if an array is too short or eps is negative
   */
  public static void forward(
      GroupShape shape,
      float eps,
      float[] input,
      float[] scale,
      float[] bias,
      float[] statistics,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    if (!(eps >= 0 && eps < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(shape + ": eps is " + eps + ", needs at least 0");
    }
    Sizes.check(shape, "input", input, shape.size(), "n*rows*c");
    Sizes.check(shape, "bias", bias, shape.c(), "c");
    checkSaved(shape, scale, statistics);
    Sizes.check(shape, "output", output, shape.size(), "n*rows*c");
    int period = period(shape);
    int size = shape.sampleSize();
    Slices blocks = blocks(shape);
    parallel.forEach(
        blocks.count(),
        b -> {
          float[] tiled = workspace.borrow(Kind.TASK, NormLanes.CONSTANTS * period);
          float[] sums = workspace.borrow(Kind.BLOCK, 2 * period);
          for (int i = 0; i < blocks.length(b); i++) {
            int img = blocks.start(b) + i;
            int at = img * size;
            statistics(shape, eps, input, at, tiled, sums, statistics, img * shape.groups());
            constants(shape, scale, bias, statistics, img * shape.groups(), tiled);
            NormLanes.ACTIVE.normalize(input, null, at, size, period, tiled, false, output);
          }
          workspace.giveBack(Kind.BLOCK, sums);
          workspace.giveBack(Kind.TASK, tiled);
        });
  }

  /**
   * The gradients after {@link #forward}. With {@code h = (x - mean) * invStd} and means over a
   * group: {@code gradBias += sum of g}, {@code gradScale += sum of g * h}, {@code gradInput =
   * invStd * (scale * g - mean(scale * g) - h * mean(scale * g * h))}.
   *
   * @param gradOutput {@code [n, rows, c]}
   * @param input {@code [n, rows, c]}
   * @param scale {@code [c]}
   * @param statistics {@code [2, n, groups]}, from forward
   * @param gradInput {@code [n, rows, c]}, overwritten; may be gradOutput
   * @param gradScale {@code [c]}, added into
   * @param gradBias {@code [c]}, added into
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      GroupShape shape,
      float[] gradOutput,
      float[] input,
      float[] scale,
      float[] statistics,
      float[] gradInput,
      float[] gradScale,
      float[] gradBias,
      Workspace workspace,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "n*rows*c");
    Sizes.check(shape, "input", input, shape.size(), "n*rows*c");
    checkSaved(shape, scale, statistics);
    Sizes.check(shape, "gradInput", gradInput, shape.size(), "n*rows*c");
    Sizes.check(shape, "gradScale", gradScale, shape.c(), "c");
    Sizes.check(shape, "gradBias", gradBias, shape.c(), "c");
    int c = shape.c();
    int period = period(shape);
    int size = shape.sampleSize();
    Slices blocks = blocks(shape);
    float[] partial = workspace.borrow(Kind.CALL, Math.multiplyExact(2 * blocks.count(), c));
    parallel.forEach(
        blocks.count(),
        b -> {
          float[] tiled = workspace.borrow(Kind.TASK, NormLanes.CONSTANTS * period);
          float[] sums = workspace.borrow(Kind.BLOCK, 2 * period);
          Arrays.fill(partial, b * 2 * c, (b + 1) * 2 * c, 0);
          for (int i = 0; i < blocks.length(b); i++) {
            int img = blocks.start(b) + i;
            int at = img * size;
            int groupAt = img * shape.groups();
            means(shape, statistics, groupAt, tiled);
            Arrays.fill(sums, 0, 2 * period, 0);
            NormLanes.ACTIVE.addGradients(gradOutput, input, at, size, period, tiled, false, sums);
            fold(shape, sums);
            gradientConstants(shape, scale, statistics, groupAt, sums, tiled);
            Lanes.ACTIVE.accumulate(sums, 0, partial, b * 2 * c, c);
            Lanes.ACTIVE.accumulate(sums, period, partial, b * 2 * c + c, c);
            NormLanes.ACTIVE.gradient(gradOutput, input, at, size, period, tiled, false, gradInput);
          }
          workspace.giveBack(Kind.BLOCK, sums);
          workspace.giveBack(Kind.TASK, tiled);
        });
    for (int b = 0; b < blocks.count(); b++) {
      Lanes.ACTIVE.accumulate(partial, b * 2 * c, gradBias, 0, c);
      Lanes.ACTIVE.accumulate(partial, b * 2 * c + c, gradScale, 0, c);
    }
    workspace.giveBack(Kind.CALL, partial);
  }

  /** Floats of statistics, {@code 2*n*groups}. */
  public static int statisticsSize(GroupShape shape) {
    return 2 * shape.n() * shape.groups();
  }

  private static Slices blocks(GroupShape shape) {
    int fair = (shape.n() + MOST_BLOCKS - 1) / MOST_BLOCKS;
    return new Slices(shape.n(), Math.max(fair, LEAST_BLOCK / shape.sampleSize()));
  }

  /** A sample of few rows is one period, so that constants are not repeated for nothing. */
  private static int period(GroupShape shape) {
    return Math.min(ChannelBlocks.period(shape.c()), shape.sampleSize());
  }

  /** The statistics of the groups of a sample that begins at an index. */
  private static void statistics(
      GroupShape shape,
      float eps,
      float[] input,
      int at,
      float[] tiled,
      float[] sums,
      float[] statistics,
      int groupAt) {
    int c = shape.c();
    int period = period(shape);
    ChannelSums.sampleMean(shape.rows(), c, input, at, tiled);
    ChannelBlocks.tile(tiled, NormLanes.MEAN, c, period);
    Arrays.fill(sums, 0, 2 * period, 0);
    NormLanes.ACTIVE.addDeviations(input, at, shape.sampleSize(), period, tiled, sums);
    fold(shape, sums);
    int width = c / shape.groups();
    double perRow = 1.0 / shape.rows();
    int invStdAt = groupAt + shape.n() * shape.groups();
    for (int g = 0; g < shape.groups(); g++) {
      double total = 0;
      for (int j = g * width; j < (g + 1) * width; j++) {
        total += tiled[j] + sums[j] * perRow;
      }
      double middle = total / width;
      double squares = 0;
      for (int j = g * width; j < (g + 1) * width; j++) {
        double off = sums[j] * perRow;
        double away = tiled[j] + off - middle;
        squares += Math.max(0, sums[period + j] * perRow - off * off) + away * away;
      }
      statistics[groupAt + g] = (float) middle;
      statistics[invStdAt + g] = (float) (1 / Math.sqrt(squares / width + eps));
    }
  }

  /** Leaves the sums of channels in the first c places of both halves. */
  private static void fold(GroupShape shape, float[] sums) {
    int c = shape.c();
    int period = period(shape);
    for (int row = c; row < period; row += c) {
      Lanes.ACTIVE.accumulate(sums, row, sums, 0, c);
      Lanes.ACTIVE.accumulate(sums, period + row, sums, period, c);
    }
  }

  private static void constants(
      GroupShape shape,
      float[] scale,
      float[] bias,
      float[] statistics,
      int groupAt,
      float[] tiled) {
    int c = shape.c();
    int period = period(shape);
    int width = c / shape.groups();
    int invStdAt = groupAt + shape.n() * shape.groups();
    for (int g = 0; g < shape.groups(); g++) {
      double inverse = statistics[invStdAt + g];
      double mean = statistics[groupAt + g];
      for (int j = g * width; j < (g + 1) * width; j++) {
        double factor = scale[j] * inverse;
        tiled[NormLanes.FACTOR * period + j] = (float) factor;
        tiled[NormLanes.TERM * period + j] = (float) (bias[j] - mean * factor);
      }
    }
    ChannelBlocks.tile(tiled, NormLanes.FACTOR, c, period);
    ChannelBlocks.tile(tiled, NormLanes.TERM, c, period);
  }

  private static void means(GroupShape shape, float[] statistics, int groupAt, float[] tiled) {
    int c = shape.c();
    int width = c / shape.groups();
    for (int g = 0; g < shape.groups(); g++) {
      Arrays.fill(tiled, g * width, (g + 1) * width, statistics[groupAt + g]);
    }
    ChannelBlocks.tile(tiled, NormLanes.MEAN, c, period(shape));
  }

  /** From the sums of a sample's channels to the constants of gradInput; scales second sums. */
  private static void gradientConstants(
      GroupShape shape,
      float[] scale,
      float[] statistics,
      int groupAt,
      float[] sums,
      float[] tiled) {
    int c = shape.c();
    int period = period(shape);
    int width = c / shape.groups();
    int invStdAt = groupAt + shape.n() * shape.groups();
    double count = (double) width * shape.rows();
    for (int g = 0; g < shape.groups(); g++) {
      double inverse = statistics[invStdAt + g];
      double sum = 0;
      double sumOfProducts = 0;
      for (int j = g * width; j < (g + 1) * width; j++) {
        sum += (double) scale[j] * sums[j];
        sumOfProducts += scale[j] * inverse * sums[period + j];
        sums[period + j] = (float) (inverse * sums[period + j]);
        tiled[NormLanes.FACTOR * period + j] = (float) (scale[j] * inverse);
      }
      int slopeAt = NormLanes.SLOPE * period + g * width;
      int offsetAt = NormLanes.OFFSET * period + g * width;
      float slope = (float) (-inverse * inverse * sumOfProducts / count);
      Arrays.fill(tiled, slopeAt, slopeAt + width, slope);
      Arrays.fill(tiled, offsetAt, offsetAt + width, (float) (-inverse * sum / count));
    }
    ChannelBlocks.tile(tiled, NormLanes.FACTOR, c, period);
    ChannelBlocks.tile(tiled, NormLanes.SLOPE, c, period);
    ChannelBlocks.tile(tiled, NormLanes.OFFSET, c, period);
  }

  private static void checkSaved(GroupShape shape, float[] scale, float[] statistics) {
    Sizes.check(shape, "scale", scale, shape.c(), "c");
    Sizes.check(shape, "statistics", statistics, statisticsSize(shape), "2*n*groups");
  }
}
