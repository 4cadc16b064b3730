package io.lanewise.kernels.loss;

import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.RowShape;
import io.lanewise.kernels.shape.Sizes;

/** What the losses share: the check of class labels and the cut into rows. */
final class LossRows {
  private static final int FLOATS_PER_SLICE = 1 << 14;

  private LossRows() {}

  /** Whole rows, about 16K floats a slice. */
  static Slices slices(RowShape shape) {
    return new Slices(shape.rows(), Math.max(1, FLOATS_PER_SLICE / shape.cols()));
  }

  /**
   * Checks the labels of all rows.
   *
   * @throws IllegalArgumentException if there are too few, or one is no class
   */
  static void checkLabels(RowShape shape, int[] labels) {
    Sizes.check(shape, "labels", labels, shape.rows(), "rows");
    for (int row = 0; row < shape.rows(); row++) {
      if (labels[row] < 0 || labels[row] >= shape.cols()) {
        throw new IllegalArgumentException(
            shape
                + ": the label of row "
                + row
                + " is "
                + labels[row]
                + ", needs a class from 0 to cols - 1 = "
                + (shape.cols() - 1));
      }
    }
  }
}
