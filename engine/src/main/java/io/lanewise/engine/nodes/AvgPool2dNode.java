package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.pool.AvgPool2d;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.Window;

/** Average pooling: a window passes on its mean, and its gradient is spread evenly. */
public final class AvgPool2dNode extends Node {
  private final PerBatch<PoolShape> shapes;

  /**
   * A pooling of an image.
   *
   * @param input {@code [h, w, c]}
   * @param window size, stride and padding, for example {@code Window.of(2, 2, 0)}
   * @param paddingCounts whether padding cells count in the divisor
   * @throws IllegalArgumentException if the input is no image or the window does not fit
   */
  public AvgPool2dNode(Tensor input, Window window, boolean paddingCounts) {
    this(input, shape(input, window, paddingCounts));
  }

  private AvgPool2dNode(Tensor input, PoolShape pool) {
    super("avgpool", Shape.of(pool.oh(), pool.ow(), pool.c()), input);
    this.shapes = new PerBatch<>(pool::withBatch);
  }

  private static PoolShape shape(Tensor input, Window window, boolean paddingCounts) {
    Shape image = Shapes.image("avgpool", input);
    return new PoolShape(1, image.dim(0), image.dim(1), image.dim(2), window, paddingCounts);
  }

  @Override
  public void forward(Slice slice) {
    PoolShape shape = shapes.of(slice.n());
    AvgPool2d.forward(shape, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    PoolShape shape = shapes.of(slice.n());
    AvgPool2d.backward(shape, slice.gradOutput(), slice.gradInput(0), slice.parallel());
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
  public long flops(int n) {
    return shapes.of(n).flops();
  }

  @Override
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
