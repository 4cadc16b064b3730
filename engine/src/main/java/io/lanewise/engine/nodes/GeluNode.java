package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.activation.Gelu;
import io.lanewise.kernels.shape.FlatShape;

/** The Gaussian error linear unit {@code x * Phi(x)}. */
public final class GeluNode extends Node {
  private final PerBatch<FlatShape> shapes;

  /**
   * A node for each value of the input.
   *
   * @param input any shape
   */
  public GeluNode(Tensor input) {
    super("gelu", input.shape(), input);
    this.shapes = new PerBatch<>(n -> new FlatShape(n * input.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Gelu.forward(shape, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Gelu.backward(shape, slice.gradOutput(), slice.input(0), slice.gradInput(0), slice.parallel());
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }
}
