package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.elementwise.Shift;
import io.lanewise.kernels.shape.FlatShape;

/** {@code x + offset}: the gradient passes unchanged. */
public final class ShiftNode extends Node {
  private final float offset;
  private final PerBatch<FlatShape> shapes;

  /**
   * A node for each value of the input.
   *
   * @param input any shape
   * @param offset what to add
   */
  public ShiftNode(Tensor input, float offset) {
    super("shift", input.shape(), input);
    this.offset = offset;
    this.shapes = new PerBatch<>(n -> new FlatShape(n * input.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Shift.forward(shape, offset, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Shift.backward(shape, offset, slice.gradOutput(), slice.gradInput(0), slice.parallel());
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
