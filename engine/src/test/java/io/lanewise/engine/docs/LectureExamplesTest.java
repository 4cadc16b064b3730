package io.lanewise.engine.docs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.graph.GradientCheck;
import io.lanewise.engine.graph.Graph;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.AddNode;
import io.lanewise.engine.nodes.Conv2dNode;
import io.lanewise.engine.nodes.ExpNode;
import io.lanewise.engine.nodes.GroupNormNode;
import io.lanewise.engine.nodes.HingeLossNode;
import io.lanewise.engine.nodes.LinearNode;
import io.lanewise.engine.nodes.MaxNode;
import io.lanewise.engine.nodes.MaxPool2dNode;
import io.lanewise.engine.nodes.MulNode;
import io.lanewise.engine.nodes.ParameterNode;
import io.lanewise.engine.nodes.ReciprocalNode;
import io.lanewise.engine.nodes.ReluNode;
import io.lanewise.engine.nodes.ScaleNode;
import io.lanewise.engine.nodes.ShiftNode;
import io.lanewise.engine.nodes.SigmoidNode;
import io.lanewise.engine.nodes.SoftmaxLossNode;
import io.lanewise.engine.nodes.SquaredErrorNode;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.Rounding;
import io.lanewise.kernels.shape.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The worked examples of lectures on backpropagation and convolutional networks. The snippets are
 * the code of LECTURES.md and of Javadoc.
 */
class LectureExamplesTest {
  private static final float[] ONE_IMAGE = new float[32 * 32 * 3];

  @Test
  void aSumTimesANumber() {
    // snippet: a sum times a number
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor y = graph.input("y", Shape.scalar());
    Tensor z = graph.input("z", Shape.scalar());
    Tensor q = graph.add(new AddNode(x, y));
    Tensor f = graph.add(new MulNode(q, z));
    graph.minimize(f);

    Session session = Session.on(graph).keep(q).keepGradients(x, y, z, q).training();
    session.feed(x, -2);
    session.feed(y, 5);
    session.feed(z, -4);

    assertEquals(-12, session.step(1));
    assertEquals(3, session.value(q)[0]);
    assertEquals(-4, session.gradient(q)[0]);
    assertEquals(-4, session.gradient(x)[0]);
    assertEquals(-4, session.gradient(y)[0]);
    assertEquals(3, session.gradient(z)[0]);
    // end
  }

  @Test
  void threeGatesThreePatterns() {
    // snippet: three gates
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor y = graph.input("y", Shape.scalar());
    Tensor z = graph.input("z", Shape.scalar());
    Tensor w = graph.input("w", Shape.scalar());
    Tensor product = graph.add(new MulNode(x, y));
    Tensor larger = graph.add(new MaxNode(z, w));
    Tensor sum = graph.add(new AddNode(product, larger));
    Tensor f = graph.add(new ScaleNode(sum, 2));
    graph.minimize(f);

    Session session = Session.on(graph).keepGradients(x, y, z, w, product, larger, sum).training();
    session.feed(x, 3);
    session.feed(y, -4);
    session.feed(z, 2);
    session.feed(w, -1);

    assertEquals(-20, session.step(1));
    assertEquals(2, session.gradient(sum)[0]);
    assertEquals(2, session.gradient(product)[0]); // add distributes
    assertEquals(2, session.gradient(larger)[0]);
    assertEquals(-8, session.gradient(x)[0]); // mul switches: 2 * y
    assertEquals(6, session.gradient(y)[0]); // and 2 * x
    assertEquals(2, session.gradient(z)[0]); // max routes to the larger input
    assertEquals(0, session.gradient(w)[0]);
    // end
  }

  @Test
  void gradientsAddAtBranches() {
    // snippet: branches add
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor square = graph.add(new MulNode(x, x));
    Tensor f = graph.add(new AddNode(square, x));
    graph.minimize(f);

    Session session = Session.on(graph).keepGradients(x).training();
    session.feed(x, 3);

    assertEquals(12, session.step(1));
    assertEquals(7, session.gradient(x)[0]); // 3 + 3 from the mul gate, 1 from the add gate
    // end
  }

  @Test
  void aNeuronGateByGate() {
    // snippet: a neuron gate by gate
    Graph graph = new Graph();
    Tensor w0 = graph.input("w0", Shape.scalar());
    Tensor x0 = graph.input("x0", Shape.scalar());
    Tensor w1 = graph.input("w1", Shape.scalar());
    Tensor x1 = graph.input("x1", Shape.scalar());
    Tensor w2 = graph.input("w2", Shape.scalar());
    Tensor product0 = graph.add(new MulNode(w0, x0));
    Tensor product1 = graph.add(new MulNode(w1, x1));
    Tensor sum = graph.add(new AddNode(product0, product1));
    Tensor score = graph.add(new AddNode(sum, w2));
    Tensor negated = graph.add(new ScaleNode(score, -1));
    Tensor exp = graph.add(new ExpNode(negated));
    Tensor plusOne = graph.add(new ShiftNode(exp, 1));
    Tensor f = graph.add(new ReciprocalNode(plusOne));
    graph.minimize(f);

    Tensor[] inputs = {w0, x0, w1, x1, w2};
    Tensor[] gates = {score, negated, exp, plusOne, f};
    Session session =
        Session.on(graph).keep(gates).keepGradients(inputs).keepGradients(gates).training();
    session.feed(w0, 2);
    session.feed(x0, -1);
    session.feed(w1, -3);
    session.feed(x1, -2);
    session.feed(w2, -3);
    session.step(1);

    assertEquals(1.00, session.value(score)[0], 0.005);
    assertEquals(-1.00, session.value(negated)[0], 0.005);
    assertEquals(0.37, session.value(exp)[0], 0.005);
    assertEquals(1.37, session.value(plusOne)[0], 0.005);
    assertEquals(0.73, session.value(f)[0], 0.005);

    assertEquals(1.00, session.gradient(f)[0], 0.005);
    assertEquals(-0.53, session.gradient(plusOne)[0], 0.005);
    assertEquals(-0.53, session.gradient(exp)[0], 0.005);
    assertEquals(-0.20, session.gradient(negated)[0], 0.005);
    assertEquals(0.20, session.gradient(score)[0], 0.005);

    assertEquals(-0.20, session.gradient(w0)[0], 0.005);
    assertEquals(0.39, session.gradient(x0)[0], 0.005);
    assertEquals(-0.39, session.gradient(w1)[0], 0.005);
    assertEquals(-0.59, session.gradient(x1)[0], 0.005);
    assertEquals(0.20, session.gradient(w2)[0], 0.005);
    // end
  }

  @Test
  void theSameNeuronAsALayer() {
    // snippet: a neuron as a layer
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(2));
    LinearNode neuron = new LinearNode("neuron", x, 1, true);
    Tensor f = graph.add(new SigmoidNode(graph.add(neuron)));
    graph.minimize(f);
    neuron.weight().set(2, -3);
    neuron.bias().set(-3);

    Session session = Session.on(graph).keepGradients(x).training();
    session.feed(x, -1, -2);

    assertEquals(0.73, session.step(1), 0.005);
    assertArrayEquals(new float[] {-0.20f, -0.39f}, neuron.weight().grad(), 0.005f);
    assertArrayEquals(new float[] {0.20f}, neuron.bias().grad(), 0.005f);
    assertArrayEquals(new float[] {0.39f, -0.59f}, session.gradient(x), 0.005f);
    // end
  }

  @Test
  void oneStepOfGradientDescent() {
    // snippet: one step of gradient descent
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor y = graph.input("y", Shape.scalar());
    Parameter weight = new Parameter("w", Shape.scalar(), true);
    Tensor w = graph.add(new ParameterNode(weight));
    Tensor prediction = graph.add(new MulNode(w, x));
    graph.minimize(graph.add(new SquaredErrorNode(prediction, y)));
    weight.set(1);

    Session session = Session.on(graph).training();
    Sgd sgd = new Sgd(graph.parameters(), 0.125);
    session.feed(x, 2);
    session.feed(y, 6);

    assertEquals(16, session.step(1)); // (1 * 2 - 6)^2
    assertEquals(-16, weight.grad()[0]); // 2 * (1 * 2 - 6) * 2
    sgd.step(session.parallel());
    assertEquals(3, weight.value()[0]); // 1 - 0.125 * -16
    assertEquals(0, session.step(1));
    // end
  }

  @Test
  void stochasticGradientDescentFitsALine() {
    // snippet: stochastic gradient descent
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor y = graph.input("y", Shape.scalar());
    LinearNode line = new LinearNode("line", x, 1, true);
    graph.minimize(graph.add(new SquaredErrorNode(graph.add(line), y)));

    Session session = Session.on(graph).batch(4).training();
    Sgd sgd = new Sgd(graph.parameters(), 0.1);
    for (int step = 0; step < 200; step++) {
      session.feed(x, -1, 0, 1, 2);
      session.feed(y, -5, -2, 1, 4);
      session.step(4);
      sgd.step(session.parallel());
    }

    assertEquals(3, line.weight().value()[0], 1e-4);
    assertEquals(-2, line.bias().value()[0], 1e-4);
    // end
  }

  @Test
  void theJacobianOfARectifierIsDiagonal() {
    // snippet: the Jacobian of a rectifier
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(4));
    Tensor z = graph.add(new ReluNode(x));
    LinearNode rest = new LinearNode("rest", z, 1, false);
    graph.minimize(graph.add(rest));
    rest.weight().set(4, -1, 5, 9); // so that this is the gradient that arrives at z

    Session session = Session.on(graph).keep(z).keepGradients(x, z).training();
    session.feed(x, 1, -2, 3, -1);
    session.step(1);

    assertArrayEquals(new float[] {1, 0, 3, 0}, session.value(z));
    assertArrayEquals(new float[] {4, -1, 5, 9}, session.gradient(z));
    assertArrayEquals(new float[] {4, 0, 5, 0}, session.gradient(x));
    // end
  }

  @Test
  void aMatrixTimesAVector() {
    // snippet: a matrix times a vector
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(2));
    Tensor zero = graph.input("zero", Shape.of(2));
    LinearNode product = new LinearNode("product", x, 2, false);
    Tensor q = graph.add(product);
    graph.minimize(graph.add(new SquaredErrorNode(q, zero)));
    product.weight().set(0.1f, -0.3f, 0.5f, 0.8f); // [inputs, outputs]: the transpose of W

    Session session = Session.on(graph).keep(q).keepGradients(x, q).training();
    session.feed(x, 0.2f, 0.4f);
    session.feed(zero, 0, 0);

    assertEquals(0.116, session.step(1), 1e-6);
    assertArrayEquals(new float[] {0.22f, 0.26f}, session.value(q), 1e-6f);
    assertArrayEquals(new float[] {0.44f, 0.52f}, session.gradient(q), 1e-6f);
    float[] gradWeight = {0.088f, 0.104f, 0.176f, 0.208f};
    assertArrayEquals(gradWeight, product.weight().grad(), 1e-6f);
    assertArrayEquals(new float[] {-0.112f, 0.636f}, session.gradient(x), 1e-6f);
    // end
  }

  @Test
  void aDeadRectifierStaysDead() {
    // snippet: a dead rectifier
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor y = graph.input("y", Shape.scalar());
    LinearNode unit = new LinearNode("unit", x, 1, true);
    Tensor activation = graph.add(new ReluNode(graph.add(unit)));
    graph.minimize(graph.add(new SquaredErrorNode(activation, y)));
    unit.weight().set(1);
    unit.bias().set(-10); // as after one step that was too long

    Session session = Session.on(graph).batch(3).training();
    Sgd sgd = new Sgd(graph.parameters(), 0.1);
    session.feed(x, -1, 0, 1);
    session.feed(y, 1, 2, 3);
    for (int step = 0; step < 10; step++) {
      assertEquals((1 + 4 + 9) / 3.0, session.step(3), 1e-6);
      sgd.step(session.parallel());
    }

    assertEquals(1, unit.weight().value()[0]);
    assertEquals(-10, unit.bias().value()[0]);
    // end
  }

  @Test
  void hingeLossOfThreeImages() {
    // snippet: hinge loss
    Graph graph = new Graph();
    Tensor scores = graph.input("scores", Shape.of(3));
    Tensor loss = graph.add(new HingeLossNode(scores, 1));
    graph.minimize(loss);

    Session session = Session.on(graph).batch(3).keepGradients(scores).training();
    session.feed(scores, 3.2f, 5.1f, -1.7f, 1.3f, 4.9f, 2.0f, 2.2f, 2.5f, -3.1f);
    session.feedLabels(new int[] {0, 1, 2}); // cat, car, frog

    assertEquals(5.27, session.step(3), 0.005);
    assertArrayEquals(new float[] {2.9f, 0, 12.9f}, session.value(loss), 1e-5f);
    float third = 1f / 3;
    assertArrayEquals(
        new float[] {-third, third, 0, 0, 0, 0, third, third, -2 * third},
        session.gradient(scores),
        1e-6f);
    // end
  }

  @Test
  void softmaxLossOfOneImage() {
    // snippet: softmax loss
    Graph graph = new Graph();
    Tensor scores = graph.input("scores", Shape.of(3));
    graph.minimize(graph.add(new SoftmaxLossNode(scores)));

    Session session = Session.on(graph).keepGradients(scores).training();
    session.feed(scores, 3.2f, 5.1f, -1.7f);
    session.feedLabels(new int[] {0});

    assertEquals(2.04, session.step(1), 0.005); // -ln 0.13
    assertArrayEquals(new float[] {0.13f - 1, 0.87f, 0.00f}, session.gradient(scores), 0.005f);
    // end
  }

  @Test
  void tenFiltersOnAnImage() {
    // snippet: ten filters
    Graph graph = new Graph();
    Tensor image = graph.input("image", Shape.of(32, 32, 3));
    Conv2dNode conv = new Conv2dNode("conv1", image, 10, Window.of(5, 1, 2), 1, true);
    Tensor maps = graph.add(conv);

    assertEquals(Shape.of(32, 32, 10), maps.shape());
    assertEquals(Shape.of(5, 5, 3, 10), conv.weight().shape());
    assertEquals(760, graph.parameterCount()); // (5 * 5 * 3 + 1) * 10
    // end
    assertEquals(2L * 32 * 32 * 10 * 75, conv.flops(1));
    assertEquals(32 * 32 * 10, runsForward(graph, image, maps).length);
  }

  @Test
  void whereAWindowFits() {
    // snippet: where a window fits
    Graph graph = new Graph();
    Tensor image = graph.input("image", Shape.of(7, 7, 1));
    Window stride1 = Window.of(3, 1, 0).withRounding(Rounding.EXACT);
    Window stride2 = Window.of(3, 2, 0).withRounding(Rounding.EXACT);
    Window stride3 = Window.of(3, 3, 0).withRounding(Rounding.EXACT);
    Window padded = Window.of(3, 1, 1).withRounding(Rounding.EXACT);

    assertEquals(
        Shape.of(5, 5, 1), new Conv2dNode("a", image, 1, stride1, 1, true).output().shape());
    assertEquals(
        Shape.of(3, 3, 1), new Conv2dNode("b", image, 1, stride2, 1, true).output().shape());
    assertEquals(
        Shape.of(7, 7, 1), new Conv2dNode("c", image, 1, padded, 1, true).output().shape());
    Exception error =
        assertThrows(
            IllegalArgumentException.class, () -> new Conv2dNode("d", image, 1, stride3, 1, true));
    assertTrue(error.getMessage().contains("(7 + 2*0 - 3)/3 + 1 is not whole"), error.getMessage());
    // end
  }

  @Test
  void otherSizesOfTheLectures() {
    assertEquals(Shape.of(28, 28, 6), conv(Shape.of(32, 32, 3), 6, Window.of(5, 1, 0)));
    assertEquals(Shape.of(24, 24, 10), conv(Shape.of(28, 28, 6), 10, Window.of(5, 1, 0)));
    assertEquals(Shape.of(56, 56, 32), conv(Shape.of(56, 56, 64), 32, Window.of(1, 1, 0)));
    assertEquals(Shape.of(55, 55, 96), conv(Shape.of(227, 227, 3), 96, Window.of(11, 4, 0)));
    Graph graph = new Graph();
    Tensor maps = graph.input("maps", Shape.of(224, 224, 64));
    Tensor pooled = graph.add(new MaxPool2dNode(maps, Window.of(2, 2, 0)));
    assertEquals(Shape.of(112, 112, 64), pooled.shape());
  }

  @Test
  void thePatternOfConvolutionalNetworks() {
    // snippet: the pattern
    int n = 2;
    int[] filtersOfEachBlock = {16, 32}; // M = 2 blocks
    int[] unitsOfEachLayer = {64}; // K = 1 hidden layer
    Network net =
        Models.pattern(
            "lecture", Shape.of(32, 32, 3), n, true, filtersOfEachBlock, unitsOfEachLayer, 10, 1);

    List<String> kinds = net.graph().nodes().stream().map(Node::kind).toList();
    assertEquals(
        "input, conv, relu, conv, relu, pool, conv, relu, conv, relu, pool, fc, relu, fc, softmax",
        String.join(", ", kinds));
    // end
    assertEquals(Shape.of(8, 8, 32), net.graph().tensor("pool2").shape());
    assertEquals(10, net.classes());
  }

  @Test
  void aNetLayerByLayer() {
    // snippet: a net layer by layer
    Network net =
        NetBuilder.image(Shape.of(32, 32, 3))
            .seed(1)
            .conv(16, 5)
            .relu()
            .pool(2)
            .conv(20, 5)
            .relu()
            .pool(2)
            .fc(10)
            .softmax("my-net");
    // end
    assertEquals(3, net.graph().parameters().stream().filter(p -> p.shape().rank() > 1).count());
  }

  @Test
  void aNodeOfYourOwn() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(3));
    // snippet: a node of your own
    final class CubeNode extends Node {
      CubeNode(Tensor x) {
        super("cube", x.shape(), x);
      }

      @Override
      public void forward(Slice slice) {
        float[] x = slice.input(0);
        float[] y = slice.output();
        for (int i = 0; i < slice.size(); i++) {
          y[i] = x[i] * x[i] * x[i];
        }
      }

      @Override
      public void backward(Slice slice) {
        float[] x = slice.input(0);
        float[] gradY = slice.gradOutput();
        float[] gradX = slice.gradInput(0);
        for (int i = 0; i < slice.size(); i++) {
          gradX[i] = 3 * x[i] * x[i] * gradY[i];
        }
      }
    }

    Tensor y = graph.add(new CubeNode(x));
    // end
    // snippet: sum the cubes
    LinearNode sum = new LinearNode("sum", y, 1, false);
    sum.weight().set(1, 1, 1);
    graph.minimize(graph.add(sum));
    // end
    Session session = Session.on(graph).batch(2).keepGradients(x).training();
    session.feed(x, 1, 2, -3, 0, -1, 0.5f);
    assertEquals((-18 - 0.875) / 2, session.step(2), 1e-6);
    assertArrayEquals(new float[] {1.5f, 6, 13.5f, 0, 1.5f, 0.375f}, session.gradient(x), 1e-6f);
    // snippet: a gradient check
    GradientCheck.Result result =
        GradientCheck.of(graph).feed(x, 1, 2, -3, 0, -1, 0.5f).inputs(x).run();
    assertTrue(result.passed(1e-3), result.toString());
    // end
  }

  @Test
  void normalisation() {
    // snippet: normalisation
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(4));
    Tensor h = graph.add(GroupNormNode.layerNorm("layernorm1", x));
    LinearNode rest = new LinearNode("rest", h, 1, false);
    graph.minimize(graph.add(rest));
    rest.weight().set(1, 0, 0, 0); // so that this is the gradient that arrives at h

    Session session = Session.on(graph).keep(h).keepGradients(x).training();
    session.feed(x, 1, 3, 5, 7);
    session.step(1);

    assertArrayEquals(new float[] {-1.342f, -0.447f, 0.447f, 1.342f}, session.value(h), 1e-3f);
    float[] gradient = {0.134f, -0.179f, -0.045f, 0.089f};
    assertArrayEquals(gradient, session.gradient(x), 1e-3f);
    // end
  }

  @Test
  void branches() {
    // snippet: branches
    NetBuilder net = NetBuilder.image(Shape.of(8, 8, 16));
    net.concat(
        a -> a.conv(8, 1).relu(),
        b -> b.conv(4, 1).relu().conv(12, 3).relu(),
        c -> c.conv(2, 1).relu().conv(4, 5).relu(),
        d -> d.pool(Window.of(3, 1, 1)).conv(8, 1).relu());
    assertEquals(Shape.of(8, 8, 8 + 12 + 4 + 8), net.last().shape());

    net.residual(branch -> branch.conv(32, 3).relu().conv(32, 3)).relu();
    assertEquals(Shape.of(8, 8, 32), net.last().shape());
    // end
  }

  private static Shape conv(Shape image, int filters, Window window) {
    Tensor input = new Graph().input("image", image);
    Window exact = window.withRounding(Rounding.EXACT);
    return new Conv2dNode("conv", input, filters, exact, 1, true).output().shape();
  }

  private static float[] runsForward(Graph graph, Tensor image, Tensor output) {
    Session session = Session.on(graph).parallel(Parallel.serial()).keep(output).inference();
    session.feed(image, ONE_IMAGE);
    session.forward(1);
    return session.value(output);
  }
}
