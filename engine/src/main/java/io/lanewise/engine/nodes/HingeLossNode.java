package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.loss.Hinge;
import io.lanewise.kernels.shape.RowShape;

/** The multi-class hinge (SVM) loss with the class labels of the batch: one loss a sample. */
public final class HingeLossNode extends Node {
  private final float margin;
  private final PerBatch<RowShape> shapes;

  /**
   * The loss of class scores.
   *
   * @param scores one score a class
   * @param margin by how much the right class must win; 1 in the lectures
   */
  public HingeLossNode(Tensor scores, float margin) {
    super("hinge", Shape.scalar(), scores);
    this.margin = margin;
    this.shapes = new PerBatch<>(n -> new RowShape(n, scores.size()));
  }

  @Override
  public void forward(Slice slice) {
    Hinge.forward(
        shapes.of(slice.n()),
        margin,
        slice.input(0),
        slice.labels(),
        slice.output(),
        slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    Hinge.backward(
        shapes.of(slice.n()),
        margin,
        slice.gradOutput(),
        slice.input(0),
        slice.labels(),
        slice.gradInput(0),
        slice.parallel());
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }

  @Override
  public int labelClasses() {
    return inputs().get(0).size();
  }

  @Override
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
