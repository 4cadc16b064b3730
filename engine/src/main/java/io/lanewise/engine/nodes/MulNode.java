package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.elementwise.Mul;
import io.lanewise.kernels.shape.FlatShape;

/** The mul gate {@code a * b} switches: each input receives the gradient times the other input. */
public final class MulNode extends Node {
  private final PerBatch<FlatShape> shapes;

  /**
   * A gate with two inputs of the same shape.
   *
   * @param a first input
   * @param b second input
   * @throws IllegalArgumentException if the shapes differ
   */
  public MulNode(Tensor a, Tensor b) {
    super("mul", Shapes.same("mul", a, b), a, b);
    this.shapes = new PerBatch<>(n -> new FlatShape(n * a.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Mul.forward(shape, slice.input(0), slice.input(1), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Mul.backward(
        shape,
        slice.gradOutput(),
        slice.input(0),
        slice.input(1),
        slice.gradInput(0),
        slice.gradInput(1),
        slice.parallel());
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }
}
