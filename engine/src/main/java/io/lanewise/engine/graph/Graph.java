package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Buffer;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A computation graph. Nodes are only appended, and read only what was appended before, so the
 * order of adding is a topological order and backward is the same list read from its end.
 */
public final class Graph {
  private final List<Node> nodes = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<Tensor, Node> producers = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private Tensor objective;

  /** An empty graph. */
  public Graph() {}

  /**
   * Appends a place where samples come in.
   *
   * @param name what {@link Session#feed} calls it
   * @param shape the shape of one sample
   */
  public Tensor input(String name, Shape shape) {
    return add(new InputNode(shape), name);
  }

  /**
   * Appends a node under the next free name of its kind: {@code conv1}, {@code conv2}.
   *
   * @return the node's output
   * @throws IllegalArgumentException if it reads a tensor that is not in this graph, is in a graph
   *     already, or brings a parameter whose name is taken
   */
  public Tensor add(Node node) {
    return add(node, nextName(node.kind()));
  }

  /**
   * The name {@link #add(Node)} will give the next node of a kind, for naming its parameters.
   *
   * @param kind a node's noun, for example {@code conv}
   */
  public String nextName(String kind) {
    int number = counts.getOrDefault(kind, 0) + 1;
    while (names.contains(kind + number)) {
      number++;
    }
    return kind + number;
  }

  private Tensor add(Node node, String name) {
    for (Tensor input : node.inputs()) {
      if (!producers.containsKey(input)) {
        throw new IllegalArgumentException(
            name + " reads " + input + ", which is not in this graph; add its node first");
      }
    }
    if (node.name() != null) {
      throw new IllegalArgumentException(name + " is in a graph already, as " + node.name());
    }
    Set<String> taken = new HashSet<>(names);
    if (!taken.add(name)) {
      throw new IllegalArgumentException("the graph has a node " + name + " already");
    }
    for (Parameter parameter : node.parameters()) {
      if (!taken.add(parameter.name())) {
        throw new IllegalArgumentException(
            name + ": the graph has a parameter " + parameter.name() + " already");
      }
    }
    for (Buffer buffer : node.buffers()) {
      if (!taken.add(buffer.name())) {
        throw new IllegalArgumentException(
            name + ": the graph has a buffer " + buffer.name() + " already");
      }
    }
    names.addAll(taken);
    counts.merge(node.kind(), 1, Integer::sum);
    node.output().name(name);
    producers.put(node.output(), node);
    nodes.add(node);
    parameters.addAll(node.parameters());
    buffers.addAll(node.buffers());
    return node.output();
  }

  /**
   * Names the tensor whose mean over the batch is minimised: where backward starts.
   *
   * @param loss one number a sample
   * @throws IllegalArgumentException if the tensor is not of this graph or not one number
   */
  public void minimize(Tensor loss) {
    nodeOf(loss);
    if (loss.size() != 1) {
      throw new IllegalArgumentException(
          "minimize: " + loss + " holds " + loss.size() + " numbers a sample, needs 1");
    }
    this.objective = loss;
  }

  /** The tensor that is minimised, or null if there is none yet. */
  public Tensor objective() {
    return objective;
  }

  /** All nodes in the order of adding. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /** All parameters in the order of adding. */
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  /** All buffers in the order of adding: what nodes keep between steps besides parameters. */
  public List<Buffer> buffers() {
    return List.copyOf(buffers);
  }

  /** The live values of all parameters and buffers, by name. */
  public Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    parameters().forEach(parameter -> values.put(parameter.name(), parameter.value()));
    buffers().forEach(buffer -> values.put(buffer.name(), buffer.value()));
    return values;
  }

  /** The node that computes a tensor. */
  Node nodeOf(Tensor tensor) {
    Node node = producers.get(tensor);
    if (node == null) {
      throw new IllegalArgumentException(tensor + " is not in this graph");
    }
    return node;
  }

  void requireInput(Tensor tensor) {
    if (!(nodeOf(tensor) instanceof InputNode)) {
      throw new IllegalArgumentException(tensor + " is computed, it is no input of the graph");
    }
  }

  /** Number of learned floats. */
  public long parameterCount() {
    return parameters.stream().mapToLong(Parameter::size).sum();
  }

  /**
   * The input, node output or parameter output with a name.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public Tensor tensor(String name) {
    for (Node node : nodes) {
      if (node.name().equals(name)) {
        return node.output();
      }
    }
    throw new IllegalArgumentException(
        "the graph has no node " + name + "; it has " + nodes.stream().map(Node::name).toList());
  }
}
