package io.lanewise.kernels.loss;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.RowShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * {@code losses[r] = sum over j of (prediction[r,j] - target[r,j])^2}: the squared L2 distance, as
 * PyTorch's {@code mse_loss} with {@code reduction="sum"} on one row. There is no factor of one
 * half.
 *
 * <p>The squared error of each row, for regression. Rows are summed in double, so no finite value
 * gives NaN.
 *
 * <p><b>Split:</b> slices of whole rows, about 16K floats each; a row is summed in column order.
 *
 * <p><b>Backward needs:</b> prediction and target.
 */
public final class SquaredError {
  private SquaredError() {}

  /**
   * Writes the losses.
   *
   * @param shape rows and values in a row
   * @param prediction {@code [rows, cols]}
   * @param target {@code [rows, cols]}
   * @param losses {@code [rows]}, overwritten
   * @param parallel who runs the slices
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(
      RowShape shape, float[] prediction, float[] target, float[] losses, Parallel parallel) {
    Sizes.check(shape, "prediction", prediction, shape.size(), "rows*cols");
    Sizes.check(shape, "target", target, shape.size(), "rows*cols");
    Sizes.check(shape, "losses", losses, shape.rows(), "rows");
    Slices slices = LossRows.slices(shape);
    parallel.forEach(
        slices.count(),
        i -> {
          for (int r = slices.start(i); r < slices.start(i) + slices.length(i); r++) {
            int at = r * shape.cols();
            double loss = 0;
            for (int j = at; j < at + shape.cols(); j++) {
              double difference = (double) prediction[j] - target[j];
              loss += difference * difference;
            }
            losses[r] = (float) loss;
          }
        });
  }

  /**
   * {@code gradPrediction[r,j] = 2 * gradLosses[r] * (prediction[r,j] - target[r,j])}.
   *
   * @param shape rows and values in a row
   * @param gradLosses {@code [rows]}
   * @param prediction {@code [rows, cols]}
   * @param target {@code [rows, cols]}
   * @param gradPrediction {@code [rows, cols]}, overwritten
   * @param parallel who runs the slices
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      RowShape shape,
      float[] gradLosses,
      float[] prediction,
      float[] target,
      float[] gradPrediction,
      Parallel parallel) {
    Sizes.check(shape, "gradLosses", gradLosses, shape.rows(), "rows");
    Sizes.check(shape, "prediction", prediction, shape.size(), "rows*cols");
    Sizes.check(shape, "target", target, shape.size(), "rows*cols");
    Sizes.check(shape, "gradPrediction", gradPrediction, shape.size(), "rows*cols");
    Slices slices = LossRows.slices(shape);
    parallel.forEach(
        slices.count(),
        i -> {
          for (int r = slices.start(i); r < slices.start(i) + slices.length(i); r++) {
            int at = r * shape.cols();
            double slope = 2.0 * gradLosses[r];
            for (int j = at; j < at + shape.cols(); j++) {
              gradPrediction[j] = (float) (slope * ((double) prediction[j] - target[j]));
            }
          }
        });
  }
}
