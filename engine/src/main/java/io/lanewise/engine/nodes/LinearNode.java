package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Direction;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Prepared;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.linear.Linear;
import io.lanewise.kernels.shape.GemmShape;
import java.util.List;

/** The fully connected layer: every output reads every input, whatever the input's shape. */
public final class LinearNode extends Node {
  private static final int PACKED = 0;
  private static final int TRANSPOSED = 1;

  private final Parameter weight;
  private final Parameter bias;
  private final PerBatch<GemmShape> shapes;

  /**
   * A fully connected layer.
   *
   * @param name stem of the parameters' names, for example {@code fc1}
   * @param input any shape, read as one row a sample
   * @param outputs number of outputs
   * @param hasBias whether each output has a bias
   */
  public LinearNode(String name, Tensor input, int outputs, boolean hasBias) {
    super("fc", Shape.of(outputs), input);
    int inputs = input.size();
    this.weight = new Parameter(name + ".weight", Shape.of(inputs, outputs), true);
    this.bias = hasBias ? new Parameter(name + ".bias", Shape.of(outputs), false) : null;
    this.shapes = new PerBatch<>(n -> new GemmShape(n, outputs, inputs));
  }

  @Override
  public void prepare(Prepared prepared) {
    GemmShape shape = shapes.of(1);
    Linear.packWeight(shape, weight.value(), prepared.array(PACKED), prepared.parallel());
    if (prepared.training()) {
      Linear.transposeWeight(
          shape, weight.value(), prepared.array(TRANSPOSED), prepared.parallel());
    }
  }

  @Override
  public void forward(Slice slice) {
    Linear.forwardPacked(
        shapes.of(slice.n()),
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
    GemmShape shape = shapes.of(slice.n());
    float[] gradOutput = slice.gradOutput();
    if (slice.gradInput(0) != null) {
      Linear.backwardInputTransposed(
          shape,
          gradOutput,
          slice.prepared(TRANSPOSED),
          slice.gradInput(0),
          slice.workspace(),
          slice.parallel());
      slice.lap(Direction.BACKWARD_INPUT);
    }
    Linear.backwardWeight(
        shape, gradOutput, slice.input(0), slice.grad(weight), slice.workspace(), slice.parallel());
    slice.lap(Direction.BACKWARD_WEIGHT);
    if (bias != null) {
      Linear.backwardBias(shape, gradOutput, slice.grad(bias), slice.workspace(), slice.parallel());
      slice.lap(Direction.BACKWARD_BIAS);
    }
  }

  /** The weight, {@code [inputs, outputs]}. */
  public Parameter weight() {
    return weight;
  }

  /** One number an output, or null if there is none. */
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

  @Override
  public int[] preparedSizes(int n) {
    GemmShape shape = shapes.of(1);
    return new int[] {Linear.packedWeightSize(shape), Linear.transposedWeightSize(shape)};
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
