package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.nodes.AddNode;
import io.lanewise.engine.nodes.LinearNode;
import io.lanewise.engine.nodes.MulNode;
import io.lanewise.engine.nodes.ReluNode;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GraphTest {
  private final Graph graph = new Graph();
  private final Tensor x = graph.input("x", Shape.of(4));

  private static void refused(String part, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void countsNodesOfAKind() {
    assertEquals("relu1", graph.add(new ReluNode(x)).name());
    assertEquals("relu2", graph.nextName("relu"));
    assertEquals("relu2", graph.add(new ReluNode(x)).name());
    assertEquals("add1", graph.add(new AddNode(x, x)).name());
  }

  @Test
  void leavesTakenNamesOut() {
    graph.input("relu1", Shape.scalar());
    assertEquals("relu2", graph.nextName("relu"));
    assertEquals("relu2", graph.add(new ReluNode(x)).name());
    assertEquals("relu3", graph.add(new ReluNode(x)).name());
  }

  @Test
  void findsTensorsByName() {
    Tensor sum = graph.add(new AddNode(x, x));
    assertSame(x, graph.tensor("x"));
    assertSame(sum, graph.tensor("add1"));
    refused("it has [x, add1]", () -> graph.tensor("mul1"));
  }

  @Test
  void countsParameters() {
    graph.add(new LinearNode("one", x, 3, true));
    graph.add(new LinearNode("two", x, 2, false));
    assertEquals(4 * 3 + 3 + 4 * 2, graph.parameterCount());
    assertEquals(
        List.of("one.weight", "one.bias", "two.weight"),
        graph.parameters().stream().map(parameter -> parameter.name()).toList());
  }

  @Test
  void refusesATensorOfAnotherGraph() {
    Tensor foreign = new Graph().input("foreign", Shape.of(4));
    refused("foreign [4], which is not in this graph", () -> graph.add(new AddNode(x, foreign)));
    refused("foreign [4] is not in this graph", () -> graph.minimize(foreign));
  }

  @Test
  void refusesANodeTwice() {
    Node node = new ReluNode(x);
    graph.add(node);
    refused("is in a graph already, as relu1", () -> graph.add(node));
  }

  @Test
  void refusesANameTwice() {
    refused("the graph has a node x already", () -> graph.input("x", Shape.scalar()));
  }

  @Test
  void aRefusedNodeLeavesNoTrace() {
    graph.add(new LinearNode("one", x, 3, true));
    LinearNode same = new LinearNode("one", x, 2, false);
    refused("the graph has a parameter one.weight already", () -> graph.add(same));
    assertEquals(2, graph.nodes().size());
    assertEquals(2, graph.parameters().size());
    assertEquals("fc2", graph.add(new LinearNode("two", x, 2, false)).name());
  }

  @Test
  void minimizesOneNumberASample() {
    assertNull(graph.objective());
    refused("x [4] holds 4 numbers a sample, needs 1", () -> graph.minimize(x));
    Tensor y = graph.input("y", Shape.scalar());
    Tensor loss = graph.add(new MulNode(y, y));
    graph.minimize(loss);
    assertSame(loss, graph.objective());
  }

  @Test
  void gatesNeedEqualShapes() {
    Tensor y = graph.input("y", Shape.of(3));
    refused("x [4] and y [3], needs two of the same shape", () -> new AddNode(x, y));
  }
}
