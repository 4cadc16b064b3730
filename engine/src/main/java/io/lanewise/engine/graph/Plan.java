package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Slices;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a graph and a batch size come to: the order of steps, which of them run backward, how the
 * batch is cut, and a slot for every array.
 *
 * <p>Time runs over the forward steps 0..N-1 and then over the backward steps N..2N-1 in reverse
 * order. An array lives from the step that writes it to the last one that reads it; arrays whose
 * lives do not meet share a slot.
 *
 * <p>The batch is cut into chunks, which have a partial sum of the parameter gradients each, and
 * chunks into slices of so few samples that what one node reads and writes stays in the L2 cache.
 * Both depend on the graph and the batch size alone.
 */
final class Plan {
  /** Chunks of a batch: enough for the threads of a large machine, few enough to add up. */
  private static final int CHUNKS = 8;

  /** Floats that one node may read and write for a slice: 1 MB, half of an L2 cache. */
  private static final int SLICE_FLOATS = 1 << 18;

  /** A node in its place: where its arrays are. A slot of -1 means there is none. */
  record Step(
      int index,
      Node node,
      boolean runsBackward,
      int[] inputSlots,
      int outputSlot,
      int gradOutputSlot,
      int[] gradInputSlots,
      int savedSlot,
      int[] branchSlots,
      long seedOffset) {}

  /** An array's life, in steps, and the slot it gets. */
  private static final class Life {
    final int size;
    final int start;
    int end;
    int slot = -1;

    Life(int start, int size) {
      this.start = start;
      this.end = start;
      this.size = size;
    }

    void reach(int time) {
      end = Math.max(end, time);
    }
  }

  private final int batch;
  private final int sliceSize;
  private final List<Step> steps = new ArrayList<>();
  private final List<Integer> slotSizes = new ArrayList<>();

  /**
   * Plans a graph.
   *
   * @param batch most samples at once
   * @param training whether backward runs
   * @param gradients tensors whose gradients are wanted besides those of parameters
   */
  Plan(Graph graph, int batch, boolean training, Collection<Tensor> gradients) {
    this.batch = batch;
    List<Node> nodes = graph.nodes();
    int chunk = chunks(batch).size();
    int fit = Math.min(chunk, Math.max(1, SLICE_FLOATS / largestStep(nodes)));
    int slicesInChunk = (chunk + fit - 1) / fit;
    this.sliceSize = (chunk + slicesInChunk - 1) / slicesInChunk;
    new Builder(graph, nodes, training, gradients).build();
  }

  private static int largestStep(List<Node> nodes) {
    long largest = 1;
    for (Node node : nodes) {
      long floats = node.output().size();
      for (Tensor input : node.inputs()) {
        floats += input.size();
      }
      largest = Math.max(largest, floats);
    }
    return (int) Math.min(largest, Integer.MAX_VALUE);
  }

  /** How n samples are cut into chunks. */
  Slices chunks(int n) {
    return Slices.atMost(CHUNKS, n);
  }

  /** Most chunks of any number of samples; a part of a batch may have more than all of it. */
  int mostChunks() {
    return Math.min(CHUNKS, batch);
  }

  /** How the samples of a chunk are cut into slices. */
  Slices slices(int samples) {
    return new Slices(samples, sliceSize);
  }

  int batch() {
    return batch;
  }

  int sliceSize() {
    return sliceSize;
  }

  List<Step> steps() {
    return steps;
  }

  float[][] newSlots() {
    float[][] slots = new float[slotSizes.size()][];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new float[slotSizes.get(i)];
    }
    return slots;
  }

  int[][] newSavedInts() {
    int[][] saved = new int[steps.size()][];
    for (Step step : steps) {
      saved[step.index()] = new int[step.node().savedInts(sliceSize)];
    }
    return saved;
  }

  /** Floats in all slots of one slice. */
  long slotFloats() {
    return slotSizes.stream().mapToLong(Integer::longValue).sum();
  }

  /** The passes over the graph that lead to the steps. */
  private final class Builder {
    private final List<Node> nodes;
    private final List<Node> order = new ArrayList<>();
    private final boolean training;
    private final Tensor objective;
    private final Set<Tensor> active = new HashSet<>();
    private final Map<Tensor, Integer> producers = new HashMap<>();
    private final Map<Tensor, Life> values = new HashMap<>();
    private final Map<Tensor, Life> gradients = new HashMap<>();
    private final Map<Integer, Life> saved = new HashMap<>();
    private final List<Life> lives = new ArrayList<>();
    private Life[][] gradInputs;

    Builder(Graph graph, List<Node> nodes, boolean training, Collection<Tensor> wanted) {
      this.nodes = nodes;
      this.training = training;
      this.objective = graph.objective();
      if (training) {
        findActive(nodes, wanted);
      }
      Map<Tensor, Integer> readers = countActiveReaders(nodes);
      for (Node node : nodes) {
        order.add(node);
        if (readers.getOrDefault(node.output(), 0) > 1) {
          order.add(new FanOutNode(node.output()));
        }
      }
      for (int i = 0; i < order.size(); i++) {
        producers.put(order.get(i).output(), i);
      }
    }

    /** Active: depends on something learned or wanted, and the objective depends on it. */
    private void findActive(List<Node> nodes, Collection<Tensor> wanted) {
      Set<Tensor> learned = new HashSet<>(wanted);
      for (Node node : nodes) {
        boolean fromInputs = node.inputs().stream().anyMatch(learned::contains);
        if (fromInputs || !node.parameters().isEmpty()) {
          learned.add(node.output());
        }
      }
      Set<Tensor> leading = new HashSet<>();
      leading.add(objective);
      for (int i = nodes.size() - 1; i >= 0; i--) {
        Node node = nodes.get(i);
        if (leading.contains(node.output())) {
          leading.addAll(node.inputs());
        }
      }
      active.addAll(learned);
      active.retainAll(leading);
    }

    private Map<Tensor, Integer> countActiveReaders(List<Node> nodes) {
      Map<Tensor, Integer> readers = new HashMap<>();
      for (Node node : nodes) {
        if (active.contains(node.output())) {
          for (Tensor input : node.inputs()) {
            if (active.contains(input)) {
              readers.merge(input, 1, Integer::sum);
            }
          }
        }
      }
      return readers;
    }

    private int backwardTime(int step) {
      return 2 * order.size() - 1 - step;
    }

    void build() {
      gradInputs = new Life[order.size()][];
      for (int i = 0; i < order.size(); i++) {
        planValues(i, order.get(i));
      }
      for (int i = order.size() - 1; i >= 0 && training; i--) {
        planGradients(i, order.get(i));
      }
      assignSlots();
      for (int i = 0; i < order.size(); i++) {
        steps.add(step(i, order.get(i)));
      }
    }

    private boolean runsBackward(Node node) {
      return node instanceof FanOutNode || active.contains(node.output());
    }

    private void planValues(int i, Node node) {
      boolean backward = runsBackward(node);
      for (Tensor input : node.inputs()) {
        Life value = values.get(input);
        value.reach(i);
        if (backward && node.backwardReadsInputs()) {
          value.reach(backwardTime(i));
        }
      }
      if (node instanceof FanOutNode) {
        return;
      }
      Life output = live(i, node.output().size() * sliceSize);
      values.put(node.output(), output);
      if (backward && node.backwardReadsOutput()) {
        output.reach(backwardTime(i));
      }
      if (node.savedFloats(sliceSize) > 0) {
        Life kept = live(i, node.savedFloats(sliceSize));
        kept.reach(backward ? backwardTime(i) : i);
        saved.put(i, kept);
      }
    }

    /** Runs in backward order: when a node is reached, whoever reads its output has been. */
    private void planGradients(int i, Node node) {
      if (!runsBackward(node)) {
        return;
      }
      int time = backwardTime(i);
      Life fromAbove = gradients.get(node.output());
      if (fromAbove == null && !(node instanceof FanOutNode)) {
        gradients.put(node.output(), live(time, node.output().size() * sliceSize));
      } else if (fromAbove != null) {
        fromAbove.reach(time);
      }
      gradInputs[i] = new Life[node.inputs().size()];
      for (int j = 0; j < node.inputs().size(); j++) {
        Tensor input = node.inputs().get(j);
        boolean needed = active.contains(input);
        if (!needed && node.skipsUnneededGradients()) {
          continue;
        }
        Life grad = live(time, input.size() * sliceSize);
        gradInputs[i][j] = grad;
        if (!needed) {
          continue;
        }
        int fanOut = fanOutAfter(input);
        if (fanOut >= 0 && fanOut != i) {
          grad.reach(backwardTime(fanOut));
        } else {
          gradients.put(input, grad);
          grad.reach(backwardTime(producers.get(input)));
        }
      }
    }

    /** The step of the fan-out node behind a tensor, or -1. */
    private int fanOutAfter(Tensor tensor) {
      int next = producers.get(tensor) + 1;
      return next < order.size()
              && order.get(next) instanceof FanOutNode
              && order.get(next).inputs().get(0) == tensor
          ? next
          : -1;
    }

    private Life live(int start, int size) {
      Life life = new Life(start, size);
      lives.add(life);
      return life;
    }

    /** Gives each array, in order of birth, the free slot that fits best. */
    private void assignSlots() {
      List<Integer> freeFrom = new ArrayList<>();
      List<Life> byBirth = new ArrayList<>(lives);
      byBirth.sort(Comparator.comparingInt(life -> life.start));
      for (Life life : byBirth) {
        int best = -1;
        for (int slot = 0; slot < slotSizes.size(); slot++) {
          if (freeFrom.get(slot) <= life.start
              && (best < 0 || fitsBetter(life.size, slotSizes.get(slot), slotSizes.get(best)))) {
            best = slot;
          }
        }
        if (best < 0) {
          best = slotSizes.size();
          slotSizes.add(0);
          freeFrom.add(0);
        }
        slotSizes.set(best, Math.max(slotSizes.get(best), life.size));
        freeFrom.set(best, life.end + 1);
        life.slot = best;
      }
    }

    private boolean fitsBetter(int need, int candidate, int best) {
      boolean candidateFits = candidate >= need;
      boolean bestFits = best >= need;
      if (candidateFits && bestFits) {
        return candidate < best;
      }
      return candidateFits || (!bestFits && candidate > best);
    }

    private Step step(int i, Node node) {
      boolean backward = training && runsBackward(node);
      boolean fanOut = node instanceof FanOutNode;
      int[] inputSlots = new int[node.inputs().size()];
      int[] gradInputSlots = new int[inputSlots.length];
      for (int j = 0; j < inputSlots.length; j++) {
        inputSlots[j] = values.get(node.inputs().get(j)).slot;
        gradInputSlots[j] = slotOf(gradInputs[i] == null ? null : gradInputs[i][j]);
      }
      Tensor valueOf = fanOut ? node.inputs().get(0) : node.output();
      return new Step(
          i,
          node,
          backward,
          inputSlots,
          values.get(valueOf).slot,
          slotOf(gradients.get(node.output())),
          gradInputSlots,
          slotOf(saved.get(i)),
          fanOut ? branchSlots(i) : new int[0],
          0x9E3779B97F4A7C15L * (nodes.indexOf(node) + 1));
    }

    private int slotOf(Life life) {
      return life == null ? -1 : life.slot;
    }

    private int[] branchSlots(int fanOut) {
      Tensor branched = order.get(fanOut).inputs().get(0);
      List<Integer> slots = new ArrayList<>();
      for (int i = fanOut + 1; i < order.size(); i++) {
        for (int j = 0; gradInputs[i] != null && j < gradInputs[i].length; j++) {
          if (order.get(i).inputs().get(j) == branched) {
            slots.add(gradInputs[i][j].slot);
          }
        }
      }
      return slots.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
