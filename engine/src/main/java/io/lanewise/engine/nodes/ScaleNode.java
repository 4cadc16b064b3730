package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.elementwise.Scale;
import io.lanewise.kernels.shape.FlatShape;

/** {@code factor * x}: the gradient is scaled alike. */
public final class ScaleNode extends Node {
  private final float factor;
  private final PerBatch<FlatShape> shapes;

  /**
   * A node for each value of the input.
   *
   * @param input any shape
   * @param factor what to multiply by
   */
  public ScaleNode(Tensor input, float factor) {
    super("scale", input.shape(), input);
    this.factor = factor;
    this.shapes = new PerBatch<>(n -> new FlatShape(n * input.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Scale.forward(shape, factor, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Scale.backward(shape, factor, slice.gradOutput(), slice.gradInput(0), slice.parallel());
  }

  @Override
  public boolean backwardReadsInputs() {
    return false;
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }
}
