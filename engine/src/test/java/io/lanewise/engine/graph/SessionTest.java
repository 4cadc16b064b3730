package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.AddNode;
import io.lanewise.engine.nodes.ExpNode;
import io.lanewise.engine.nodes.LinearNode;
import io.lanewise.engine.nodes.MulNode;
import io.lanewise.engine.nodes.ReluNode;
import io.lanewise.engine.nodes.ScaleNode;
import io.lanewise.engine.nodes.SquaredErrorNode;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
  private static final int BATCH = 40;

  /** Images large enough that a chunk is cut into several slices. */
  private static Network convnet() {
    return NetBuilder.image(Shape.of(32, 32, 3))
        .seed(4)
        .conv(48, 3)
        .relu()
        .pool(4)
        .conv(8, 3)
        .relu()
        .pool(2)
        .dropout(0.25f)
        .fc(10)
        .softmax("convnet");
  }

  private static Network smallNet() {
    return NetBuilder.image(Shape.of(9, 8, 3))
        .seed(4)
        .conv(6, 3)
        .relu()
        .pool(2)
        .fc(10)
        .softmax("small");
  }

  private static float[] images(Network net, int n) {
    Seeds random = Seeds.stream(21, 1);
    float[] images = new float[n * net.image().size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  private static int[] labels(int n) {
    int[] labels = new int[n];
    Arrays.setAll(labels, i -> i * 7 % 10);
    return labels;
  }

  private static Session session(Network net, int batch, Parallel parallel) {
    Session session =
        Session.on(net.graph())
            .batch(batch)
            .parallel(parallel)
            .keep(net.scores())
            .keepGradients(net.image())
            .training();
    session.feed(net.image(), images(net, batch));
    session.feedLabels(labels(batch));
    session.seed(8);
    return session;
  }

  private static void refused(String part, Executable call) {
    RuntimeException error = assertThrows(RuntimeException.class, call);
    assertTrue(
        error instanceof IllegalArgumentException || error instanceof IllegalStateException,
        error.toString());
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  /** Loss, scores, gradients of parameters and of images of one step. */
  private static List<float[]> step(Network net, Session session, int n) {
    List<float[]> results = new ArrayList<>();
    results.add(new float[] {(float) session.step(n)});
    results.add(Arrays.copyOf(session.value(net.scores()), n * net.classes()));
    results.add(Arrays.copyOf(session.gradient(net.image()), n * net.image().size()));
    net.graph().parameters().forEach(parameter -> results.add(parameter.grad().clone()));
    return results;
  }

  private static void assertSame(List<float[]> expected, List<float[]> found, String message) {
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), message + ", array " + i);
    }
  }

  @Test
  void gradientsOfATensorReadThreeTimesAdd() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(2));
    Tensor square = graph.add(new MulNode(x, x));
    Tensor cube = graph.add(new MulNode(square, x));
    LinearNode sum = new LinearNode("sum", cube, 1, false);
    graph.minimize(graph.add(sum));
    sum.weight().set(1, 1);
    Session session = Session.on(graph).batch(3).keepGradients(x, square).training();
    session.feed(x, 1, 2, 3, -1, -2, 0.5f);
    session.step(3);
    float third = 1f / 3;
    assertArrayEquals(
        new float[] {3 * third, 12 * third, 27 * third, 3 * third, 12 * third, 0.75f * third},
        session.gradient(x),
        1e-6f);
  }

  @Test
  void anUnusedBranchHasNoGradient() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(2));
    LinearNode used = new LinearNode("used", x, 1, true);
    LinearNode unused = new LinearNode("unused", x, 3, true);
    Tensor score = graph.add(used);
    Tensor side = graph.add(new ReluNode(graph.add(unused)));
    graph.minimize(score);
    unused.weight().set(1, 2, 3, 4, 5, 6);
    Arrays.fill(unused.weight().grad(), 9);
    used.weight().set(2, -1);

    Session session = Session.on(graph).keep(side).keepGradients(x, side).training();
    session.feed(x, 1, 1);
    session.step(1);

    assertArrayEquals(new float[] {5, 7, 9}, session.value(side));
    assertArrayEquals(new float[6], unused.weight().grad());
    assertArrayEquals(new float[3], session.gradient(side));
    assertArrayEquals(new float[] {2, -1}, session.gradient(x));
    assertArrayEquals(new float[] {1, 1}, used.weight().grad());
  }

  @Test
  void bothSidesOfASquaredErrorReceiveGradients() {
    Graph graph = new Graph();
    Tensor a = graph.input("a", Shape.of(2));
    Tensor b = graph.input("b", Shape.of(2));
    graph.minimize(graph.add(new SquaredErrorNode(a, b)));
    for (Tensor[] wanted : new Tensor[][] {{a, b}, {a}, {b}}) {
      Session session = Session.on(graph).keepGradients(wanted).training();
      session.feed(a, 3, 1);
      session.feed(b, 1, 2);
      assertEquals(5, session.step(1));
      for (Tensor tensor : wanted) {
        float sign = tensor == a ? 1 : -1;
        assertArrayEquals(new float[] {4 * sign, -2 * sign}, session.gradient(tensor));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void anyNumberOfThreadsGivesTheSameBits(int threads) {
    Network net = convnet();
    for (int n : new int[] {BATCH, 37, 1}) {
      List<float[]> serial = step(net, session(net, BATCH, Parallel.serial()), n);
      try (Parallel parallel = Parallel.of(threads)) {
        Session session = session(net, BATCH, parallel);
        assertSame(serial, step(net, session, n), threads + " threads, " + n + " samples");
        assertSame(serial, step(net, session, n), threads + " threads again");
      }
    }
  }

  @Test
  void theCallersPoolGivesTheSameBits() {
    Network net = smallNet();
    List<float[]> serial = step(net, session(net, 9, Parallel.serial()), 9);
    ForkJoinPool pool = new ForkJoinPool(2);
    try {
      Session session = session(net, 9, Parallel.on(pool));
      assertSame(serial, step(net, session, 9), "from outside");
      assertSame(serial, pool.submit(() -> step(net, session, 9)).join(), "from inside");
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aSamplesResultDoesNotDependOnItsCompany() {
    Network net = smallNet();
    Session whole = session(net, BATCH, Parallel.serial());
    whole.step(BATCH);
    float[] losses = whole.value(net.loss()).clone();
    float[] scores = whole.value(net.scores()).clone();
    for (int n = 1; n <= BATCH; n++) {
      Session partial = session(net, BATCH, Parallel.serial());
      Session exact = session(net, n, Parallel.serial());
      for (Session session : List.of(partial, exact)) {
        double mean = session.step(n);
        assertEquals(Arrays.stream(toDoubles(losses, n)).average().orElseThrow(), mean, 1e-7);
        assertPrefix(losses, session.value(net.loss()), n);
        assertPrefix(scores, session.value(net.scores()), n * net.classes());
      }
    }
  }

  private static double[] toDoubles(float[] values, int count) {
    double[] doubles = new double[count];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  private static void assertPrefix(float[] expected, float[] found, int count) {
    assertArrayEquals(Arrays.copyOf(expected, count), Arrays.copyOf(found, count));
  }

  @Test
  void aGradientIsTheMeanOfItsSamples() {
    Network net = smallNet();
    int n = 13;
    List<Parameter> parameters = net.graph().parameters();
    double[][] sums = new double[parameters.size()][];
    Arrays.setAll(sums, i -> new double[parameters.get(i).size()]);
    Session one = session(net, 1, Parallel.serial());
    float[] images = images(net, n);
    for (int sample = 0; sample < n; sample++) {
      int size = net.image().size();
      one.feed(net.image(), Arrays.copyOfRange(images, sample * size, (sample + 1) * size));
      one.feedLabels(new int[] {labels(n)[sample]});
      one.step(1);
      for (int i = 0; i < sums.length; i++) {
        for (int j = 0; j < sums[i].length; j++) {
          sums[i][j] += parameters.get(i).grad()[j];
        }
      }
    }
    session(net, BATCH, Parallel.serial()).step(1);
    Session all = session(net, n, Parallel.serial());
    all.step(n);
    for (int i = 0; i < sums.length; i++) {
      for (int j = 0; j < sums[i].length; j++) {
        assertEquals(sums[i][j] / n, parameters.get(i).grad()[j], 1e-5, parameters.get(i).name());
      }
    }
  }

  @Test
  void inferenceGivesTheScoresOfTraining() {
    Network net = smallNet();
    Session training = session(net, 5, Parallel.serial());
    training.step(5);
    Session inference = Session.on(net.graph()).batch(5).keep(net.scores()).frozen().inference();
    inference.feed(net.image(), images(net, 5));
    inference.feedLabels(labels(5));
    for (int run = 0; run < 2; run++) {
      assertEquals(training.forward(5), inference.forward(5));
      assertArrayEquals(training.value(net.scores()), inference.value(net.scores()));
    }
  }

  @Test
  void dropoutFollowsTheSeed() {
    Network net = convnet();
    Session session = session(net, 3, Parallel.serial());
    session.seed(1);
    double first = session.step(3);
    session.seed(2);
    assertTrue(first != session.step(3));
    session.seed(1);
    assertEquals(first, session.step(3));
  }

  /** Lambdas and the like are left, but not one array of activations or weights. */
  @Test
  void saysWhatWasNotFed() {
    Network net = smallNet();
    Session session = Session.on(net.graph()).batch(4).training();
    refused("input image [9x8x3]: found nothing fed", () -> session.step(2));
    session.feed(net.image(), new float[215]);
    refused("found 215 floats, needs n*shape = 1*216 = 216 floats", () -> session.step(1));
    session.feed(net.image(), images(net, 4));
    refused("softmax1: found no class labels; call feedLabels", () -> session.step(2));
    session.feedLabels(labels(1));
    refused("found 1 labels, needs one for each of 2 samples", () -> session.step(2));
    refused("found 0 samples, needs 1 to 4", () -> session.step(0));
    refused("found 5 samples, needs 1 to 4", () -> session.step(5));
    session.feedLabels(labels(4));
    assertTrue(Double.isFinite(session.step(4)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void worksOnAfterABadLabel(int threads) {
    Network net = smallNet();
    try (Parallel parallel = Parallel.of(threads)) {
      Session session = session(net, 24, parallel);
      double loss = session.step(24);
      for (int i = 0; i < 10; i++) {
        int[] bad = labels(24);
        bad[i] = i % 2 == 0 ? 10 : -1;
        session.feedLabels(bad);
        String found = "softmax1: the label of sample " + i + " is " + bad[i] + ", needs 0 to 9";
        refused(found, () -> session.step(24));
        refused(found, () -> session.forward(24));
      }
      session.feedLabels(labels(24));
      assertEquals(loss, session.step(24));
    }
  }

  /** Passes its input on, but refuses negative numbers. */
  private static final class PickyNode extends Node {
    PickyNode(Tensor x) {
      super("picky", x.shape(), x);
    }

    @Override
    public void forward(Slice slice) {
      for (int i = 0; i < slice.size(); i++) {
        if (slice.input(0)[i] < 0) {
          throw new IllegalStateException("found a negative number");
        }
        slice.output()[i] = slice.input(0)[i];
      }
    }

    @Override
    public void backward(Slice slice) {
      System.arraycopy(slice.gradOutput(), 0, slice.gradInput(0), 0, slice.size());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void worksOnAfterANodeThatThrew(int threads) {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    graph.minimize(graph.add(new PickyNode(x)));
    try (Parallel parallel = Parallel.of(threads)) {
      Session session = Session.on(graph).batch(24).parallel(parallel).training();
      float[] fed = new float[24];
      for (int i = 0; i < 20; i++) {
        Arrays.fill(fed, 2);
        fed[i] = -1;
        session.feed(x, fed);
        refused("found a negative number", () -> session.step(24));
        refused("found a negative number", () -> session.forward(24));
      }
      Arrays.fill(fed, 2);
      assertEquals(2, session.step(24));
    }
  }

  @Test
  void refusesABatchThatFitsNoArray() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(1 << 20));
    refused(
        "x [1048576]: a batch of 4096 needs 4294967296 floats",
        () -> Session.on(graph).batch(4096).keep(x).inference());
  }

  @Test
  void refusesWhatIsNotOfItsGraph() {
    Network net = smallNet();
    Tensor foreign = new Graph().input("foreign", Shape.scalar());
    Session session = session(net, 1, Parallel.serial());
    refused("foreign [1] is not in this graph", () -> session.feed(foreign, 1));
    refused("is computed, it is no input", () -> session.feed(net.scores(), new float[10]));
    refused("foreign [1] is not in this graph", () -> Session.on(net.graph()).keep(foreign));
    refused(
        "foreign [1] is not in this graph", () -> Session.on(net.graph()).keepGradients(foreign));
    refused("the value of image [9x8x3] was not kept", () -> session.value(net.image()));
    refused("the gradient of fc1 [10] was not kept", () -> session.gradient(net.scores()));
  }

  @Test
  void refusesWhatItIsNotMadeFor() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor y = graph.add(new ScaleNode(x, 2));
    refused("the graph has no objective", () -> Session.on(graph).training());
    refused("which needs training()", () -> Session.on(graph).keepGradients(x).inference());
    refused("batch is 0", () -> Session.on(graph).batch(0));
    Session inference = Session.on(graph).keep(y).inference();
    inference.feed(x, 3);
    assertTrue(Double.isNaN(inference.forward(1)));
    assertEquals(6, inference.value(y)[0]);
    refused("this session is for inference", () -> inference.step(1));
  }

  @Test
  void findsTheFirstNodeThatIsNotFinite() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    LinearNode fc = new LinearNode("fc1", x, 1, true);
    Tensor exp = graph.add(new ExpNode(graph.add(fc)));
    graph.minimize(graph.add(new AddNode(exp, exp)));
    fc.weight().set(1);
    Session session = Session.on(graph).batch(12).training();
    refused("nothing has been run", session::firstNonFinite);

    session.feed(x, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    session.step(12);
    assertTrue(session.firstNonFinite().isEmpty());

    session.feed(x, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 11);
    assertEquals(Double.POSITIVE_INFINITY, session.step(12));
    assertEquals("node exp1 (size2x1) puts out Infinity", session.firstNonFinite().orElseThrow());

    fc.bias().set(Float.NaN);
    assertTrue(Double.isNaN(session.step(12)));
    String text = session.firstNonFinite().orElseThrow();
    assertTrue(text.startsWith("node fc1 ("), text);
    assertTrue(text.endsWith(") puts out NaN; its fc1.bias holds NaN"), text);
  }
}
