package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.norm.GroupNorm;
import io.lanewise.kernels.shape.GroupShape;
import java.util.Arrays;
import java.util.List;

/**
 * Group normalisation: each group of channels of each sample is shifted and scaled to mean 0 and
 * variance 1, then each channel by a learned scale and bias. Samples do not mix, so training and
 * inference are the same and a slice of the batch is enough.
 */
public final class GroupNormNode extends Node {
  private final float eps;
  private final Parameter scale;
  private final Parameter bias;
  private final PerBatch<GroupShape> shapes;

  /**
   * A normalisation over groups of channels of an image.
   *
   * @param name stem of the names of the parameters, for example {@code groupnorm1}
   * @param input any shape whose last dimension counts channels, for example {@code [h, w, c]}
   * @param groups a divisor of the channels; all of them is instance normalisation
   * @throws IllegalArgumentException if groups does not divide the channels
   */
  public GroupNormNode(String name, Tensor input, int groups) {
    this(name, "groupnorm", input, rows(input), groups, BatchNormNode.EPS);
  }

  private GroupNormNode(String name, String kind, Tensor input, int rows, int groups, float eps) {
    super(kind, input.shape(), input);
    int channels = channels(input);
    int samples = input.size() / channels / rows;
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          name + ": " + groups + " groups of " + input + ", needs a divisor of " + channels);
    }
    this.eps = eps;
    this.scale = new Parameter(name + ".scale", Shape.of(channels), false);
    this.bias = new Parameter(name + ".bias", Shape.of(channels), false);
    Arrays.fill(scale.value(), 1);
    this.shapes = new PerBatch<>(n -> new GroupShape(n * samples, rows, channels, groups));
  }

  /**
   * Layer normalisation as transformers and ConvNeXt have it: over the channels of each pixel.
   *
   * @param name stem of the names of the parameters, for example {@code layernorm1}
   * @param input any shape whose last dimension counts channels
   */
  public static GroupNormNode layerNorm(String name, Tensor input) {
    return new GroupNormNode(name, "layernorm", input, 1, 1, BatchNormNode.EPS);
  }

  private static int channels(Tensor input) {
    return input.shape().dim(input.shape().rank() - 1);
  }

  private static int rows(Tensor input) {
    return input.size() / channels(input);
  }

  @Override
  public void forward(Slice slice) {
    GroupNorm.forward(
        shapes.of(slice.n()),
        eps,
        slice.input(0),
        scale.value(),
        bias.value(),
        slice.saved(),
        slice.output(),
        slice.workspace(),
        slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    GroupNorm.backward(
        shapes.of(slice.n()),
        slice.gradOutput(),
        slice.input(0),
        scale.value(),
        slice.saved(),
        slice.gradInput(0),
        slice.grad(scale),
        slice.grad(bias),
        slice.workspace(),
        slice.parallel());
  }

  /** The learned factor of each channel, {@code [c]}; ones at first. */
  public Parameter scale() {
    return scale;
  }

  /** The learned term of each channel, {@code [c]}; zeros at first. */
  public Parameter bias() {
    return bias;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(scale, bias);
  }

  @Override
  public int savedFloats(int n) {
    return GroupNorm.statisticsSize(shapes.of(n));
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }

  @Override
  public boolean backwardWorksInPlace() {
    return true;
  }

  @Override
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
