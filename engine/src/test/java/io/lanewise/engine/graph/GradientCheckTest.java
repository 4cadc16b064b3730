package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.ExpNode;
import io.lanewise.engine.nodes.LinearNode;
import io.lanewise.engine.nodes.MaxNode;
import io.lanewise.engine.nodes.MulNode;
import io.lanewise.engine.nodes.ReluNode;
import io.lanewise.engine.nodes.ScaleNode;
import io.lanewise.engine.nodes.SquareNode;
import io.lanewise.engine.nodes.TanhNode;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientCheckTest {
  /** Squares, but its gradient is off by a factor. */
  private static final class WrongSquareNode extends Node {
    private final float factor;

    WrongSquareNode(Tensor x, float factor) {
      super("wrong", x.shape(), x);
      this.factor = factor;
    }

    @Override
    public void forward(Slice slice) {
      for (int i = 0; i < slice.size(); i++) {
        slice.output()[i] = slice.input(0)[i] * slice.input(0)[i];
      }
    }

    @Override
    public void backward(Slice slice) {
      for (int i = 0; i < slice.size(); i++) {
        slice.gradInput(0)[i] = factor * 2 * slice.input(0)[i] * slice.gradOutput()[i];
      }
    }
  }

  /** A linear node of one output whose backward forgets one weight. */
  private static final class ForgetfulNode extends Node {
    private final Parameter weight;

    ForgetfulNode(Tensor x) {
      super("forgetful", Shape.scalar(), x);
      this.weight = new Parameter("forgetful.weight", x.shape(), true);
    }

    @Override
    public void forward(Slice slice) {
      int size = weight.size();
      for (int i = 0; i < slice.n(); i++) {
        float sum = 0;
        for (int j = 0; j < size; j++) {
          sum += slice.input(0)[i * size + j] * weight.value()[j];
        }
        slice.output()[i] = sum;
      }
    }

    @Override
    public void backward(Slice slice) {
      int size = weight.size();
      for (int i = 0; i < slice.n(); i++) {
        for (int j = 0; j < size; j++) {
          slice.gradInput(0)[i * size + j] = slice.gradOutput()[i] * weight.value()[j];
          if (j > 0) {
            slice.grad(weight)[j] += slice.gradOutput()[i] * slice.input(0)[i * size + j];
          }
        }
      }
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(weight);
    }
  }

  private static float[] normal(int count, long stream) {
    Seeds random = Seeds.stream(11, stream);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Tensor add(Graph graph, Node node) {
    Tensor output = graph.add(node);
    for (Parameter parameter : node.parameters()) {
      System.arraycopy(normal(parameter.size(), 99), 0, parameter.value(), 0, parameter.size());
    }
    return output;
  }

  private static GradientCheck.Result checkWrongSquare(float factor) {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(4));
    Tensor wrong = graph.add(new WrongSquareNode(graph.add(new TanhNode(x)), factor));
    graph.minimize(add(graph, new LinearNode("sum", wrong, 1, false)));
    return GradientCheck.of(graph).feed(x, normal(12, 1)).inputs(x).run();
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, 0.5f, 2, 1.01f, 0.995f})
  void catchesAWrongNode(float factor) {
    GradientCheck.Result result = checkWrongSquare(factor);
    assertFalse(result.passed(1e-3), result.toString());
    assertEquals("x", result.worst().variable());
    assertEquals(List.of(), result.notSmooth());
  }

  @Test
  void acceptsARightOne() {
    GradientCheck.Result result = checkWrongSquare(1);
    assertTrue(result.passed(1e-4), result.toString());
  }

  @Test
  void catchesANodeWhoseGradientIsNotFinite() {
    GradientCheck.Result result = checkWrongSquare(Float.NaN);
    assertFalse(result.passed(1e-3), result.toString());
    assertEquals(Double.POSITIVE_INFINITY, result.worst().relativeError());
  }

  @Test
  void catchesAForgottenWeight() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(5));
    graph.minimize(add(graph, new ForgetfulNode(graph.add(new TanhNode(x)))));
    GradientCheck.Result result = GradientCheck.of(graph).feed(x, normal(15, 2)).run();
    assertFalse(result.passed(1e-3));
    assertEquals("forgetful.weight", result.worst().variable());
    long wrong = result.rows().stream().filter(row -> row.unexplainedError() > 1e-3).count();
    assertEquals(3, wrong, "the weight itself and both directions\n" + result);
    String first = result.toString().lines().findFirst().orElseThrow();
    assertTrue(first.startsWith("gradient check of 7 derivatives; worst is forgetful.weight"));
  }

  @Test
  void theErrorEstimateHoldsForSmoothFunctions() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    graph.minimize(graph.add(new ExpNode(graph.add(new SquareNode(x)))));
    for (float at : new float[] {0.1f, -0.3f, 0.7f, 1.1f, -1.6f}) {
      GradientCheck.Row row = GradientCheck.of(graph).feed(x, at).inputs(x).run().rows().get(0);
      double exact = 2 * at * Math.exp((double) at * at);
      assertTrue(row.smooth(), row.toString());
      assertEquals(exact, row.numeric(), 3 * row.error(), row.toString());
      assertTrue(row.error() < 1e-4 * Math.abs(exact), row.toString());
    }
  }

  @Test
  void reportsARectifierAtZero() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor rectified = graph.add(new ReluNode(x));
    graph.minimize(graph.add(new ExpNode(rectified)));
    GradientCheck.Result result = GradientCheck.of(graph).feed(x, 0).inputs(x).run();
    assertEquals(1, result.notSmooth().size(), result.toString());
    assertFalse(result.passed(1), "nothing was compared");
    assertThrows(IllegalStateException.class, result::worst);
    assertTrue(result.toString().contains("1 of them not smooth"));
  }

  @Test
  void reportsATieAndChecksTheRest() {
    Graph graph = new Graph();
    Tensor a = graph.input("a", Shape.of(3));
    Tensor b = graph.input("b", Shape.of(3));
    Tensor larger = graph.add(new MaxNode(a, b));
    graph.minimize(add(graph, new LinearNode("sum", larger, 1, false)));
    GradientCheck.Result result =
        GradientCheck.of(graph).feed(a, 1, 2, 3).feed(b, 4, 2, 1).inputs(a, b).run();
    List<String> kinks = result.notSmooth().stream().map(row -> row.variable() + row.at()).toList();
    assertEquals(
        List.of("a[0, 1]", "adirection", "auphill", "b[0, 1]", "bdirection", "buphill"), kinks);
    assertTrue(result.passed(1e-3), result.toString());
  }

  @Test
  void aKinkNearbyDoesNoHarm() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    graph.minimize(graph.add(new SquareNode(graph.add(new ReluNode(x)))));
    for (float at : new float[] {0.3f, 0.01f, -0.3f, -0.01f}) {
      GradientCheck.Result result = GradientCheck.of(graph).feed(x, at).inputs(x).run();
      assertTrue(result.passed(1e-3), result.toString());
    }
  }

  @Test
  void passesForAConvolutionalNetWithDropout() {
    Network net =
        NetBuilder.image(Shape.of(8, 8, 3))
            .seed(5)
            .conv(6, 3)
            .relu()
            .pool(2)
            .conv(5, 3)
            .relu()
            .dropout(0.3f)
            .fc(4)
            .softmax("small");
    GradientCheck.Result result =
        GradientCheck.of(net.graph())
            .feed(net.image(), normal(6 * 8 * 8 * 3, 3))
            .labels(0, 1, 2, 3, 2, 1)
            .inputs(net.image())
            .coordinates(12)
            .seed(2)
            .run();
    assertTrue(result.passed(1e-3), result.toString());
    assertTrue(result.notSmooth().size() < result.rows().size() / 4, result.toString());
  }

  @Test
  void leavesEverythingAsItWas() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(4));
    LinearNode sum = new LinearNode("sum", graph.add(new TanhNode(x)), 1, true);
    graph.minimize(add(graph, sum));
    float[] fed = normal(8, 4);
    float[] fedBefore = fed.clone();
    float[] weightBefore = sum.weight().value().clone();
    float[] gradBefore = {1, 2, 3, 4};
    System.arraycopy(gradBefore, 0, sum.weight().grad(), 0, 4);

    GradientCheck.of(graph).feed(x, fed).inputs(x).run();

    assertArrayEquals(fedBefore, fed);
    assertArrayEquals(weightBefore, sum.weight().value());
    assertArrayEquals(gradBefore, sum.weight().grad());
  }

  @Test
  void leavesEverythingAsItWasWhenANodeFails() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    LinearNode scaled = new LinearNode("scaled", x, 1, false);
    Tensor score = graph.add(scaled);
    graph.minimize(
        graph.add(
            new Node("picky", Shape.scalar(), score) {
              @Override
              public void forward(Slice slice) {
                if (slice.input(0)[0] != 2) {
                  throw new IllegalStateException("moved");
                }
                slice.output()[0] = 2;
              }

              @Override
              public void backward(Slice slice) {
                slice.gradInput(0)[0] = 1;
              }
            }));
    scaled.weight().set(1);
    assertThrows(
        IllegalStateException.class, () -> GradientCheck.of(graph).feed(x, 2).inputs(x).run());
    assertEquals(1, scaled.weight().value()[0]);
    assertEquals(0, scaled.weight().grad()[0]);
  }

  @Test
  void theSameSeedGivesTheSameRows() {
    assertEquals(checkWrongSquare(1).rows(), checkWrongSquare(1).rows());
  }

  @Test
  void saysWhatIsMissing() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.scalar());
    Tensor y = graph.add(new ScaleNode(x, 2));
    GradientCheck check = GradientCheck.of(graph);
    assertThrows(IllegalStateException.class, check::run, "no objective");
    graph.minimize(graph.add(new MulNode(y, y)));
    assertThrows(IllegalArgumentException.class, check::run, "not fed");
    assertThrows(IllegalArgumentException.class, () -> check.inputs(y), "not an input");
  }
}
