package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.elementwise.Dropout;
import io.lanewise.kernels.shape.RowShape;

/**
 * Inverted dropout: in training each value is zero with probability {@code rate} and divided by
 * {@code 1 - rate} otherwise; in inference nothing happens.
 */
public final class DropoutNode extends Node {
  private final float rate;
  private final PerBatch<RowShape> shapes;

  /**
   * A dropout.
   *
   * @param input any shape
   * @param rate probability to drop a value, in [0, 1)
   */
  public DropoutNode(Tensor input, float rate) {
    super("dropout", input.shape(), input);
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout: rate is " + rate + ", needs 0 <= rate < 1");
    }
    this.rate = rate;
    this.shapes = new PerBatch<>(n -> new RowShape(n, input.size()));
  }

  @Override
  public void forward(Slice slice) {
    float active = slice.training() ? rate : 0;
    RowShape shape = shapes.of(slice.n());
    Dropout.forward(
        shape,
        active,
        slice.seed(),
        slice.first(),
        slice.input(0),
        slice.output(),
        slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    Dropout.backward(
        shapes.of(slice.n()),
        rate,
        slice.seed(),
        slice.first(),
        slice.gradOutput(),
        slice.gradInput(0),
        slice.parallel());
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
