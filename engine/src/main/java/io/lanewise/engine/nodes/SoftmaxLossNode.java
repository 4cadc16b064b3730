package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.loss.SoftmaxCrossEntropy;
import io.lanewise.kernels.shape.RowShape;

/** Softmax and cross-entropy with the class labels of the batch: one loss a sample. */
public final class SoftmaxLossNode extends Node {
  private final float smoothing;
  private final PerBatch<RowShape> shapes;

  /** The loss of class scores without label smoothing. */
  public SoftmaxLossNode(Tensor scores) {
    this(scores, 0);
  }

  /**
   * The loss of class scores.
   *
   * @param scores one score a class, before softmax
   * @param smoothing share of the target that is spread evenly over all classes, 0 to 1
   */
  public SoftmaxLossNode(Tensor scores, float smoothing) {
    super("softmax", Shape.scalar(), scores);
    this.smoothing = smoothing;
    this.shapes = new PerBatch<>(n -> new RowShape(n, scores.size()));
  }

  /** The loss of answers that are as sure as the smoothed labels; no others have less. */
  public double leastLoss() {
    return SoftmaxCrossEntropy.leastLoss(shapes.of(1), smoothing);
  }

  @Override
  public void forward(Slice slice) {
    SoftmaxCrossEntropy.forward(
        shapes.of(slice.n()),
        smoothing,
        slice.input(0),
        slice.labels(),
        slice.saved(),
        slice.output(),
        slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    SoftmaxCrossEntropy.backward(
        shapes.of(slice.n()),
        smoothing,
        slice.gradOutput(),
        slice.labels(),
        slice.saved(),
        slice.gradInput(0),
        slice.parallel());
  }

  @Override
  public int savedFloats(int n) {
    return shapes.of(n).size();
  }

  @Override
  public boolean backwardReadsInputs() {
    return false;
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
