package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.conv.PaddedShortcut;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;

/**
 * A residual block's shortcut without weights (option A of He et al., 2015): every stride-th pixel,
 * with zeros for the channels that the input does not have.
 */
public final class ShortcutNode extends Node {
  private final PerBatch<ConvShape> shapes;

  /**
   * A shortcut.
   *
   * @param input {@code [h, w, c]}
   * @param channels channels of the output, at least c
   * @param stride pixels from one that is taken to the next
   * @throws IllegalArgumentException if the input is no image or has more channels
   */
  public ShortcutNode(Tensor input, int channels, int stride) {
    this(input, shape(input, channels, stride));
  }

  private ShortcutNode(Tensor input, ConvShape shape) {
    super("shortcut", Shape.of(shape.oh(), shape.ow(), shape.oc()), input);
    this.shapes = new PerBatch<>(shape::withBatch);
  }

  private static ConvShape shape(Tensor input, int channels, int stride) {
    Shape image = Shapes.image("shortcut", input);
    if (channels < image.dim(2)) {
      throw new IllegalArgumentException(
          "shortcut: found " + channels + " channels, needs at least those of its input " + input);
    }
    Window window = Window.of(1, stride, 0);
    return new ConvShape(1, image.dim(0), image.dim(1), image.dim(2), channels, window, 1);
  }

  @Override
  public void forward(Slice slice) {
    PaddedShortcut.forward(shapes.of(slice.n()), slice.input(0), slice.output(), slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    PaddedShortcut.backward(
        shapes.of(slice.n()), slice.gradOutput(), slice.gradInput(0), slice.parallel());
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
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
