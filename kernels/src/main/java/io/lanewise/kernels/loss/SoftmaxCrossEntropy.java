package io.lanewise.kernels.loss;

import io.lanewise.kernels.lanes.FloatMath;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.RowShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * {@code probabilities[r,j] = exp(logits[r,j]) / sum over k of exp(logits[r,k])} and {@code
 * losses[r] = -sum over j of target[r,j] * log(probabilities[r,j])}, where {@code target[r,j] = (1
 * - smoothing) * (j == labels[r]) + smoothing / cols} (Goodfellow, Bengio and Courville, "Deep
 * Learning", 2016, 6.2.2.3; label smoothing: Szegedy et al., "Rethinking the Inception
 * architecture", 2016, section 7; both as PyTorch's {@code cross_entropy}).
 *
 * <p>The softmax of each row and its cross-entropy with a class label, one loss a row. The row's
 * maximum is subtracted first and rows are summed in double, so no finite logit gives NaN;
 * exponentials are floats, and those below 1e-38 are 0.
 *
 * <p><b>Split:</b> slices of whole rows, about 16K floats each; a row is summed in column order.
 *
 * <p><b>Backward needs:</b> labels and probabilities.
 */
public final class SoftmaxCrossEntropy {
  private SoftmaxCrossEntropy() {}

  /**
   * Writes probabilities and losses.
   *
   * @param shape rows and classes
   * @param smoothing share of the target that is spread over all classes, 0 to 1; 0 is none
   * @param logits {@code [rows, cols]}, unnormalised log probabilities
   * @param labels {@code [rows]}, the class of each row, 0 to cols - 1
   * @param probabilities {@code [rows, cols]}, overwritten; may be the logits
   * @param losses {@code [rows]}, overwritten; in nats
   * @param parallel who runs the slices
   * @throws IllegalArgumentException if an array is too short, a label is no class, or smoothing is
   *     outside 0 to 1
   */
  public static void forward(
      RowShape shape,
      float smoothing,
      float[] logits,
      int[] labels,
      float[] probabilities,
      float[] losses,
      Parallel parallel) {
    checkSmoothing(shape, smoothing);
    Sizes.check(shape, "logits", logits, shape.size(), "rows*cols");
    LossRows.checkLabels(shape, labels);
    Sizes.check(shape, "probabilities", probabilities, shape.size(), "rows*cols");
    Sizes.check(shape, "losses", losses, shape.rows(), "rows");
    Slices slices = LossRows.slices(shape);
    parallel.forEach(
        slices.count(),
        i -> {
          for (int r = slices.start(i); r < slices.start(i) + slices.length(i); r++) {
            int at = r * shape.cols();
            losses[r] = forwardRow(smoothing, logits, labels[r], probabilities, at, shape.cols());
          }
        });
  }

  private static float forwardRow(
      float smoothing, float[] logits, int label, float[] probabilities, int at, int cols) {
    float max = logits[at];
    for (int j = 1; j < cols; j++) {
      max = Math.max(max, logits[at + j]);
    }
    double labelLogit = (double) logits[at + label] - max;
    double logitSum = 0;
    double expSum = 0;
    for (int j = 0; j < cols; j++) {
      float logit = logits[at + j];
      float exp = FloatMath.exp(logit - max);
      logitSum += (double) logit - max;
      expSum += exp;
      probabilities[at + j] = exp;
    }
    double scale = 1 / expSum;
    for (int j = 0; j < cols; j++) {
      probabilities[at + j] = (float) (probabilities[at + j] * scale);
    }
    double targetLogit = (1 - (double) smoothing) * labelLogit + smoothing * (logitSum / cols);
    return (float) (StrictMath.log(expSum) - targetLogit);
  }

  /**
   * {@code gradLogits[r,j] = gradLosses[r] * (probabilities[r,j] - target[r,j])}.
   *
   * @param shape rows and classes
   * @param smoothing as in {@link #forward}
   * @param gradLosses {@code [rows]}
   * @param labels {@code [rows]}, as in {@link #forward}
   * @param probabilities {@code [rows, cols]}, from {@link #forward}
   * @param gradLogits {@code [rows, cols]}, overwritten; may be the probabilities
   * @param parallel who runs the slices
   * @throws IllegalArgumentException as {@link #forward}
   */
  public static void backward(
      RowShape shape,
      float smoothing,
      float[] gradLosses,
      int[] labels,
      float[] probabilities,
      float[] gradLogits,
      Parallel parallel) {
    checkSmoothing(shape, smoothing);
    Sizes.check(shape, "gradLosses", gradLosses, shape.rows(), "rows");
    LossRows.checkLabels(shape, labels);
    Sizes.check(shape, "probabilities", probabilities, shape.size(), "rows*cols");
    Sizes.check(shape, "gradLogits", gradLogits, shape.size(), "rows*cols");
    float everyTarget = smoothing / shape.cols();
    float labelTarget = 1 - smoothing + everyTarget;
    Slices slices = LossRows.slices(shape);
    parallel.forEach(
        slices.count(),
        i -> {
          for (int r = slices.start(i); r < slices.start(i) + slices.length(i); r++) {
            int at = r * shape.cols();
            float gradLoss = gradLosses[r];
            float gradLabel = gradLoss * (probabilities[at + labels[r]] - labelTarget);
            for (int j = 0; j < shape.cols(); j++) {
              gradLogits[at + j] = gradLoss * (probabilities[at + j] - everyTarget);
            }
            gradLogits[at + labels[r]] = gradLabel;
          }
        });
  }

  /**
   * The loss of a row whose probabilities are its targets, below which none can be: 0 without
   * smoothing.
   *
   * @param shape classes; rows are not looked at
   * @param smoothing as in {@link #forward}
   */
  public static double leastLoss(RowShape shape, float smoothing) {
    checkSmoothing(shape, smoothing);
    double every = (double) smoothing / shape.cols();
    return entropy(1 - (double) smoothing + every) + (shape.cols() - 1) * entropy(every);
  }

  private static double entropy(double probability) {
    return probability == 0 ? 0 : -probability * StrictMath.log(probability);
  }

  private static void checkSmoothing(RowShape shape, float smoothing) {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          shape + ": label smoothing is " + smoothing + ", needs 0 to 1");
    }
  }
}
