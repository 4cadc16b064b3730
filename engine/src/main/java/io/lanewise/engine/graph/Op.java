package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Tensor;
import java.util.List;

/**
 * A node as the plan runs it, perhaps with what followed it in the graph.
 *
 * @param node does the work
 * @param inputs what the node reads, then the residual that it adds on the way, if any
 * @param output the output of the last node in it
 * @param rectified whether it ends with a rectifier that stood behind the node
 */
record Op(Node node, List<Tensor> inputs, Tensor output, boolean rectified) {
  static Op of(Node node) {
    return new Op(node, node.inputs(), node.output(), false);
  }

  boolean addsResidual() {
    return inputs.size() > node.inputs().size();
  }

  /** Whether the gradient is masked before the node's own backward sees it. */
  boolean masksGradient() {
    return rectified && !node.fusesResidual();
  }

  /** Whether backward reads the output. */
  boolean readsOutput() {
    return node.backwardReadsOutput() || masksGradient() || (rectified && addsResidual());
  }
}
