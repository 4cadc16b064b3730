package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Joins nodes that can run as one, where nobody else sees the tensor between them:
 *
 * <ul>
 *   <li>a node that {@link Node#fusesRectifier}, and a rectifier;
 *   <li>a node that {@link Node#fusesResidual}, a sum with something else, and a rectifier;
 *   <li>for frozen inference, a node and what it can be {@link Node#folded} with.
 * </ul>
 *
 * <p>The graph stays as it is. What was joined runs in the place of its last node.
 */
final class Fusion {
  private final Set<Tensor> visible;
  private final boolean folds;
  private final Map<Tensor, Integer> readers = new HashMap<>();
  private final Map<Tensor, Op> ops = new LinkedHashMap<>();

  private Fusion(Set<Tensor> visible, boolean folds) {
    this.visible = visible;
    this.folds = folds;
  }

  /** The nodes as they are. */
  static List<Op> none(List<Node> nodes) {
    return nodes.stream().map(Op::of).toList();
  }

  /**
   * The nodes, joined where that is possible.
   *
   * @param visible tensors that somebody outside looks at
   * @param folds whether parameters and buffers will not change any more
   */
  static List<Op> of(List<Node> nodes, Set<Tensor> visible, boolean folds) {
    Fusion fusion = new Fusion(visible, folds);
    for (Node node : nodes) {
      node.inputs().forEach(input -> fusion.readers.merge(input, 1, Integer::sum));
    }
    for (Node node : nodes) {
      Op op = fusion.join(node);
      fusion.ops.put(op.output(), op);
    }
    return List.copyOf(fusion.ops.values());
  }

  private Op join(Node node) {
    if (node.inputs().isEmpty()) {
      return Op.of(node);
    }
    Optional<Op> before = hidden(node.inputs().get(0));
    if (before.isPresent() && folds && !before.get().rectified()) {
      Node folded = before.get().node().folded(node);
      if (folded != null) {
        remove(before.get());
        return new Op(folded, before.get().inputs(), node.output(), false);
      }
    }
    if (before.isPresent() && node.isRectifier() && !before.get().rectified()) {
      return rectified(before.get(), node.output()).orElse(Op.of(node));
    }
    return Op.of(node);
  }

  private Optional<Op> rectified(Op before, Tensor output) {
    if (before.node().isSum()) {
      for (int i = 0; i < 2; i++) {
        Optional<Op> main = hidden(before.inputs().get(i));
        if (main.isPresent() && takesResidual(main.get())) {
          remove(main.get());
          remove(before);
          List<Tensor> inputs = new ArrayList<>(main.get().inputs());
          inputs.add(before.inputs().get(1 - i));
          return Optional.of(new Op(main.get().node(), inputs, output, true));
        }
      }
    }
    if (before.node().fusesRectifier()) {
      remove(before);
      return Optional.of(new Op(before.node(), before.inputs(), output, true));
    }
    return Optional.empty();
  }

  private static boolean takesResidual(Op op) {
    return op.node().fusesResidual() && !op.rectified() && !op.addsResidual();
  }

  private void remove(Op op) {
    ops.remove(op.output());
  }

  /** What computes a tensor, if one node alone reads it. */
  private Optional<Op> hidden(Tensor tensor) {
    boolean hidden = readers.get(tensor) == 1 && !visible.contains(tensor);
    return hidden ? Optional.of(ops.get(tensor)) : Optional.empty();
  }
}
