package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.pool.GlobalAvgPool;
import io.lanewise.kernels.shape.PoolShape;

/** The mean of each channel over the whole image. */
public final class GlobalAvgPoolNode extends Node {
  private final PerBatch<PoolShape> shapes;

  /**
   * A pooling of an image.
   *
   * @param input {@code [h, w, c]}
   * @throws IllegalArgumentException if the input is no image or the window does not fit
   */
  public GlobalAvgPoolNode(Tensor input) {
    this(input, shape(input));
  }

  private GlobalAvgPoolNode(Tensor input, PoolShape pool) {
    super("globalpool", Shape.of(pool.c()), input);
    this.shapes = new PerBatch<>(pool::withBatch);
  }

  private static PoolShape shape(Tensor input) {
    Shape image = Shapes.image("globalpool", input);
    return PoolShape.global(1, image.dim(0), image.dim(1), image.dim(2));
  }

  @Override
  public void forward(Slice slice) {
    PoolShape shape = shapes.of(slice.n());
    GlobalAvgPool.forward(shape, slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    PoolShape shape = shapes.of(slice.n());
    GlobalAvgPool.backward(shape, slice.gradOutput(), slice.gradInput(0), slice.parallel());
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
