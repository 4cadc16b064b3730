package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.activation.Relu;
import io.lanewise.kernels.elementwise.Add;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.shape.FlatShape;

/** The add gate {@code a + b} distributes: both inputs receive the gradient as it comes. */
public final class AddNode extends Node {
  private final PerBatch<FlatShape> shapes;

  /**
   * A gate with two inputs of the same shape.
   *
   * @param a first input
   * @param b second input
   * @throws IllegalArgumentException if the shapes differ
   */
  public AddNode(Tensor a, Tensor b) {
    super("add", Shapes.same("add", a, b), a, b);
    this.shapes = new PerBatch<>(n -> new FlatShape(n * a.size()));
  }

  @Override
  public void forward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Add.forward(shape, slice.input(0), slice.input(1), slice.output(), slice.parallel());
    if (slice.epilogue() == Epilogue.RELU) {
      Relu.forward(shape, slice.output(), slice.output(), slice.parallel());
    }
  }

  @Override
  public void backward(Slice slice) {
    FlatShape shape = shapes.of(slice.n());
    Add.backward(
        shape, slice.gradOutput(), slice.gradInput(0), slice.gradInput(1), slice.parallel());
  }

  @Override
  public boolean backwardReadsInputs() {
    return false;
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }

  @Override
  public boolean isSum() {
    return true;
  }

  @Override
  public boolean fusesRectifier() {
    return true;
  }
}
