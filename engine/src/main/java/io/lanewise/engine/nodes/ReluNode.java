package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.activation.Relu;
import io.lanewise.kernels.shape.FlatShape;

/** The rectifier {@code max(0, x)}: passes the gradient where x is positive, stops it elsewhere. */
public final class ReluNode extends Node {
  private final PerBatch<FlatShape> shapes;

  /**
   * A node for each value of the input.
   *
   * @param input any shape
   */
  public ReluNode(Tensor input) {
    super("relu", input.shape(), input);
    this.shapes = new PerBatch<>(n -> new FlatShape(n * input.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Relu.forward(shape, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Relu.backward(shape, slice.gradOutput(), slice.output(), slice.gradInput(0), slice.parallel());
  }

  @Override
  public boolean backwardReadsInputs() {
    return false;
  }

  @Override
  public boolean backwardWorksInPlace() {
    return true;
  }

  @Override
  public boolean isRectifier() {
    return true;
  }
}
