package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.activation.Silu;
import io.lanewise.kernels.shape.FlatShape;

/** The sigmoid linear unit {@code x / (1 + exp(-x))}. */
public final class SiluNode extends Node {
  private final PerBatch<FlatShape> shapes;

  /**
   * A node for each value of the input.
   *
   * @param input any shape
   */
  public SiluNode(Tensor input) {
    super("silu", input.shape(), input);
    this.shapes = new PerBatch<>(n -> new FlatShape(n * input.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Silu.forward(shape, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Silu.backward(shape, slice.gradOutput(), slice.input(0), slice.gradInput(0), slice.parallel());
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }
}
