package io.lanewise.kernels.loss;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.RowShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * {@code losses[r] = sum over j != y of max(0, scores[r,j] - scores[r,y] + margin)} with {@code y =
 * labels[r]} (Weston and Watkins, "Support vector machines for multi-class pattern recognition",
 * 1999; the multiclass SVM loss of Stanford's CS231n). PyTorch's {@code multi_margin_loss} is this
 * divided by cols.
 *
 * <p>The multi-class hinge loss: every wrong class that comes within the margin of the right one
 * costs what it is too close by. Rows are summed in double, so no finite score gives NaN.
 *
 * <p><b>Split:</b> slices of whole rows, about 16K floats each; a row is summed in column order.
 *
 * <p><b>Backward needs:</b> labels and scores.
 */
public final class Hinge {
  private Hinge() {}

  /**
   * Writes the losses.
   *
   * @param shape rows and classes
   * @param margin how far the right score must lead; usually 1
   * @param scores {@code [rows, cols]}
   * @param labels {@code [rows]}, the class of each row, 0 to cols - 1
   * @param losses {@code [rows]}, overwritten
   * @param parallel who runs the slices
   * @throws IllegalArgumentException if an array is too short or a label is no class
   */
  public static void forward(
      RowShape shape,
      float margin,
      float[] scores,
      int[] labels,
      float[] losses,
      Parallel parallel) {
    Sizes.check(shape, "scores", scores, shape.size(), "rows*cols");
    LossRows.checkLabels(shape, labels);
    Sizes.check(shape, "losses", losses, shape.rows(), "rows");
    Slices slices = LossRows.slices(shape);
    parallel.forEach(
        slices.count(),
        i -> {
          for (int r = slices.start(i); r < slices.start(i) + slices.length(i); r++) {
            int at = r * shape.cols();
            int labelAt = at + labels[r];
            double loss = 0;
            for (int j = at; j < at + shape.cols(); j++) {
              if (j != labelAt) {
                loss += Math.max(0, excess(scores, j, labelAt, margin));
              }
            }
            losses[r] = (float) loss;
          }
        });
  }

  /**
   * {@code gradScores[r,j] = gradLosses[r]} for each wrong class j inside the margin and 0 for the
   * others; the right class gets minus the sum of those.
   *
   * @param shape rows and classes
   * @param margin as in {@link #forward}
   * @param gradLosses {@code [rows]}
   * @param scores {@code [rows, cols]}, as in {@link #forward}
   * @param labels {@code [rows]}, as in {@link #forward}
   * @param gradScores {@code [rows, cols]}, overwritten
   * @param parallel who runs the slices
   * @throws IllegalArgumentException as {@link #forward}
   */
  public static void backward(
      RowShape shape,
      float margin,
      float[] gradLosses,
      float[] scores,
      int[] labels,
      float[] gradScores,
      Parallel parallel) {
    Sizes.check(shape, "gradLosses", gradLosses, shape.rows(), "rows");
    Sizes.check(shape, "scores", scores, shape.size(), "rows*cols");
    LossRows.checkLabels(shape, labels);
    Sizes.check(shape, "gradScores", gradScores, shape.size(), "rows*cols");
    Slices slices = LossRows.slices(shape);
    parallel.forEach(
        slices.count(),
        i -> {
          for (int r = slices.start(i); r < slices.start(i) + slices.length(i); r++) {
            int at = r * shape.cols();
            int labelAt = at + labels[r];
            int inside = 0;
            for (int j = at; j < at + shape.cols(); j++) {
              boolean costs = j != labelAt && excess(scores, j, labelAt, margin) > 0;
              inside += costs ? 1 : 0;
              gradScores[j] = costs ? gradLosses[r] : 0;
            }
            gradScores[labelAt] = -inside * gradLosses[r];
          }
        });
  }

  private static double excess(float[] scores, int at, int labelAt, float margin) {
    return (double) scores[at] - scores[labelAt] + margin;
  }
}
