package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Slices;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a graph and a batch size come to: the order of steps, which of them run backward, how the
 * batch is cut, and a slot for every array.
 *
 * <p>Time runs over the forward steps 0..N-1 and then over the backward steps N..2N-1 in reverse
 * order. An array lives from the step that writes it to the last one that reads it; arrays whose
 * lives do not meet share a slot.
 *
 * <p>Depth-first, the batch is cut into chunks, which have a partial sum of the parameter gradients
 * each, and chunks into slices of so few samples that what one node reads and writes stays in the
 * L2 cache. Layer by layer, the batch is one slice: nodes run one after the other on the calling
 * thread, and their kernels cut the rows and use all threads. The cut depends on the graph, the
 * order and the batch size alone.
 */
final class Plan {
  /** Chunks of a batch: enough for the threads of a large machine, few enough to add up. */
  private static final int CHUNKS = 8;

  /** Floats that one node may read and write for a slice: 1 MB, half of an L2 cache. */
  private static final int SLICE_FLOATS = 1 << 18;

  /**
   * What a plan is for.
   *
   * @param batch most samples at once
   * @param order how nodes and samples are worked through
   * @param training whether backward runs
   * @param frozen whether parameters and buffers stay as they are
   * @param fused whether nodes are joined and gradients handed on without copies
   * @param values tensors whose values are wanted
   * @param gradients tensors whose gradients are wanted besides those of parameters
   */
  record Settings(
      int batch,
      StepOrder order,
      boolean training,
      boolean frozen,
      boolean fused,
      Collection<Tensor> values,
      Collection<Tensor> gradients) {}

  /** An op in its place: where its arrays are. A slot of -1 means there is none. */
  record Step(
      int index,
      Op op,
      boolean runsBackward,
      int[] inputSlots,
      int outputSlot,
      int gradOutputSlot,
      int maskedSlot,
      int[] gradInputSlots,
      boolean passesGradient,
      int savedSlot,
      int[] branchSlots,
      long seedOffset) {
    Node node() {
      return op.node();
    }

    Tensor output() {
      return op.output();
    }
  }

  private final int batch;
  private final int sliceSize;
  private final boolean layerByLayer;
  private final List<Step> steps;
  private final List<Integer> slotSizes;

  /** Plans a graph. */
  Plan(Graph graph, Settings settings) {
    List<Node> nodes = graph.nodes();
    StepOrder order = settings.order().resolve(nodes, settings.training());
    this.batch = settings.batch();
    this.layerByLayer = order == StepOrder.LAYER_BY_LAYER;
    List<Op> ops = ops(graph, settings);
    this.sliceSize = layerByLayer ? batch : sliceSize(ops);
    PlanBuilder builder = new PlanBuilder(graph, settings, ops, sliceSize);
    this.steps = builder.build();
    this.slotSizes = builder.slotSizes();
  }

  private static List<Op> ops(Graph graph, Settings settings) {
    if (!settings.fused()) {
      return Fusion.none(graph.nodes());
    }
    Set<Tensor> visible = new HashSet<>(settings.values());
    visible.addAll(settings.gradients());
    visible.add(graph.objective());
    return Fusion.of(graph.nodes(), visible, settings.frozen() && !settings.training());
  }

  private int sliceSize(List<Op> ops) {
    int chunk = chunks(batch).size();
    int fit = Math.min(chunk, Math.max(1, SLICE_FLOATS / largestStep(ops)));
    int slicesInChunk = (chunk + fit - 1) / fit;
    return (chunk + slicesInChunk - 1) / slicesInChunk;
  }

  private static int largestStep(List<Op> ops) {
    long largest = 1;
    for (Op op : ops) {
      long floats = op.output().size();
      for (Tensor input : op.inputs()) {
        floats += input.size();
      }
      largest = Math.max(largest, floats);
    }
    return (int) Math.min(largest, Integer.MAX_VALUE);
  }

  /** How n samples are cut into chunks. */
  Slices chunks(int n) {
    return Slices.atMost(mostChunks(), n);
  }

  /** Most chunks of any number of samples; a part of a batch may have more than all of it. */
  int mostChunks() {
    return layerByLayer ? 1 : Math.min(CHUNKS, batch);
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
}
