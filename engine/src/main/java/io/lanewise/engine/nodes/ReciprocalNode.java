package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.elementwise.Reciprocal;
import io.lanewise.kernels.shape.FlatShape;

/** {@code 1 / x}, whose gradient is {@code -1 / (x * x)}. */
public final class ReciprocalNode extends Node {
  private final PerBatch<FlatShape> shapes;

  /**
   * A node for each value of the input.
   *
   * @param input any shape
   */
  public ReciprocalNode(Tensor input) {
    super("reciprocal", input.shape(), input);
    this.shapes = new PerBatch<>(n -> new FlatShape(n * input.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Reciprocal.forward(shape, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Reciprocal.backward(
        shape, slice.gradOutput(), slice.output(), slice.gradInput(0), slice.parallel());
  }

  @Override
  public boolean backwardReadsInputs() {
    return false;
  }
}
