package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.nodes.AddNode;
import io.lanewise.engine.nodes.MaxNode;
import io.lanewise.engine.nodes.MulNode;
import io.lanewise.engine.nodes.ParameterNode;
import io.lanewise.engine.nodes.ScaleNode;
import io.lanewise.engine.nodes.ShiftNode;
import io.lanewise.engine.nodes.SquareNode;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots are shared, and sharing changes no number: random graphs against arrays of their own. */
class PlanTest {
  private static final Shape SHAPE = Shape.of(5);

  /** Squares through an array that forward saves, so that backward reads nothing else. */
  private static final class SavingNode extends Node {
    SavingNode(Tensor x) {
      super("saving", x.shape(), x);
    }

    @Override
    public void forward(Slice slice) {
      for (int i = 0; i < slice.size(); i++) {
        slice.saved()[i] = 2 * slice.input(0)[i];
        slice.savedInts()[i] = i;
        slice.output()[i] = slice.input(0)[i] * slice.input(0)[i];
      }
    }

    @Override
    public void backward(Slice slice) {
      for (int i = 0; i < slice.size(); i++) {
        slice.gradInput(0)[i] = slice.saved()[slice.savedInts()[i]] * slice.gradOutput()[i];
      }
    }

    @Override
    public int savedFloats(int n) {
      return n * output().size();
    }

    @Override
    public int savedInts(int n) {
      return n * output().size();
    }

    @Override
    public boolean backwardReadsInputs() {
      return false;
    }

    @Override
    public boolean backwardReadsOutput() {
      return false;
    }
  }

  /** The sum over one sample. */
  private static final class SumNode extends Node {
    SumNode(Tensor x) {
      super("sum", Shape.scalar(), x);
    }

    @Override
    public void forward(Slice slice) {
      int size = inputs().get(0).size();
      for (int i = 0; i < slice.n(); i++) {
        float sum = 0;
        for (int j = 0; j < size; j++) {
          sum += slice.input(0)[i * size + j];
        }
        slice.output()[i] = sum;
      }
    }

    @Override
    public void backward(Slice slice) {
      int size = inputs().get(0).size();
      for (int i = 0; i < slice.n() * size; i++) {
        slice.gradInput(0)[i] = slice.gradOutput()[i / size];
      }
    }

    @Override
    public boolean backwardReadsInputs() {
      return false;
    }

    @Override
    public boolean backwardReadsOutput() {
      return false;
    }
  }

  /** A random graph, and what it computes on one array for each tensor. */
  private static final class RandomGraph {
    final Graph graph = new Graph();
    final List<Tensor> tensors = new ArrayList<>();
    final Map<Tensor, float[]> fed = new HashMap<>();
    final Map<Tensor, float[]> values = new HashMap<>();
    final Map<Tensor, float[]> gradients = new HashMap<>();
    final int n;
    private final Seeds random;

    RandomGraph(long seed) {
      random = Seeds.stream(seed, 17);
      n = 1 + random.nextInt(20);
      for (int i = 0; i < 2; i++) {
        Tensor input = graph.input("x" + i, SHAPE);
        tensors.add(input);
        fed.put(input, draw(n * SHAPE.size()));
      }
      Parameter parameter = new Parameter("learned", SHAPE, true);
      parameter.set(draw(SHAPE.size()));
      tensors.add(graph.add(new ParameterNode(parameter)));
      int count = 3 + random.nextInt(20);
      for (int i = 0; i < count; i++) {
        tensors.add(graph.add(randomNode()));
      }
      Tensor objective = graph.add(new SumNode(tensors.get(tensors.size() - 1)));
      tensors.add(objective);
      graph.minimize(objective);
      graph.nodes().forEach(this::forward);
      fillGradients();
    }

    private float[] draw(int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) (2 * random.nextDouble() - 1);
      }
      return values;
    }

    private Tensor any() {
      return tensors.get(random.nextInt(tensors.size()));
    }

    private Node randomNode() {
      return switch (random.nextInt(8)) {
        case 0, 1 -> new AddNode(any(), any());
        case 2, 3 -> new MulNode(any(), any());
        case 4 -> new MaxNode(any(), any());
        case 5 -> new ScaleNode(any(), -0.5f);
        case 6 -> random.nextBoolean() ? new ShiftNode(any(), 0.25f) : new SquareNode(any());
        default -> new SavingNode(any());
      };
    }

    private void forward(Node node) {
      int size = node.output().size();
      float[] y = new float[n * size];
      values.put(node.output(), y);
      for (int i = 0; i < y.length; i++) {
        y[i] = valueAt(node, i);
      }
    }

    private float valueAt(Node node, int i) {
      List<Tensor> inputs = node.inputs();
      float a = inputs.isEmpty() ? 0 : values.get(inputs.get(0))[i];
      float b = inputs.size() < 2 ? 0 : values.get(inputs.get(1))[i];
      return switch (node.kind()) {
        case "input" -> fed.get(node.output())[i];
        case "parameter" -> node.parameters().get(0).value()[i % SHAPE.size()];
        case "add" -> a + b;
        case "mul" -> a * b;
        case "max" -> Math.max(a, b);
        case "scale" -> -0.5f * a;
        case "shift" -> a + 0.25f;
        case "square", "saving" -> a * a;
        case "sum" -> sum(values.get(inputs.get(0)), i);
        default -> throw new AssertionError(node.kind());
      };
    }

    private static float sum(float[] x, int sample) {
      float sum = 0;
      for (int j = 0; j < SHAPE.size(); j++) {
        sum += x[sample * SHAPE.size() + j];
      }
      return sum;
    }

    /** Sums over all readers in the order of adding, as in the graph. */
    private void fillGradients() {
      List<Node> nodes = graph.nodes();
      for (int k = nodes.size() - 1; k >= 0; k--) {
        Tensor tensor = nodes.get(k).output();
        float[] sum = null;
        if (tensor == graph.objective()) {
          sum = new float[n];
          Arrays.fill(sum, 1f / n);
        }
        for (Node reader : nodes) {
          for (int j = 0; j < reader.inputs().size(); j++) {
            if (reader.inputs().get(j) == tensor && gradients.get(reader.output()) != null) {
              sum = plus(sum, sent(reader, j));
            }
          }
        }
        gradients.put(tensor, sum);
      }
    }

    private static float[] plus(float[] sum, float[] more) {
      if (sum == null) {
        return more;
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] += more[i];
      }
      return sum;
    }

    private float[] sent(Node reader, int to) {
      float[] g = gradients.get(reader.output());
      float[] x = values.get(reader.inputs().get(to));
      float[] other = values.get(reader.inputs().get(reader.inputs().size() - 1 - to));
      float[] sent = new float[x.length];
      for (int i = 0; i < sent.length; i++) {
        sent[i] =
            switch (reader.kind()) {
              case "add", "shift" -> g[i];
              case "mul" -> g[i] * other[i];
              case "max" -> (to == 0 ? x[i] >= other[i] : x[i] > other[i]) ? g[i] : 0;
              case "scale" -> -0.5f * g[i];
              case "square", "saving" -> 2 * x[i] * g[i];
              case "sum" -> g[i / SHAPE.size()];
              default -> throw new AssertionError(reader.kind());
            };
      }
      return sent;
    }

    Tensor[] some() {
      return tensors.stream().filter(tensor -> random.nextInt(3) == 0).toArray(Tensor[]::new);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void sharingSlotsChangesNoNumber(long block) {
    for (long seed = 50 * block; seed < 50 * (block + 1); seed++) {
      RandomGraph random = new RandomGraph(seed);
      Tensor[] all = random.tensors.toArray(new Tensor[0]);
      check(random, seed, all, all);
      check(random, seed, new Tensor[0], all);
      check(random, seed, random.some(), random.some());
      check(random, seed, random.some(), new Tensor[0]);
    }
  }

  private static void check(RandomGraph random, long seed, Tensor[] values, Tensor[] gradients) {
    Session session =
        Session.on(random.graph)
            .batch(random.n + (int) (seed % 3))
            .keep(values)
            .keepGradients(gradients)
            .training();
    random.fed.forEach(session::feed);
    session.step(random.n);
    for (Tensor tensor : values) {
      assertSame(seed, "value", tensor, random.values.get(tensor), session.value(tensor));
    }
    for (Tensor tensor : gradients) {
      float[] expected = random.gradients.get(tensor);
      float[] zeros = new float[random.n * tensor.size()];
      assertSame(
          seed, "gradient", tensor, expected == null ? zeros : expected, session.gradient(tensor));
    }
    Tensor learned = random.graph.tensor("parameter1");
    float[] sampleGrads = random.gradients.get(learned);
    float[] grad = random.graph.parameters().get(0).grad();
    for (int j = 0; j < grad.length; j++) {
      double sum = 0;
      double magnitude = 0;
      for (int i = 0; sampleGrads != null && i < random.n; i++) {
        sum += sampleGrads[i * grad.length + j];
        magnitude += Math.abs(sampleGrads[i * grad.length + j]);
      }
      assertEquals(sum, grad[j], magnitude * random.n * 0x1p-23, "seed " + seed);
    }
  }

  private static void assertSame(
      long seed, String what, Tensor tensor, float[] expected, float[] found) {
    for (int i = 0; i < expected.length; i++) {
      boolean same =
          expected[i] == found[i] || (expected[i] != expected[i] && found[i] != found[i]);
      assertTrue(
          same,
          () ->
              "seed "
                  + seed
                  + ": "
                  + what
                  + " of "
                  + tensor
                  + " expected "
                  + Arrays.toString(expected)
                  + ", found "
                  + Arrays.toString(found));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noStepWritesWhatItReads(long seed) {
    RandomGraph random = new RandomGraph(seed);
    Plan plan = plan(random.graph, 9, true, random.tensors);
    for (Plan.Step step : plan.steps()) {
      Set<Integer> read = new HashSet<>();
      for (int slot : step.inputSlots()) {
        read.add(slot);
      }
      if (!(step.node() instanceof FanOutNode)) {
        assertFalse(read.contains(step.outputSlot()), step.toString());
        assertFalse(step.savedSlot() >= 0 && !read.add(step.savedSlot()), step.toString());
      }
      if (step.passesGradient() || step.node() instanceof FanOutNode) {
        continue;
      }
      Set<Integer> written = new HashSet<>();
      for (int slot : step.gradInputSlots()) {
        assertTrue(slot < 0 || written.add(slot), step.toString());
        assertTrue(slot < 0 || slot != step.gradOutputSlot(), step.toString());
      }
    }
  }

  private static Plan plan(Graph graph, int batch, boolean training, List<Tensor> gradients) {
    return new Plan(
        graph,
        new Plan.Settings(
            batch, StepOrder.DEPTH_FIRST, training, false, true, List.of(), gradients));
  }

  private static Graph chain(int length) {
    Graph graph = new Graph();
    Tensor last = graph.input("x", SHAPE);
    for (int i = 0; i < length; i++) {
      last = graph.add(new ScaleNode(last, 0.5f));
    }
    graph.minimize(graph.add(new SumNode(last)));
    return graph;
  }

  @Test
  void aChainNeedsNoMoreSlotsWhenItGrows() {
    for (boolean training : new boolean[] {false, true}) {
      Graph shorter = chain(4);
      Graph longer = chain(40);
      long few = plan(shorter, 8, training, List.of(shorter.tensor("x"))).slotFloats();
      long many = plan(longer, 8, training, List.of(longer.tensor("x"))).slotFloats();
      assertEquals(few, many);
      assertTrue(few <= 3 * SHAPE.size(), few + " floats");
    }
  }

  @Test
  void backwardRunsOnlyWhereItIsNeeded() {
    Graph graph = chain(3);
    Plan nothingLearned = plan(graph, 1, true, List.of());
    assertTrue(nothingLearned.steps().stream().noneMatch(Plan.Step::runsBackward));
    Plan inference = plan(graph, 1, false, List.of());
    assertTrue(inference.steps().stream().noneMatch(Plan.Step::runsBackward));
    Plan half = plan(graph, 1, true, List.of(graph.tensor("scale2")));
    assertEquals(
        List.of("scale2", "scale3", "sum1"),
        half.steps().stream()
            .filter(Plan.Step::runsBackward)
            .map(step -> step.node().name())
            .toList());
  }

  @Test
  void theCutDependsOnTheBatchAlone() {
    Plan plan = plan(chain(3), 37, true, List.of());
    for (int n = 1; n <= 37; n++) {
      int covered = 0;
      for (int chunk = 0; chunk < plan.chunks(n).count(); chunk++) {
        assertEquals(covered, plan.chunks(n).start(chunk));
        int length = plan.chunks(n).length(chunk);
        for (int i = 0; i < plan.slices(length).count(); i++) {
          assertTrue(plan.slices(length).length(i) <= plan.sliceSize());
        }
        covered += length;
      }
      assertEquals(n, covered);
    }
  }

  @Test
  void slicesOfALargeNetAreSmall() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(100_000));
    graph.minimize(graph.add(new SumNode(graph.add(new ScaleNode(x, 2)))));
    Plan plan = plan(graph, 80, true, List.of());
    assertEquals(1, plan.sliceSize());
    assertEquals(10, plan.chunks(80).length(0));
  }
}
