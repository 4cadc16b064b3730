package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.elementwise.Concat;
import io.lanewise.kernels.shape.ConcatShape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Concatenation: the channels of several tensors side by side, in their order. */
public final class ConcatNode extends Node {
  private final PerBatch<ConcatShape> shapes;

  /**
   * A concatenation.
   *
   * @param inputs two or more, channels last, equal in all other dimensions
   */
  public ConcatNode(Tensor... inputs) {
    super("concat", outputShape(inputs), inputs);
    List<Integer> channels = Stream.of(inputs).map(ConcatNode::channels).toList();
    int rows = inputs[0].size() / channels.get(0);
    this.shapes = new PerBatch<>(n -> new ConcatShape(n * rows, channels));
  }

  private static int channels(Tensor tensor) {
    return tensor.shape().dim(tensor.shape().rank() - 1);
  }

  private static Shape outputShape(Tensor... inputs) {
    if (inputs.length < 2) {
      throw new IllegalArgumentException(
          "concat: has " + inputs.length + " inputs, needs at least 2");
    }
    int[] dims = inputs[0].shape().dims();
    int last = dims.length - 1;
    int all = 0;
    for (Tensor input : inputs) {
      int[] others = input.shape().dims();
      if (others.length != dims.length || !Arrays.equals(others, 0, last, dims, 0, last)) {
        throw new IllegalArgumentException(
            "concat: its inputs are "
                + Arrays.toString(inputs)
                + ", needs the same dimensions but for the channels");
      }
      all += others[last];
    }
    dims[last] = all;
    return Shape.of(dims);
  }

  @Override
  public void forward(Slice slice) {
    Concat.forward(shapes.of(slice.n()), slice::input, slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    Concat.backward(shapes.of(slice.n()), slice.gradOutput(), slice::gradInput, slice.parallel());
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
  public boolean skipsUnneededGradients() {
    return true;
  }

  @Override
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
