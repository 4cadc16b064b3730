package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.norm.LocalResponseNorm;
import io.lanewise.kernels.norm.LocalResponseNorm.Settings;
import io.lanewise.kernels.shape.ChannelShape;

/** Local response normalisation across channels, {@code x / (k + alpha/size * sum x^2)^beta}. */
public final class LocalResponseNormNode extends Node {
  private final Settings settings;
  private final PerBatch<ChannelShape> shapes;

  /**
   * A normalisation.
   *
   * @param input channels last
   * @param settings the constants of the formula
   */
  public LocalResponseNormNode(Tensor input, Settings settings) {
    super("lrn", input.shape(), input);
    this.settings = settings;
    int channels = input.shape().dim(input.shape().rank() - 1);
    int rows = input.size() / channels;
    this.shapes = new PerBatch<>(n -> new ChannelShape(n * rows, channels));
  }

  @Override
  public void forward(Slice slice) {
    LocalResponseNorm.forward(
        shapes.of(slice.n()),
        settings,
        slice.input(0),
        slice.output(),
        slice.workspace(),
        slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    LocalResponseNorm.backward(
        shapes.of(slice.n()),
        settings,
        slice.gradOutput(),
        slice.input(0),
        slice.gradInput(0),
        slice.workspace(),
        slice.parallel());
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }

  @Override
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
