package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.activation.Sigmoid;
import io.lanewise.kernels.shape.FlatShape;

/** The sigmoid {@code s = 1 / (1 + exp(-x))}, whose gradient is {@code s * (1 - s)}. */
public final class SigmoidNode extends Node {
  private final PerBatch<FlatShape> shapes;

  /**
   * A node for each value of the input.
   *
   * @param input any shape
   */
  public SigmoidNode(Tensor input) {
    super("sigmoid", input.shape(), input);
    this.shapes = new PerBatch<>(n -> new FlatShape(n * input.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Sigmoid.forward(shape, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Sigmoid.backward(
        shape, slice.gradOutput(), slice.output(), slice.gradInput(0), slice.parallel());
  }

  @Override
  public boolean backwardReadsInputs() {
    return false;
  }
}
