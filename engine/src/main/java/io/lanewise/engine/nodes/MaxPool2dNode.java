package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.pool.MaxPool2d;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.Window;

/**
 * Max pooling: a window passes on its largest value, and its gradient goes back to where that was.
 */
public final class MaxPool2dNode extends Node {
  private final PerBatch<PoolShape> shapes;

  /**
   * A pooling of an image.
   *
   * @param input {@code [h, w, c]}
   * @param window size, stride and padding, for example {@code Window.of(2, 2, 0)}
   * @throws IllegalArgumentException if the input is no image or the window does not fit
   */
  public MaxPool2dNode(Tensor input, Window window) {
    this(input, shape(input, window));
  }

  private MaxPool2dNode(Tensor input, PoolShape pool) {
    super("pool", Shape.of(pool.oh(), pool.ow(), pool.c()), input);
    this.shapes = new PerBatch<>(pool::withBatch);
  }

  private static PoolShape shape(Tensor input, Window window) {
    Shape image = Shapes.image("pool", input);
    return PoolShape.of(1, image.dim(0), image.dim(1), image.dim(2), window);
  }

  @Override
  public void forward(Slice slice) {
    PoolShape shape = shapes.of(slice.n());
    MaxPool2d.forward(shape, slice.input(0), slice.output(), slice.savedInts(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    PoolShape shape = shapes.of(slice.n());
    MaxPool2d.backward(
        shape, slice.gradOutput(), slice.savedInts(), slice.gradInput(0), slice.parallel());
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
  public int savedInts(int n) {
    return shapes.of(n).outputSize();
  }

  @Override
  public long flops(int n) {
    return shapes.of(n).flops();
  }

  @Override
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
