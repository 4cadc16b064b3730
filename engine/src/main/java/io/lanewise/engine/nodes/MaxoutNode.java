package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.elementwise.Maxout;
import io.lanewise.kernels.shape.ChannelShape;

/** Maxout: the largest of each group of consecutive channels. */
public final class MaxoutNode extends Node {
  private final int pieces;
  private final PerBatch<ChannelShape> shapes;

  /**
   * A maxout.
   *
   * @param input channels last
   * @param pieces how many channels compete; it divides the channels
   */
  public MaxoutNode(Tensor input, int pieces) {
    super("maxout", outputShape(input, pieces), input);
    this.pieces = pieces;
    int channels = output().shape().dim(output().shape().rank() - 1);
    int rows = output().size() / channels;
    this.shapes = new PerBatch<>(n -> new ChannelShape(n * rows, channels));
  }

  private static Shape outputShape(Tensor input, int pieces) {
    int[] dims = input.shape().dims();
    int last = dims.length - 1;
    if (pieces < 1 || dims[last] % pieces != 0) {
      throw new IllegalArgumentException(
          "maxout: " + pieces + " pieces of " + input + ", needs a divisor of " + dims[last]);
    }
    dims[last] /= pieces;
    return Shape.of(dims);
  }

  @Override
  public void forward(Slice slice) {
    ChannelShape shape = shapes.of(slice.n());
    Maxout.forward(
        shape, pieces, slice.input(0), slice.output(), slice.savedInts(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    ChannelShape shape = shapes.of(slice.n());
    Maxout.backward(
        shape, pieces, slice.gradOutput(), slice.savedInts(), slice.gradInput(0), slice.parallel());
  }

  @Override
  public int savedInts(int n) {
    return shapes.of(n).size();
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
