package io.lanewise.engine.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.graph.GradientCheck;
import io.lanewise.engine.graph.Graph;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.init.Initializer;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.norm.LocalResponseNorm.Settings;
import io.lanewise.kernels.shape.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient of every node, inside a small net: a node before it, so that its input has no other
 * use, and several behind it, which take the slots of whatever it says its backward does not read.
 */
class NodesTest {
  /** More than a slice, and not a multiple of one. */
  private static final int SAMPLES = 11;

  private static final Shape VECTOR = Shape.of(6);
  private static final Shape IMAGE = Shape.of(5, 6, 4);

  /** Makes the node of a case from two tensors of the case's shape. */
  private interface Recipe {
    Node make(Tensor a, Tensor b);
  }

  /** A node to check; values lie in [from, to] and, if that spans 0, not within a fifth of it. */
  private record Case(String name, Shape shape, double from, double to, Recipe recipe) {
    Class<? extends Node> type() {
      Graph graph = new Graph();
      return recipe.make(graph.input("a", shape), graph.input("b", shape)).getClass();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Case any(String name, Shape shape, Recipe recipe) {
    return new Case(name, shape, -1.5, 1.5, recipe);
  }

  private static List<Case> cases() {
    return List.of(
        any("add", VECTOR, AddNode::new),
        any("add of a tensor to itself", VECTOR, (a, b) -> new AddNode(a, a)),
        any("mul", VECTOR, MulNode::new),
        any("mul of a tensor by itself", VECTOR, (a, b) -> new MulNode(a, a)),
        any("max", VECTOR, MaxNode::new),
        any("scale", VECTOR, (a, b) -> new ScaleNode(a, -1.75f)),
        any("shift", VECTOR, (a, b) -> new ShiftNode(a, 0.5f)),
        any("exp", VECTOR, (a, b) -> new ExpNode(a)),
        any("square", VECTOR, (a, b) -> new SquareNode(a)),
        new Case("reciprocal", VECTOR, 0.5, 3, (a, b) -> new ReciprocalNode(a)),
        any("relu", IMAGE, (a, b) -> new ReluNode(a)),
        any("leaky relu", IMAGE, (a, b) -> new LeakyReluNode(a, 0.1f)),
        any("sigmoid", VECTOR, (a, b) -> new SigmoidNode(a)),
        any("tanh", VECTOR, (a, b) -> new TanhNode(a)),
        any("gelu", VECTOR, (a, b) -> new GeluNode(a)),
        any("silu", VECTOR, (a, b) -> new SiluNode(a)),
        any("maxout", IMAGE, (a, b) -> new MaxoutNode(a, 2)),
        any("dropout", VECTOR, (a, b) -> new DropoutNode(a, 0.4f)),
        any("parameter", VECTOR, (a, b) -> new ParameterNode(parameter("learned", VECTOR))),
        any("fc", IMAGE, (a, b) -> filled(new LinearNode("under", a, 3, true))),
        any("fc without bias", VECTOR, (a, b) -> filled(new LinearNode("under", a, 3, false))),
        any("conv", IMAGE, (a, b) -> conv(a, 3, Window.of(3, 1, 1), 1, true)),
        any("conv without bias", IMAGE, (a, b) -> conv(a, 3, Window.of(3, 1, 0), 1, false)),
        any("conv at stride 2", IMAGE, (a, b) -> conv(a, 5, Window.of(3, 2, 1), 1, true)),
        any("pointwise conv", IMAGE, (a, b) -> conv(a, 5, Window.of(1, 1, 0), 1, true)),
        any(
            "dilated conv",
            IMAGE,
            (a, b) -> conv(a, 2, Window.of(3, 1, 2).withDilation(2), 1, true)),
        any("grouped conv", IMAGE, (a, b) -> conv(a, 6, Window.of(3, 1, 1), 2, true)),
        any("depthwise conv", IMAGE, (a, b) -> conv(a, 4, Window.of(3, 1, 1), 4, true)),
        any("max pool", IMAGE, (a, b) -> new MaxPool2dNode(a, Window.of(2, 2, 0))),
        any("overlapping max pool", IMAGE, (a, b) -> new MaxPool2dNode(a, Window.of(3, 2, 1))),
        any("avg pool", IMAGE, (a, b) -> new AvgPool2dNode(a, Window.of(3, 2, 1), true)),
        any(
            "avg pool without padding",
            IMAGE,
            (a, b) -> new AvgPool2dNode(a, Window.of(3, 2, 1), false)),
        any("batch norm", IMAGE, (a, b) -> filled(new BatchNormNode("under", a))),
        any("batch norm of vectors", VECTOR, (a, b) -> filled(new BatchNormNode("under", a))),
        any("group norm", IMAGE, (a, b) -> filled(new GroupNormNode("under", a, 2))),
        any("layer norm", IMAGE, (a, b) -> filled(GroupNormNode.layerNorm("under", a))),
        any(
            "local response norm",
            IMAGE,
            (a, b) -> new LocalResponseNormNode(a, new Settings(3, 1, 0.75f, 1))),
        any("concat", IMAGE, (a, b) -> new ConcatNode(a, b)),
        any("concat of a tensor with itself", VECTOR, (a, b) -> new ConcatNode(a, b, a)),
        any(
            "batch norm of fixed scale",
            IMAGE,
            (a, b) -> filled(new BatchNormNode("under", a, 1e-12f, 0.4f, false, true))),
        any("shortcut", IMAGE, (a, b) -> new ShortcutNode(a, 7, 2)),
        any("global avg pool", IMAGE, (a, b) -> new GlobalAvgPoolNode(a)),
        any("softmax loss", VECTOR, (a, b) -> new SoftmaxLossNode(a)),
        any("softmax loss, smoothed", VECTOR, (a, b) -> new SoftmaxLossNode(a, 0.1f)),
        any("hinge loss", VECTOR, (a, b) -> new HingeLossNode(a, 1)),
        any("squared error", VECTOR, SquaredErrorNode::new));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientIsThatOfForward(Case tested) {
    Graph graph = new Graph();
    Tensor a = graph.input("a", tested.shape());
    Tensor b = graph.input("b", tested.shape());
    Tensor under =
        graph.add(
            tested
                .recipe()
                .make(graph.add(new ScaleNode(a, 0.75f)), graph.add(new ScaleNode(b, 1.25f))));
    Tensor behind = under;
    for (int i = 0; i < 4; i++) {
      behind = graph.add(new ScaleNode(behind, 1.5f));
    }
    LinearNode sum = new LinearNode("sum", behind, 1, false);
    graph.minimize(graph.add(filled(sum)));

    GradientCheck.Result result =
        GradientCheck.of(graph)
            .feed(a, values(tested, SAMPLES, 1))
            .feed(b, values(tested, SAMPLES, 2))
            .labels(0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0)
            .inputs(a, b)
            .run();

    assertTrue(result.passed(1e-3), result.toString());
    int kinks = result.notSmooth().size();
    assertTrue(kinks <= result.rows().size() / 4, kinks + " kinks\n" + result);
  }

  @Test
  void everyNodeHasACase() throws Exception {
    Set<String> tested =
        cases().stream()
            .map(one -> one.type().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(nodes(), tested);
  }

  private static Set<String> nodes() throws Exception {
    Class<?> beside = AddNode.class;
    Path classes = Path.of(beside.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path folder = classes.resolve(beside.getPackageName().replace('.', '/'));
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.map(file -> file.getFileName().toString()).forEach(names::add);
    }
    Set<String> found = new TreeSet<>();
    for (String name : names) {
      String simple = name.replace(".class", "");
      Class<?> type = Class.forName(beside.getPackageName() + "." + simple);
      if (Node.class.isAssignableFrom(type)) {
        found.add(type.getSimpleName());
      }
    }
    return found;
  }

  private static float[] values(Case tested, int samples, long stream) {
    Seeds random = Seeds.stream(7, stream);
    float[] values = new float[samples * tested.shape().size()];
    for (int i = 0; i < values.length; i++) {
      do {
        values[i] = (float) (tested.from() + (tested.to() - tested.from()) * random.nextDouble());
      } while (Math.abs(values[i]) < 0.2);
    }
    return values;
  }

  private static Parameter parameter(String name, Shape shape) {
    Parameter parameter = new Parameter(name, shape, true);
    Initializer.constant(0.6f).fill(parameter, Seeds.stream(1));
    return parameter;
  }

  private static Node conv(Tensor input, int filters, Window window, int groups, boolean hasBias) {
    return filled(new Conv2dNode("under", input, filters, window, groups, hasBias));
  }

  private static Node filled(Node node) {
    for (Parameter parameter : node.parameters()) {
      Initializer.he().fill(parameter, Seeds.stream(3, parameter.name().hashCode()));
    }
    return node;
  }
}
