package io.lanewise.engine.graph;

import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the caller hands over for a run: a batch for each input, and the class labels. */
final class Feeds {
  private final List<Plan.Step> steps;
  private final Map<Tensor, float[]> batches = new HashMap<>();
  private int[] labels;

  Feeds(List<Plan.Step> steps) {
    this.steps = steps;
  }

  /** Floats of a batch of a tensor; an array can hold no more than 2^31 - 9. */
  static int floats(int samples, Tensor tensor) {
    long floats = (long) samples * tensor.size();
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              "%s: a batch of %d needs %d floats, more than the 2^31 - 9 that one array can hold",
              tensor, samples, floats));
    }
    return (int) floats;
  }

  void feed(Tensor input, float[] samples) {
    batches.put(input, samples);
  }

  void labels(int[] classes) {
    this.labels = classes;
  }

  /** Feeds random numbers to all inputs, and the label 0 to all samples. */
  void feedRandom(int samples) {
    Seeds random = Seeds.stream(1);
    for (Plan.Step step : steps) {
      if (step.node() instanceof InputNode) {
        float[] batch = new float[floats(samples, step.output())];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = (float) random.nextGaussian();
        }
        feed(step.output(), batch);
      }
    }
    labels = new int[samples];
  }

  Feeds copy() {
    Feeds copy = new Feeds(steps);
    copy.takeFrom(this);
    return copy;
  }

  void takeFrom(Feeds other) {
    batches.clear();
    batches.putAll(other.batches);
    labels = other.labels;
  }

  /**
   * Checks that every input and every node that reads labels finds what it needs.
   *
   * @throws IllegalArgumentException if not
   */
  void check(int samples) {
    for (Plan.Step step : steps) {
      if (step.node() instanceof InputNode) {
        checkBatch(step.output(), samples);
      }
    }
    if (labels != null && labels.length < samples) {
      throw new IllegalArgumentException(
          "found " + labels.length + " labels, needs one for each of " + samples + " samples");
    }
    for (Plan.Step step : steps) {
      checkLabels(step.node(), samples);
    }
  }

  private void checkBatch(Tensor input, int samples) {
    float[] fed = batches.get(input);
    int need = floats(samples, input);
    if (fed == null || fed.length < need) {
      throw new IllegalArgumentException(
          String.format(
              "input %s: found %s, needs n*shape = %d*%d = %d floats",
              input,
              fed == null ? "nothing fed" : fed.length + " floats",
              samples,
              input.size(),
              need));
    }
  }

  private void checkLabels(Node node, int samples) {
    int classes = node.labelClasses();
    if (classes > 0 && labels == null) {
      throw new IllegalArgumentException(
          node.name() + ": found no class labels; call feedLabels before the run");
    }
    for (int i = 0; i < samples && classes > 0; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            String.format(
                "%s: the label of sample %d is %d, needs 0 to %d",
                node.name(), i, labels[i], classes - 1));
      }
    }
  }

  /** Copies what was fed to an input for n samples from first on. */
  void copyBatch(Tensor input, int first, int n, float[] to) {
    int size = input.size();
    System.arraycopy(batches.get(input), first * size, to, 0, n * size);
  }

  /** Copies the labels of n samples from first on. */
  void copyLabels(int first, int n, int[] to) {
    if (labels == null) {
      throw new IllegalStateException("this graph needs class labels; call feedLabels");
    }
    System.arraycopy(labels, first, to, 0, n);
  }
}
