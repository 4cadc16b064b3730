package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.activation.LeakyRelu;
import io.lanewise.kernels.shape.FlatShape;

/** {@code x} where x is positive, {@code slope * x} elsewhere, so that no unit dies. */
public final class LeakyReluNode extends Node {
  private final float slope;
  private final PerBatch<FlatShape> shapes;

  /**
   * A node for each value of the input.
   *
   * @param input any shape
   * @param slope the gradient for negative x, for example 0.01
   */
  public LeakyReluNode(Tensor input, float slope) {
    super("leakyrelu", input.shape(), input);
    this.slope = slope;
    this.shapes = new PerBatch<>(n -> new FlatShape(n * input.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    LeakyRelu.forward(shape, slope, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    LeakyRelu.backward(
        shape, slope, slice.gradOutput(), slice.input(0), slice.gradInput(0), slice.parallel());
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }
}
