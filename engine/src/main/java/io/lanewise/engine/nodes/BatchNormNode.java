package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Buffer;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.norm.BatchNorm;
import io.lanewise.kernels.shape.ChannelShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Batch normalisation: each channel is shifted and scaled to mean 0 and variance 1, then by a
 * learned scale and bias. In training mean and variance are those of the batch, and running ones
 * follow them once a step; inference uses the running ones.
 */
public final class BatchNormNode extends Node {
  /** PyTorch's default. */
  public static final float EPS = 1e-5f;

  /** PyTorch's default: a step moves the running statistics a tenth of the way. */
  public static final float MOMENTUM = 0.1f;

  private static final int MEAN = 0;
  private static final int VARIANCE = 1;

  /** Where gradients go that nobody wants. */
  private static final int UNWANTED = 2;

  private final float eps;
  private final float momentum;
  private final boolean learnsScale;
  private final boolean learnsBias;
  private final Parameter scale;
  private final Parameter bias;
  private final Buffer mean;
  private final Buffer variance;
  private final PerBatch<ChannelShape> shapes;

  /** A normalisation with PyTorch's defaults. */
  public BatchNormNode(String name, Tensor input) {
    this(name, input, EPS, MOMENTUM);
  }

  /**
   * A normalisation.
   *
   * @param name stem of the names of parameters and buffers, for example {@code batchnorm1}
   * @param input any shape whose last dimension counts channels, for example {@code [h, w, c]}
   * @param eps added to variances before the root
   * @param momentum how far a step moves the running statistics, 0 to 1
   */
  public BatchNormNode(String name, Tensor input, float eps, float momentum) {
    this(name, input, eps, momentum, true, true);
  }

  /**
   * A normalisation whose scales or biases may be fixed.
   *
   * @param name as above
   * @param input as above
   * @param eps as above
   * @param momentum as above
   * @param learnsScale whether scales are parameters; else they stay 1
   * @param learnsBias whether biases are parameters; else they stay 0
   */
  public BatchNormNode(
      String name,
      Tensor input,
      float eps,
      float momentum,
      boolean learnsScale,
      boolean learnsBias) {
    super("batchnorm", input.shape(), input);
    int channels = input.shape().dim(input.shape().rank() - 1);
    if (!(eps >= 0 && momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          String.format(
              "%s: eps is %s and momentum %s, need at least 0 and 0 to 1", name, eps, momentum));
    }
    this.eps = eps;
    this.momentum = momentum;
    this.learnsScale = learnsScale;
    this.learnsBias = learnsBias;
    this.scale = new Parameter(name + ".scale", Shape.of(channels), false);
    this.bias = new Parameter(name + ".bias", Shape.of(channels), false);
    this.mean = new Buffer(name + ".mean", Shape.of(channels));
    this.variance = new Buffer(name + ".variance", Shape.of(channels));
    Arrays.fill(scale.value(), 1);
    Arrays.fill(variance.value(), 1);
    int rows = input.size() / channels;
    this.shapes = new PerBatch<>(n -> new ChannelShape(n * rows, channels));
  }

  @Override
  public void forward(Slice slice) {
    ChannelShape shape = shapes.of(slice.n());
    if (!slice.training()) {
      BatchNorm.forwardEval(
          shape,
          eps,
          slice.epilogue(),
          slice.input(0),
          slice.residual(),
          scale.value(),
          bias.value(),
          mean.value(),
          variance.value(),
          slice.output(),
          slice.workspace(),
          slice.parallel());
      return;
    }
    BatchNorm.forwardTrain(
        shape,
        eps,
        slice.epilogue(),
        slice.input(0),
        slice.residual(),
        scale.value(),
        bias.value(),
        slice.prepared(MEAN),
        slice.prepared(VARIANCE),
        slice.output(),
        slice.workspace(),
        slice.parallel());
    if (slice.learning()) {
      BatchNorm.updateRunning(
          shape,
          momentum,
          slice.prepared(MEAN),
          slice.prepared(VARIANCE),
          mean.value(),
          variance.value());
    }
  }

  @Override
  public void backward(Slice slice) {
    BatchNorm.backward(
        shapes.of(slice.n()),
        eps,
        slice.epilogue(),
        slice.gradOutput(),
        slice.input(0),
        slice.residual() == null ? null : slice.output(),
        scale.value(),
        bias.value(),
        slice.prepared(MEAN),
        slice.prepared(VARIANCE),
        slice.gradInput(0),
        slice.gradResidual(),
        learnsScale ? slice.grad(scale) : slice.prepared(UNWANTED),
        learnsBias ? slice.grad(bias) : slice.prepared(UNWANTED),
        slice.workspace(),
        slice.parallel());
  }

  /**
   * Folds what inference does into the layer before.
   *
   * @param weight that layer's
   * @param layerBias that layer's, or null
   */
  void foldInto(float[] weight, float[] layerBias, float[] foldedWeight, float[] foldedBias) {
    BatchNorm.fold(
        shapes.of(1),
        eps,
        scale.value(),
        bias.value(),
        mean.value(),
        variance.value(),
        weight,
        layerBias,
        foldedWeight,
        foldedBias);
  }

  /** The factor of each channel, {@code [c]}; ones at first. */
  public Parameter scale() {
    return scale;
  }

  /** The term of each channel, {@code [c]}; zeros at first. */
  public Parameter bias() {
    return bias;
  }

  /** The running mean of each channel, {@code [c]}; zeros at first. */
  public Buffer mean() {
    return mean;
  }

  /** The running, unbiased variance of each channel, {@code [c]}; ones at first. */
  public Buffer variance() {
    return variance;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> learned = new ArrayList<>();
    if (learnsScale) {
      learned.add(scale);
    }
    if (learnsBias) {
      learned.add(bias);
    }
    return learned;
  }

  @Override
  public List<Buffer> buffers() {
    return List.of(mean, variance);
  }

  @Override
  public boolean needsWholeBatch() {
    return true;
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
  public boolean fusesRectifier() {
    return true;
  }

  @Override
  public boolean fusesResidual() {
    return true;
  }

  /** The statistics of the batch between forward and backward: one slice is all of it. */
  @Override
  public int[] preparedSizes(int n) {
    int unwanted = learnsScale && learnsBias ? 0 : scale.size();
    return new int[] {scale.size(), scale.size(), unwanted};
  }

  @Override
  public String shapeText(int n) {
    return shapes.of(n).toString();
  }
}
