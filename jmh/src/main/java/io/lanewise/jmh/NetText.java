package io.lanewise.jmh;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.tensor.Shape;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A net of the zoo and a batch size, text {@code vgg-small_b128}.
 *
 * @param model its name in the zoo
 * @param batch samples in a step
 */
public record NetText(String model, int batch) {
  private static final Pattern TEXT = Pattern.compile("(.+)_b([1-9][0-9]{0,4})");
  private static final int CLASSES = 10;

  /** Counts that were asked for: thousands of drawn comparisons ask for the same few. */
  private static final Map<NetText, Work> TRAINING = new ConcurrentHashMap<>();

  private static final Map<NetText, Work> INFERENCE = new ConcurrentHashMap<>();

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is none or the zoo has no such net
   */
  public static NetText parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no net and batch, needs MODEL_bN with N of 1 to 99999, for example"
              + " vgg-small_b128");
    }
    Models.recipe(matcher.group(1));
    return new NetText(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  /** Whether a text names a net, known or not. */
  public static boolean matches(String text) {
    return TEXT.matcher(text).matches();
  }

  /** Builds the net for images of CIFAR-10's size. */
  public Network build() {
    return Models.build(model, Shape.of(32, 32, 3), CLASSES, 1);
  }

  /**
   * Forward alone, or with the gradients of each node's input, if it is not an image, and weight.
   */
  public Work work(boolean training) {
    return training
        ? TRAINING.computeIfAbsent(this, net -> net.count(true))
        : INFERENCE.computeIfAbsent(this, net -> net.count(false));
  }

  private Work count(boolean training) {
    Network net = build();
    long flops = 0;
    for (Node node : net.graph().nodes()) {
      boolean first = node.inputs().contains(net.image());
      int directions = 1 + (node.parameters().isEmpty() ? 0 : 1) + (first ? 0 : 1);
      flops += node.flops(batch) * (training ? directions : 1);
    }
    return new Work(flops, 0);
  }
}
