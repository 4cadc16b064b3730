package io.lanewise.engine.model;

import io.lanewise.engine.graph.Graph;
import io.lanewise.engine.tensor.Tensor;

/**
 * A classifier as a graph with named ends.
 *
 * @param name what it is called in the zoo and in checkpoints
 * @param graph all nodes; its objective is {@code loss}
 * @param image the input, {@code [h, w, c]} a sample
 * @param scores one score a class, before softmax
 * @param loss one loss a sample
 */
public record Network(String name, Graph graph, Tensor image, Tensor scores, Tensor loss) {
  /** Number of classes. */
  public int classes() {
    return scores.size();
  }
}
