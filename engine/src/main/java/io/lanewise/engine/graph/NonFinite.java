package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Parameter;
import java.util.Optional;

/** Looks for NaN and infinity in what a node put out, and words it for an error message. */
final class NonFinite {
  private NonFinite() {}

  /** What is wrong with the output of a node that has just run; empty if all of it is finite. */
  static Optional<String> in(Node node, Slice slice) {
    int at = indexOf(slice.output(), slice.size());
    if (at < 0) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    text.append("node ").append(node.name()).append(" (").append(node.shapeText(slice.n()));
    text.append(") puts out ").append(slice.output()[at]);
    for (Parameter parameter : node.parameters()) {
      int bad = indexOf(parameter.value(), parameter.size());
      if (bad >= 0) {
        text.append("; its ").append(parameter.name()).append(" holds ");
        text.append(parameter.value()[bad]);
      }
    }
    return Optional.of(text.toString());
  }

  private static int indexOf(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }
}
