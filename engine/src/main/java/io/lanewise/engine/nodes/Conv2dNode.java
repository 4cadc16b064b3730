package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Direction;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Prepared;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.conv.Conv2d;
import io.lanewise.kernels.conv.ConvPlan;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;
import java.util.List;

/** Convolution with learned filters: every filter slides over the image and yields one channel. */
public final class Conv2dNode extends Node {
  private static final int PACKED = 0;
  private static final int ROTATED = 1;

  private final Parameter weight;
  private final Parameter bias;
  private final Runnable folding;
  private final PerBatch<ConvShape> shapes;
  private final PerBatch<ConvPlan> plans;

  /**
   * A convolution.
   *
   * @param name stem of the parameters' names, for example {@code conv1}
   * @param input {@code [h, w, c]}
   * @param filters output channels
   * @param window kernel size, stride, padding and dilation
   * @param groups channel groups; 1 for a dense convolution, c for a depthwise one
   * @param hasBias whether each filter has a bias
   * @throws IllegalArgumentException if the input is no image or the window does not fit
   */
  public Conv2dNode(
      String name, Tensor input, int filters, Window window, int groups, boolean hasBias) {
    this(name, input, shape(input, filters, window, groups), hasBias);
  }

  private Conv2dNode(String name, Tensor input, ConvShape conv, boolean hasBias) {
    super("conv", Shape.of(conv.oh(), conv.ow(), conv.oc()), input);
    Window window = conv.window();
    Shape filters = Shape.of(window.kh(), window.kw(), conv.c() / conv.groups(), conv.oc());
    this.weight = new Parameter(name + ".weight", filters, true);
    this.bias = hasBias ? new Parameter(name + ".bias", Shape.of(conv.oc()), false) : null;
    this.folding = null;
    this.shapes = new PerBatch<>(conv::withBatch);
    this.plans = new PerBatch<>(n -> ConvPlan.of(conv.withBatch(n)));
  }

  /** The convolution with a normalisation behind it: its weight times factors, its bias moved. */
  private Conv2dNode(Conv2dNode conv, BatchNormNode norm) {
    super("conv", conv.output().shape(), conv.inputs().get(0));
    output().name(conv.name());
    this.weight = new Parameter(conv.weight.name(), conv.weight.shape(), true);
    this.bias = new Parameter(conv.name() + ".bias", norm.bias().shape(), false);
    this.shapes = conv.shapes;
    this.plans = conv.plans;
    float[] layerBias = conv.bias == null ? null : conv.bias.value();
    this.folding =
        () -> norm.foldInto(conv.weight.value(), layerBias, weight.value(), bias.value());
  }

  private static ConvShape shape(Tensor input, int filters, Window window, int groups) {
    Shape image = Shapes.image("conv", input);
    return new ConvShape(1, image.dim(0), image.dim(1), image.dim(2), filters, window, groups);
  }

  @Override
  public void prepare(Prepared prepared) {
    ConvShape shape = shapes.of(1);
    if (folding != null) {
      folding.run();
    }
    ConvPlan plan = plans.of(prepared.plannedSize());
    Conv2d.packWeight(
        shape,
        plan,
        weight.value(),
        prepared.array(PACKED),
        prepared.workspace(),
        prepared.parallel());
    if (prepared.training()) {
      Conv2d.rotateWeight(
          shape,
          plan,
          weight.value(),
          prepared.array(ROTATED),
          prepared.workspace(),
          prepared.parallel());
    }
  }

  @Override
  public void forward(Slice slice) {
    Conv2d.forwardPacked(
        shapes.of(slice.n()),
        plans.of(slice.plannedSize()),
        slice.epilogue(),
        slice.input(0),
        slice.prepared(PACKED),
        bias == null ? null : bias.value(),
        slice.output(),
        slice.workspace(),
        slice.parallel());
  }

  @Override
  public void backward(Slice slice) {
    ConvShape shape = shapes.of(slice.n());
    ConvPlan plan = plans.of(slice.plannedSize());
    float[] gradOutput = slice.gradOutput();
    if (slice.gradInput(0) != null) {
      Conv2d.backwardInputRotated(
          shape,
          plan,
          gradOutput,
          slice.prepared(ROTATED),
          slice.gradInput(0),
          slice.workspace(),
          slice.parallel());
      slice.lap(Direction.BACKWARD_INPUT);
    }
    Conv2d.backwardWeight(
        shape,
        plan,
        gradOutput,
        slice.input(0),
        slice.grad(weight),
        slice.workspace(),
        slice.parallel());
    slice.lap(Direction.BACKWARD_WEIGHT);
    if (bias != null) {
      Conv2d.backwardBias(shape, gradOutput, slice.grad(bias), slice.workspace(), slice.parallel());
      slice.lap(Direction.BACKWARD_BIAS);
    }
  }

  /** The filters, {@code [kh, kw, c/groups, oc]}. */
  public Parameter weight() {
    return weight;
  }

  /** One number a filter, {@code [oc]}, or null if there is none. */
  public Parameter bias() {
    return bias;
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  @Override
  public boolean skipsUnneededGradients() {
    return true;
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }

  @Override
  public boolean fusesRectifier() {
    return true;
  }

  /** With a batch normalisation of frozen statistics this is another convolution. */
  @Override
  public Node folded(Node next) {
    return next instanceof BatchNormNode norm ? new Conv2dNode(this, norm) : null;
  }

  @Override
  public int[] preparedSizes(int n) {
    ConvShape shape = shapes.of(1);
    ConvPlan plan = plans.of(n);
    return new int[] {Conv2d.packedWeightSize(shape, plan), Conv2d.rotatedWeightSize(shape, plan)};
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
