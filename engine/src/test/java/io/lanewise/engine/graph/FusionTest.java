package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.AddNode;
import io.lanewise.engine.nodes.BatchNormNode;
import io.lanewise.engine.nodes.Conv2dNode;
import io.lanewise.engine.nodes.GlobalAvgPoolNode;
import io.lanewise.engine.nodes.LinearNode;
import io.lanewise.engine.nodes.MulNode;
import io.lanewise.engine.nodes.ReluNode;
import io.lanewise.engine.nodes.ScaleNode;
import io.lanewise.engine.nodes.SoftmaxLossNode;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Buffer;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joined nodes and gradients handed on without copies give the bits of the nodes by themselves. */
class FusionTest {
  private static final Shape IMAGE = Shape.of(6, 5, 3);
  private static final int CLASSES = 4;
  private static final int BATCH = 6;

  /** Residual blocks, sums, products and rectifiers, put together at random. */
  private static Network random(long seed, boolean norms) {
    Seeds random = Seeds.stream(seed, 41);
    Graph graph = new Graph();
    Tensor image = graph.input("image", IMAGE);
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(conv(graph, image, random));
    int count = 4 + random.nextInt(14);
    for (int i = 0; i < count; i++) {
      Tensor a = any(tensors, random);
      Tensor b = any(tensors, random);
      tensors.add(
          switch (random.nextInt(norms ? 8 : 5)) {
            case 0 -> conv(graph, a, random);
            case 1 -> graph.add(new ReluNode(a));
            case 2 -> graph.add(new AddNode(a, b));
            case 3 -> graph.add(new ReluNode(graph.add(new AddNode(a, b))));
            case 4 ->
                random.nextBoolean()
                    ? graph.add(new ScaleNode(a, 0.5f))
                    : graph.add(new MulNode(a, b));
            case 5 -> graph.add(new ReluNode(norm(graph, a, random)));
            case 6 -> graph.add(new ReluNode(graph.add(new AddNode(norm(graph, a, random), b))));
            default -> graph.add(new AddNode(norm(graph, a, random), norm(graph, b, random)));
          });
    }
    Tensor pooled = graph.add(new GlobalAvgPoolNode(tensors.get(tensors.size() - 1)));
    LinearNode fc = new LinearNode("fc", pooled, CLASSES, true);
    fill(fc.weight(), random);
    Tensor scores = graph.add(fc);
    Tensor loss = graph.add(new SoftmaxLossNode(scores));
    graph.minimize(loss);
    return new Network("random", graph, image, scores, loss);
  }

  /** Often the last tensor, so that most have one reader. */
  private static Tensor any(List<Tensor> tensors, Seeds random) {
    int last = tensors.size() - 1;
    return tensors.get(random.nextInt(3) > 0 ? last : random.nextInt(last + 1));
  }

  private static Tensor conv(Graph graph, Tensor input, Seeds random) {
    Conv2dNode node =
        new Conv2dNode(
            graph.nextName("conv"), input, 3, Window.of(3, 1, 1), 1, random.nextBoolean());
    node.parameters().forEach(parameter -> fill(parameter, random));
    return graph.add(node);
  }

  private static Tensor norm(Graph graph, Tensor input, Seeds random) {
    BatchNormNode node = new BatchNormNode(graph.nextName("batchnorm"), input);
    node.parameters().forEach(parameter -> fill(parameter, random));
    fill(node.mean().value(), random);
    for (int i = 0; i < node.variance().size(); i++) {
      node.variance().value()[i] = (float) (0.5 + random.nextDouble());
    }
    return graph.add(node);
  }

  private static void fill(Parameter parameter, Seeds random) {
    fill(parameter.value(), random);
  }

  private static void fill(float[] values, Seeds random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.4 * random.nextGaussian());
    }
  }

  private static Session feed(Network net, Session session) {
    Seeds random = Seeds.stream(3);
    float[] images = new float[session.batch() * net.image().size()];
    int[] labels = new int[session.batch()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(net.classes());
    }
    session.feed(net.image(), images);
    session.feedLabels(labels);
    return session;
  }

  /** All that a step yields, with buffers as they were before. */
  private static List<float[]> step(Network net, Session.Builder builder, Tensor... kept) {
    List<float[]> before = new ArrayList<>();
    net.graph().buffers().forEach(buffer -> before.add(buffer.value().clone()));
    Session session = feed(net, builder.batch(BATCH).keep(net.scores()).training());
    List<float[]> results = new ArrayList<>();
    results.add(new float[] {(float) session.step(BATCH)});
    results.add(session.value(net.scores()));
    for (Tensor tensor : kept) {
      results.add(session.value(tensor));
      results.add(session.gradient(tensor));
    }
    net.graph().parameters().forEach(parameter -> results.add(parameter.grad().clone()));
    net.graph().buffers().forEach(buffer -> results.add(buffer.value().clone()));
    for (int i = 0; i < before.size(); i++) {
      net.graph().buffers().get(i).set(before.get(i));
    }
    return results;
  }

  private static void assertSame(List<float[]> expected, List<float[]> found, String message) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), message + ", array " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4})
  void aStepHasTheBitsOfTheUnfusedPlan(long block) {
    for (long seed = 20 * block; seed < 20 * (block + 1); seed++) {
      Network net = random(seed, true);
      List<float[]> plain = step(net, Session.on(net.graph()).unfused());
      assertSame(plain, step(net, Session.on(net.graph())), "seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void whatIsKeptIsThere(long block) {
    for (long seed = 10 * block; seed < 10 * (block + 1); seed++) {
      Network net = random(seed, true);
      Seeds random = Seeds.stream(seed, 42);
      Tensor[] kept =
          net.graph().nodes().stream()
              .map(Node::output)
              .filter(tensor -> random.nextInt(3) == 0)
              .toArray(Tensor[]::new);
      List<float[]> plain =
          step(net, Session.on(net.graph()).keep(kept).keepGradients(kept).unfused(), kept);
      List<float[]> fused = step(net, Session.on(net.graph()).keep(kept).keepGradients(kept), kept);
      assertSame(plain, fused, "seed " + seed + " keeping " + Arrays.toString(kept));
    }
  }

  /** One chunk sums the samples' gradients in another order than several do. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void layerByLayerComputesTheSame(long block) {
    for (long seed = 10 * block; seed < 10 * (block + 1); seed++) {
      Network net = random(seed, false);
      Session.Builder layers = Session.on(net.graph()).order(StepOrder.LAYER_BY_LAYER);
      List<float[]> plain = step(net, Session.on(net.graph()).unfused());
      List<float[]> found = step(net, layers);
      for (int i = 0; i < plain.size(); i++) {
        float size = 0;
        for (float value : plain.get(i)) {
          size = Math.max(size, Math.abs(value));
        }
        assertArrayEquals(plain.get(i), found.get(i), 1e-5f * size, "seed " + seed + ": " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void layersOnAnyNumberOfThreadsGiveTheSameBits(int threads) {
    Network net = Models.resnet("small", Shape.of(12, 12, 3), 2, true, new int[] {16, 32}, 10, 1);
    List<float[]> serial = step(net, Session.on(net.graph()));
    try (Parallel parallel = Parallel.of(threads)) {
      assertSame(serial, step(net, Session.on(net.graph()).parallel(parallel)), "threads");
    }
  }

  @Test
  void residualNetsAreJoined() {
    Network net = Models.resnet20(Shape.of(32, 32, 3), 10, 1);
    List<String> training =
        new Plan(net.graph(), settings(net, true, false))
            .steps().stream()
                .filter(step -> !(step.node() instanceof FanOutNode))
                .map(step -> step.node().kind())
                .distinct()
                .toList();
    assertEquals(
        List.of("input", "conv", "batchnorm", "shortcut", "globalpool", "fc", "softmax"), training);
    List<String> frozen =
        new Plan(net.graph(), settings(net, false, true))
            .steps().stream().map(step -> step.node().kind()).distinct().toList();
    assertEquals(
        List.of("input", "conv", "add", "shortcut", "globalpool", "fc", "softmax"), frozen);
  }

  private static Plan.Settings settings(Network net, boolean training, boolean frozen) {
    return new Plan.Settings(
        4, StepOrder.AUTO, training, frozen, true, List.of(net.scores()), List.of());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void foldedNormalisationDiffersByRoundingAlone(long block) {
    for (long seed = 10 * block; seed < 10 * (block + 1); seed++) {
      Network net = random(seed, true);
      float[] plain = scores(net, Session.on(net.graph()).unfused());
      assertArrayEquals(plain, scores(net, Session.on(net.graph())), "seed " + seed);
      float[] folded = scores(net, Session.on(net.graph()).frozen());
      float size = 1;
      for (float value : plain) {
        size = Math.max(size, Math.abs(value));
      }
      assertArrayEquals(plain, folded, 1e-4f * size, "seed " + seed);
    }
  }

  private static float[] scores(Network net, Session.Builder builder) {
    Session session = feed(net, builder.batch(BATCH).keep(net.scores()).inference());
    session.forward(BATCH);
    return session.value(net.scores());
  }

  @Test
  void onlyStepsMoveTheRunningStatistics() {
    Network net =
        NetBuilder.image(IMAGE).convNoBias(4, 3, 1).batchNorm().relu().fc(CLASSES).softmax("net");
    Buffer mean = net.graph().buffers().get(0);
    assertEquals("batchnorm1.mean", mean.name());
    Session session = feed(net, Session.on(net.graph()).batch(BATCH).training());
    Session inference =
        feed(net, Session.on(net.graph()).batch(BATCH).keep(net.scores()).inference());
    inference.forward(BATCH);
    float[] before = inference.value(net.scores()).clone();
    session.forward(BATCH);
    assertTrue(session.firstNonFinite().isEmpty());
    assertArrayEquals(new float[4], mean.value());
    session.step(BATCH);
    float[] after = mean.value().clone();
    assertTrue(after[0] != 0);
    inference.forward(BATCH);
    assertTrue(before[0] != inference.value(net.scores())[0]);
    session.forward(BATCH);
    assertTrue(session.firstNonFinite().isEmpty());
    assertArrayEquals(after, mean.value());
  }

  @Test
  void aNodeThatNeedsTheWholeBatchGetsIt() {
    Network net = random(5, true);
    Session.Builder builder = Session.on(net.graph()).order(StepOrder.DEPTH_FIRST);
    builder.inference();
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, builder::training);
    assertTrue(error.getMessage().contains("needs the whole batch"), error.getMessage());
  }

  @Test
  void theSystemPropertyDecides() {
    Network net = random(5, false);
    try {
      System.setProperty("lanewise.order", "layer-by-layer");
      assertEquals(1, new Plan(net.graph(), settings(net, true, false)).mostChunks());
      System.setProperty("lanewise.order", "auto");
      assertEquals(4, new Plan(net.graph(), settings(net, true, false)).mostChunks());
      System.setProperty("lanewise.order", "sideways");
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Plan(net.graph(), settings(net, true, false)));
      assertEquals(
          "lanewise.order=sideways is unknown, needs auto, depth-first or layer-by-layer",
          error.getMessage());
    } finally {
      System.clearProperty("lanewise.order");
    }
  }
}
