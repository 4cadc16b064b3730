package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.loss.SquaredError;
import io.lanewise.kernels.shape.RowShape;

/** The squared error {@code sum over j of (prediction_j - target_j)^2}: one loss a sample. */
public final class SquaredErrorNode extends Node {
  private final PerBatch<RowShape> shapes;

  /**
   * The loss of a regression.
   *
   * @param prediction what the net computes
   * @param target what it should be, of the same shape
   * @throws IllegalArgumentException if the shapes differ
   */
  public SquaredErrorNode(Tensor prediction, Tensor target) {
    super("squarederror", Shape.scalar(), prediction, target);
    Shapes.same("squarederror", prediction, target);
    this.shapes = new PerBatch<>(n -> new RowShape(n, prediction.size()));
  }

  @Override
  public void forward(Slice slice) {
    SquaredError.forward(
        shapes.of(slice.n()), slice.input(0), slice.input(1), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    RowShape shape = shapes.of(slice.n());
    float[] prediction = slice.input(0);
    float[] target = slice.input(1);
    if (slice.gradInput(0) != null) {
      SquaredError.backward(
          shape, slice.gradOutput(), prediction, target, slice.gradInput(0), slice.parallel());
    }
    if (slice.gradInput(1) != null) {
      SquaredError.backward(
          shape, slice.gradOutput(), target, prediction, slice.gradInput(1), slice.parallel());
    }
  }

  @Override
  public boolean skipsUnneededGradients() {
    return true;
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }

  @Override
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
