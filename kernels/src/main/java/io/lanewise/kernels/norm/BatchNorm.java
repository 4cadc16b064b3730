package io.lanewise.kernels.norm;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.reduce.ChannelBlocks;
import io.lanewise.kernels.shape.ChannelShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015): {@code y = epilogue(scale * (x - mean) /
 * sqrt(variance + eps) + bias + residual)}, each channel with a mean and a variance of its own. In
 * training they are those of the batch, at use those of the past ({@link #updateRunning}).
 * Variances are biased, {@code sum of (x - mean)^2 / rows}, as PyTorch's {@code batch_norm}
 * normalises.
 *
 * <p>Statistics are sums of {@code d = x - shift} and {@code d * d}, taken in one pass, where shift
 * is the mean of up to 64 rows scattered over the batch: so near the mean that {@code mean(d^2) -
 * mean(d)^2} cancels nothing that matters, however far the values are from zero. All else is one
 * fused multiply-add a value, with the residual and the rectifier in the same pass: forward reads
 * the input twice and writes once; backward reads gradients and inputs twice and writes once.
 *
 * <p><b>Split:</b> blocks of rows, at most 64 of at least 32K floats, see {@link ChannelBlocks}.
 * Each channel's sum in a block runs in a fixed order, the blocks' sums are added in order.
 *
 * <p><b>Backward needs:</b> input, mean and variance; output too if there was a residual, as the
 * rectifier's mask then does not follow from the input.
 */
public final class BatchNorm {
  private BatchNorm() {}

  /**
   * Normalises with the statistics of the batch.
   *
   * @param eps keeps the divisor away from zero; PyTorch's is 1e-5
   * @param epilogue what happens to each value in the end
   * @param input {@code [rows, c]}
   * @param residual {@code [rows, c]}, added before the epilogue; or null
   * @param scale {@code [c]}
   * @param bias {@code [c]}
   * @param mean {@code [c]}, overwritten
   * @param variance {@code [c]}, biased, overwritten
   * @param output {@code [rows, c]}, overwritten; not the input, but may be the residual
   * @throws IllegalArgumentException if an array is too short or eps is negative
   */
  public static void forwardTrain(
      ChannelShape shape,
      float eps,
      Epilogue epilogue,
      float[] input,
      float[] residual,
      float[] scale,
      float[] bias,
      float[] mean,
      float[] variance,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkForward(shape, eps, input, residual, scale, bias, mean, variance, output);
    float[] tiled = workspace.borrow(Kind.CALL, ChannelSums.scratchSize(shape));
    ChannelSums.statistics(shape, input, mean, variance, tiled, workspace, parallel);
    normalize(
        shape, eps, epilogue, input, residual, scale, bias, mean, variance, output, tiled,
        parallel);
    workspace.giveBack(Kind.CALL, tiled);
  }

  /**
   * Normalises with given statistics; arguments as for {@link #forwardTrain}, but mean and variance
   * are read, and output may also be the input.
   *
   * @throws IllegalArgumentException if an array is too short or eps is negative
   */
  public static void forwardEval(
      ChannelShape shape,
      float eps,
      Epilogue epilogue,
      float[] input,
      float[] residual,
      float[] scale,
      float[] bias,
      float[] mean,
      float[] variance,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkForward(shape, eps, input, residual, scale, bias, mean, variance, output);
    float[] tiled = workspace.borrow(Kind.CALL, ChannelSums.scratchSize(shape));
    normalize(
        shape, eps, epilogue, input, residual, scale, bias, mean, variance, output, tiled,
        parallel);
    workspace.giveBack(Kind.CALL, tiled);
  }

  private static void normalize(
      ChannelShape shape,
      float eps,
      Epilogue epilogue,
      float[] input,
      float[] residual,
      float[] scale,
      float[] bias,
      float[] mean,
      float[] variance,
      float[] output,
      float[] tiled,
      Parallel parallel) {
    int period = ChannelBlocks.period(shape.c());
    boolean rectified = epilogue == Epilogue.RELU;
    constants(shape, eps, scale, bias, mean, variance, tiled);
    ChannelBlocks.forEach(
        shape,
        parallel,
        (at, count) ->
            NormLanes.ACTIVE.normalize(
                input, residual, at, count, period, tiled, rectified, output));
  }

  /**
   * The running statistics move a step towards those of a batch: {@code running = (1 - momentum) *
   * running + momentum * batch}, PyTorch's convention, its default 0.1. The variance that enters is
   * the unbiased one, {@code variance * rows / (rows - 1)}; of a single row it is left as it is.
   *
   * @param shape of the batch
   * @param mean {@code [c]}, from {@link #forwardTrain}
   * @param variance {@code [c]}, from {@link #forwardTrain}
   * @param runningMean {@code [c]}, updated
   * @param runningVariance {@code [c]}, updated
   * @throws IllegalArgumentException if an array is too short or momentum is not in 0 to 1
   */
  public static void updateRunning(
      ChannelShape shape,
      float momentum,
      float[] mean,
      float[] variance,
      float[] runningMean,
      float[] runningVariance) {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(shape + ": momentum is " + momentum + ", needs 0 to 1");
    }
    Sizes.check(shape, "mean", mean, shape.c(), "c");
    Sizes.check(shape, "variance", variance, shape.c(), "c");
    Sizes.check(shape, "runningMean", runningMean, shape.c(), "c");
    Sizes.check(shape, "runningVariance", runningVariance, shape.c(), "c");
    double unbiased = shape.rows() / Math.max(1.0, shape.rows() - 1.0);
    for (int j = 0; j < shape.c(); j++) {
      runningMean[j] = between(runningMean[j], mean[j], momentum);
      runningVariance[j] = between(runningVariance[j], variance[j] * unbiased, momentum);
    }
  }

  private static float between(float old, double now, double momentum) {
    return (float) ((1 - momentum) * old + momentum * now);
  }

  /**
   * The gradients after {@link #forwardTrain}. With {@code g = gradOutput} where the rectifier let
   * values pass and {@code h = (x - mean) / sqrt(variance + eps)}: {@code gradBias += sum of g},
   * {@code gradScale += sum of g * h}, {@code gradInput = scale / sqrt(variance + eps) * (g -
   * mean(g) - h * mean(g * h))}, {@code gradResidual = g}.
   *
   * @param gradOutput {@code [rows, c]}
   * @param input {@code [rows, c]}
   * @param output {@code [rows, c]}, whose sign is the mask of the rectifier; or null if there was
   *     no residual, as the mask is then computed once more from the input
   * @param scale {@code [c]}
   * @param bias {@code [c]}
   * @param mean {@code [c]}, from forward
   * @param variance {@code [c]}, from forward
   * @param gradInput {@code [rows, c]}, overwritten; may be gradOutput
   * @param gradResidual {@code [rows, c]}, overwritten; may be gradOutput, unless that is
   *     gradInput; null if there was no residual
   * @param gradScale {@code [c]}, added into
   * @param gradBias {@code [c]}, added into
   * @throws IllegalArgumentException if an array is too short or eps is negative
   */
  public static void backward(
      ChannelShape shape,
      float eps,
      Epilogue epilogue,
      float[] gradOutput,
      float[] input,
      float[] output,
      float[] scale,
      float[] bias,
      float[] mean,
      float[] variance,
      float[] gradInput,
      float[] gradResidual,
      float[] gradScale,
      float[] gradBias,
      Workspace workspace,
      Parallel parallel) {
    boolean rectified = epilogue == Epilogue.RELU;
    checkEps(shape, eps);
    checkRows(shape, "gradOutput", gradOutput);
    checkRows(shape, "input", input);
    if (output != null || (rectified && gradResidual != null)) {
      checkRows(shape, "output", output);
    }
    checkChannels(shape, scale, bias, mean, variance);
    checkRows(shape, "gradInput", gradInput);
    if (gradResidual != null) {
      checkRows(shape, "gradResidual", gradResidual);
    }
    Sizes.check(shape, "gradScale", gradScale, shape.c(), "c");
    Sizes.check(shape, "gradBias", gradBias, shape.c(), "c");

    int period = ChannelBlocks.period(shape.c());
    float[] tiled = workspace.borrow(Kind.CALL, ChannelSums.scratchSize(shape));
    constants(shape, eps, scale, bias, mean, variance, tiled);
    ChannelBlocks.tile(mean, tiled, NormLanes.MEAN, shape.c(), period);

    boolean masks = rectified && output != null;
    float[] masked = gradResidual == null ? gradInput : gradResidual;
    ChannelSums.ofBlocks(
        shape,
        tiled,
        workspace,
        parallel,
        (at, count, sums) -> {
          if (masks) {
            NormLanes.ACTIVE.addMaskedGradients(
                gradOutput, output, input, at, count, period, tiled, masked, sums);
          } else {
            NormLanes.ACTIVE.addGradients(
                gradOutput, input, at, count, period, tiled, rectified, sums);
          }
        });
    gradientConstants(shape, eps, scale, variance, gradScale, gradBias, tiled);

    float[] passed = masks ? masked : gradOutput;
    boolean copies = gradResidual != null && gradResidual != passed;
    ChannelBlocks.forEach(
        shape,
        parallel,
        (at, count) -> {
          if (copies) {
            System.arraycopy(passed, at, gradResidual, at, count);
          }
          NormLanes.ACTIVE.gradient(
              passed, input, at, count, period, tiled, rectified && !masks, gradInput);
        });
    workspace.giveBack(Kind.CALL, tiled);
  }

  /** The constants of forward, tiled. */
  private static void constants(
      ChannelShape shape,
      float eps,
      float[] scale,
      float[] bias,
      float[] mean,
      float[] variance,
      float[] tiled) {
    int c = shape.c();
    int period = ChannelBlocks.period(c);
    for (int j = 0; j < c; j++) {
      double factor = scale[j] * invStd(variance[j], eps);
      tiled[NormLanes.FACTOR * period + j] = (float) factor;
      tiled[NormLanes.TERM * period + j] = (float) (bias[j] - mean[j] * factor);
    }
    ChannelBlocks.tile(tiled, NormLanes.FACTOR, c, period);
    ChannelBlocks.tile(tiled, NormLanes.TERM, c, period);
  }

  /** From the sums over the batch to the parameters' gradients and the constants of gradInput. */
  private static void gradientConstants(
      ChannelShape shape,
      float eps,
      float[] scale,
      float[] variance,
      float[] gradScale,
      float[] gradBias,
      float[] tiled) {
    int c = shape.c();
    int period = ChannelBlocks.period(c);
    int sumsAt = ChannelSums.sumsAt(shape);
    for (int j = 0; j < c; j++) {
      double invStd = invStd(variance[j], eps);
      double sum = tiled[sumsAt + j];
      double sumOfProducts = tiled[sumsAt + c + j] * invStd;
      gradBias[j] += (float) sum;
      gradScale[j] += (float) sumOfProducts;
      double factor = scale[j] * invStd / shape.rows();
      tiled[NormLanes.SLOPE * period + j] = (float) (-factor * invStd * sumOfProducts);
      tiled[NormLanes.OFFSET * period + j] = (float) (-factor * sum);
    }
    ChannelBlocks.tile(tiled, NormLanes.SLOPE, c, period);
    ChannelBlocks.tile(tiled, NormLanes.OFFSET, c, period);
  }

  /**
   * Folds a normalisation with given statistics into the convolution or fully connected layer
   * before it: {@code f * (w * x + b - mean) + bias} with {@code f = scale / sqrt(variance + eps)}
   * is a layer with the weight {@code f * w} and the bias {@code f * (b - mean) + bias}. Each new
   * weight is rounded once more, so results are close to those of the two apart, but not equal.
   *
   * @param weight {@code [..., c]}, of the layer before, channels as the last dimension
   * @param layerBias {@code [c]}, of the layer before, or null for none
   * @param foldedWeight as long as weight, overwritten
   * @param foldedBias {@code [c]}, overwritten
   * @throws IllegalArgumentException if an array is too short or eps is negative
   */
  public static void fold(
      ChannelShape shape,
      float eps,
      float[] scale,
      float[] bias,
      float[] mean,
      float[] variance,
      float[] weight,
      float[] layerBias,
      float[] foldedWeight,
      float[] foldedBias) {
    checkEps(shape, eps);
    checkChannels(shape, scale, bias, mean, variance);
    int c = shape.c();
    if (weight == null || weight.length % c != 0) {
      String holds = weight == null ? "is null" : "holds " + weight.length + " floats";
      throw new IllegalArgumentException(
          shape + ": weight " + holds + ", needs a multiple of c = " + c);
    }
    if (layerBias != null) {
      Sizes.check(shape, "layerBias", layerBias, c, "c");
    }
    Sizes.check(shape, "foldedWeight", foldedWeight, weight.length, "size of weight");
    Sizes.check(shape, "foldedBias", foldedBias, c, "c");
    for (int j = 0; j < c; j++) {
      double factor = scale[j] * invStd(variance[j], eps);
      double before = layerBias == null ? 0 : layerBias[j];
      foldedBias[j] = (float) (factor * (before - mean[j]) + bias[j]);
      for (int i = j; i < weight.length; i += c) {
        foldedWeight[i] = (float) (factor * weight[i]);
      }
    }
  }

  private static double invStd(double variance, double eps) {
    return 1 / Math.sqrt(variance + eps);
  }

  private static void checkForward(
      ChannelShape shape,
      float eps,
      float[] input,
      float[] residual,
      float[] scale,
      float[] bias,
      float[] mean,
      float[] variance,
      float[] output) {
    checkEps(shape, eps);
    checkRows(shape, "input", input);
    if (residual != null) {
      checkRows(shape, "residual", residual);
    }
    checkChannels(shape, scale, bias, mean, variance);
    checkRows(shape, "output", output);
  }

  private static void checkEps(ChannelShape shape, float eps) {
    if (!(eps >= 0 && eps < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(shape + ": eps is " + eps + ", needs at least 0");
    }
  }

  private static void checkRows(ChannelShape shape, String name, float[] array) {
    Sizes.check(shape, name, array, shape.size(), "rows*c");
  }

  private static void checkChannels(
      ChannelShape shape, float[] scale, float[] bias, float[] mean, float[] variance) {
    Sizes.check(shape, "scale", scale, shape.c(), "c");
    Sizes.check(shape, "bias", bias, shape.c(), "c");
    Sizes.check(shape, "mean", mean, shape.c(), "c");
    Sizes.check(shape, "variance", variance, shape.c(), "c");
  }
}
