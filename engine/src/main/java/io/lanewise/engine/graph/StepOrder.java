package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.settings.Setting;
import java.util.List;
import java.util.Locale;

/**
 * In which order a session works through nodes and samples. Results differ at most in the order in
 * which the samples' parameter gradients are added.
 */
public enum StepOrder {
  /**
   * {@link #LAYER_BY_LAYER} for training steps of a graph with a node that {@link
   * Node#needsWholeBatch}, and for graphs whose parameters do not fit in an L2 cache (2 MB),
   * because each slice of samples would fetch them again; {@link #DEPTH_FIRST} for all else; unless
   * the system property {@code lanewise.order} is {@code depth-first} or {@code layer-by-layer}.
   *
   * <p>Measured in images/s at batch 128 on 2 cores of an EPYC (Zen 4), depth-first and layer by
   * layer: vgg-small (2.2 M parameters) training 345 and 477, inference 1459 and 1772; resnet20
   * (0.27 M) inference 3689 and 2440; convnetjs-cifar10 (0.02 M) training 3998 and 3956.
   */
  AUTO,
  /**
   * A few samples at a time go through all nodes, forward and backward, so that their activations
   * stay in the cache; threads work on different samples.
   */
  DEPTH_FIRST,
  /** The whole batch goes through a node before the next one; threads share each node's work. */
  LAYER_BY_LAYER;

  /** Floats of parameters from which on each fetch of them costs more than activations do. */
  private static final long HEAVY_PARAMETERS = 1 << 19;

  /**
   * What AUTO comes to.
   *
   * @throws IllegalArgumentException if a node needs the whole batch and is not to get it, or the
   *     system property is none of the names
   */
  StepOrder resolve(List<Node> nodes, boolean training) {
    StepOrder wanted = this == AUTO ? ofProperty() : this;
    for (Node node : nodes) {
      if (training && node.needsWholeBatch()) {
        if (wanted == DEPTH_FIRST) {
          throw new IllegalArgumentException(
              node.name() + " needs the whole batch in training; train layer by layer");
        }
        return LAYER_BY_LAYER;
      }
    }
    if (wanted != AUTO) {
      return wanted;
    }
    long floats =
        nodes.stream().flatMap(node -> node.parameters().stream()).mapToLong(Parameter::size).sum();
    return floats > HEAVY_PARAMETERS ? LAYER_BY_LAYER : DEPTH_FIRST;
  }

  private static StepOrder ofProperty() {
    return valueOf(Setting.ORDER.value().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The name as the system property spells it: {@code layer-by-layer}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
