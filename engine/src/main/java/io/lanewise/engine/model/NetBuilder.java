package io.lanewise.engine.model;

import io.lanewise.engine.graph.Graph;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.init.Initializer;
import io.lanewise.engine.nodes.AddNode;
import io.lanewise.engine.nodes.BatchNormNode;
import io.lanewise.engine.nodes.ConcatNode;
import io.lanewise.engine.nodes.Conv2dNode;
import io.lanewise.engine.nodes.DropoutNode;
import io.lanewise.engine.nodes.GeluNode;
import io.lanewise.engine.nodes.GlobalAvgPoolNode;
import io.lanewise.engine.nodes.GroupNormNode;
import io.lanewise.engine.nodes.HingeLossNode;
import io.lanewise.engine.nodes.LinearNode;
import io.lanewise.engine.nodes.LocalResponseNormNode;
import io.lanewise.engine.nodes.MaxPool2dNode;
import io.lanewise.engine.nodes.ReluNode;
import io.lanewise.engine.nodes.ScaleNode;
import io.lanewise.engine.nodes.ShortcutNode;
import io.lanewise.engine.nodes.SoftmaxLossNode;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.norm.LocalResponseNorm.Settings;
import io.lanewise.kernels.shape.Window;
import java.util.function.Consumer;

/**
 * Builds a net layer by layer, in the words of the lectures:
 *
 * <pre>{@code
 * Network net =
 *     NetBuilder.image(Shape.of(32, 32, 3))
 *         .seed(1)
 *         .conv(16, 5)
 *         .relu()
 *         .pool(2)
 *         .conv(20, 5)
 *         .relu()
 *         .pool(2)
 *         .fc(10)
 *         .softmax("my-net");
 * }</pre>
 *
 * <p>Branches are {@link #residual} and {@link #concat}; nodes of your own go through {@link
 * #last()}, {@link #graph()} and {@link #add}.
 */
public final class NetBuilder {
  private static final long INIT_STREAM = 0x1417;

  private final Graph graph = new Graph();
  private final Tensor image;
  private Initializer weights = Initializer.he();
  private Initializer convBias = Initializer.zeros();
  private long seed;
  private int layers;
  private Tensor last;

  private NetBuilder(Shape shape) {
    this.image = graph.input("image", shape);
    this.last = image;
  }

  /** Starts a net with its input, {@code [h, w, c]}. */
  public static NetBuilder image(Shape shape) {
    return new NetBuilder(shape);
  }

  /** Sets the seed of the first weights; 0 if not said. */
  public NetBuilder seed(long initSeed) {
    this.seed = initSeed;
    return this;
  }

  /** Sets the initializer of the weights of the layers to come; He's if not said. */
  public NetBuilder weights(Initializer initializer) {
    this.weights = initializer;
    return this;
  }

  /** Sets the initializer of the biases of the convolutions to come; zeros if not said. */
  public NetBuilder convBias(Initializer initializer) {
    this.convBias = initializer;
    return this;
  }

  /** CONV: square filters, stride 1, padded so that the image keeps its size (odd sizes do). */
  public NetBuilder conv(int filters, int k) {
    return conv(filters, Window.of(k, 1, k / 2));
  }

  /** CONV with any window. */
  public NetBuilder conv(int filters, Window window) {
    Conv2dNode node = new Conv2dNode(graph.nextName("conv"), last, filters, window, 1, true);
    initialize(node.weight(), weights);
    initialize(node.bias(), convBias);
    return add(node);
  }

  /**
   * CONV without biases, for in front of {@link #batchNorm()}, which has its own; padded so that at
   * stride 1 the image keeps its size.
   */
  public NetBuilder convNoBias(int filters, int k, int stride) {
    Window window = Window.of(k, stride, k / 2);
    Conv2dNode node = new Conv2dNode(graph.nextName("conv"), last, filters, window, 1, false);
    initialize(node.weight(), weights);
    return add(node);
  }

  /** Batch normalisation, with scales of 1 and biases of 0 at first. */
  public NetBuilder batchNorm() {
    return add(new BatchNormNode(graph.nextName("batchnorm"), last));
  }

  /** Batch normalisation whose scales stay 1; biases are learned, and 0 at first. */
  public NetBuilder batchNormFixedScale(float eps, float momentum) {
    String name = graph.nextName("batchnorm");
    return add(new BatchNormNode(name, last, eps, momentum, false, true));
  }

  /** Group normalisation, with scales of 1 and biases of 0 at first. */
  public NetBuilder groupNorm(int groups) {
    return add(new GroupNormNode(graph.nextName("groupnorm"), last, groups));
  }

  /** Layer normalisation over the channels of each pixel. */
  public NetBuilder layerNorm() {
    return add(GroupNormNode.layerNorm(graph.nextName("layernorm"), last));
  }

  /** Local response normalisation; the constants are those of AlexNet, alpha as divided by size. */
  public NetBuilder localResponseNorm() {
    return add(new LocalResponseNormNode(last, new Settings(5, 5e-4f, 0.75f, 2)));
  }

  /**
   * Branches that all read the last layer, joined by their channels: an Inception block.
   *
   * @param branches what each makes of the last layer, two or more
   */
  @SafeVarargs
  public final NetBuilder concat(Consumer<NetBuilder>... branches) {
    Tensor start = last;
    Tensor[] ends = new Tensor[branches.length];
    for (int i = 0; i < branches.length; i++) {
      last = start;
      branches[i].accept(this);
      ends[i] = last;
    }
    return add(new ConcatNode(ends));
  }

  /** A residual block: what the branch makes of the last layer, plus the last layer itself. */
  public NetBuilder residual(Consumer<NetBuilder> branch) {
    return residual(branch, shortcut -> {});
  }

  /** A residual block: what the branch makes of the last layer, plus what the shortcut does. */
  public NetBuilder residual(Consumer<NetBuilder> branch, Consumer<NetBuilder> shortcut) {
    Tensor start = last;
    branch.accept(this);
    Tensor branchEnd = last;
    last = start;
    shortcut.accept(this);
    return add(new AddNode(branchEnd, last));
  }

  /** A shortcut without weights: every stride-th pixel, zeros for channels that are missing. */
  public NetBuilder paddedShortcut(int channels, int stride) {
    return add(new ShortcutNode(last, channels, stride));
  }

  /** The mean of each channel over the image. */
  public NetBuilder globalAvgPool() {
    return add(new GlobalAvgPoolNode(last));
  }

  /** GELU, the Gaussian error linear unit. */
  public NetBuilder gelu() {
    return add(new GeluNode(last));
  }

  /** RELU. */
  public NetBuilder relu() {
    return add(new ReluNode(last));
  }

  /** POOL: the maximum of windows of k x k that do not overlap. */
  public NetBuilder pool(int k) {
    return pool(Window.of(k, k, 0));
  }

  /** POOL: the maximum of any windows. */
  public NetBuilder pool(Window window) {
    return add(new MaxPool2dNode(last, window));
  }

  /** FC: a fully connected layer. */
  public NetBuilder fc(int outputs) {
    LinearNode node = new LinearNode(graph.nextName("fc"), last, outputs, true);
    initialize(node.weight(), weights);
    return add(node);
  }

  /** FC without biases. */
  public NetBuilder fcNoBias(int outputs) {
    LinearNode node = new LinearNode(graph.nextName("fc"), last, outputs, false);
    initialize(node.weight(), weights);
    return add(node);
  }

  /** Every value times a constant. */
  public NetBuilder scale(float factor) {
    return add(new ScaleNode(last, factor));
  }

  /** Dropout with the given probability to drop a value. */
  public NetBuilder dropout(float rate) {
    return add(new DropoutNode(last, rate));
  }

  /** Any node that reads {@link #last()}. */
  public NetBuilder add(Node node) {
    last = graph.add(node);
    return this;
  }

  /** The output of the layer added last. */
  public Tensor last() {
    return last;
  }

  /** The graph under construction. */
  public Graph graph() {
    return graph;
  }

  /** SOFTMAX: ends the net with softmax and cross-entropy on the last layer's scores. */
  public Network softmax(String name) {
    return end(name, new SoftmaxLossNode(last));
  }

  /**
   * SOFTMAX with label smoothing.
   *
   * @param name what the net is called
   * @param smoothing share of the target that is spread evenly over all classes, 0 to 1
   */
  public Network softmax(String name, float smoothing) {
    return end(name, new SoftmaxLossNode(last, smoothing));
  }

  /** SVM: ends the net with the multi-class hinge loss on the last layer's scores. */
  public Network svm(String name) {
    return end(name, new HingeLossNode(last, 1));
  }

  private Network end(String name, Node lossNode) {
    Tensor scores = last;
    Tensor loss = graph.add(lossNode);
    graph.minimize(loss);
    return new Network(name, graph, image, scores, loss);
  }

  private void initialize(Parameter parameter, Initializer initializer) {
    initializer.fill(parameter, Seeds.stream(seed, INIT_STREAM, layers++));
  }
}
