package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;

/**
 * What a node sees while it runs: its arrays for a few consecutive samples of the batch.
 *
 * <p>Every array starts at index 0 with the slice's first sample, {@code [n, shape]}, and may be
 * longer than that.
 */
public final class Slice {
  private final Session session;
  private final float[][] slots;
  private final int[][] savedInts;
  private final float[][] sums;
  private final int plannedSize;

  private Plan.Step step;
  private int n;
  private int first;
  private float[][] gradSums;

  Slice(Session session, Plan plan) {
    this.session = session;
    this.slots = plan.newSlots();
    this.savedInts = plan.newSavedInts();
    this.sums = new float[0][];
    this.plannedSize = plan.sliceSize();
    this.gradSums = sums;
  }

  void begin(int firstSample, int samples, float[][] parameterSums) {
    this.first = firstSample;
    this.n = samples;
    this.gradSums = parameterSums;
  }

  void at(Plan.Step nextStep) {
    this.step = nextStep;
  }

  float[] slot(int index) {
    return slots[index];
  }

  /** Samples in this slice. */
  public int n() {
    return n;
  }

  /** Most samples in a slice of this session: what kernels are chosen for. */
  public int plannedSize() {
    return plannedSize;
  }

  /** Index in the batch of the slice's first sample. */
  public int first() {
    return first;
  }

  /** Floats in the output: n times the size of one sample. */
  public int size() {
    return n * step.node().output().size();
  }

  /** Whether this is a training step: dropout drops, and backward follows. */
  public boolean training() {
    return session.training();
  }

  /** The seed of this node in this step; a random node draws from it and the sample's index. */
  public long seed() {
    return session.seed() + step.seedOffset();
  }

  /** The value of an input, {@code [n, shape]}; not to be written. */
  public float[] input(int index) {
    return slots[step.inputSlots()[index]];
  }

  /** The value to compute, {@code [n, shape]}. */
  public float[] output() {
    return slots[step.outputSlot()];
  }

  /** The gradient that arrives at the output, {@code [n, shape]}; not to be written. */
  public float[] gradOutput() {
    return slots[step.gradOutputSlot()];
  }

  /**
   * The gradient to compute for an input, {@code [n, shape]}; null only if nobody needs it and the
   * node {@link Node#skipsUnneededGradients}.
   */
  public float[] gradInput(int index) {
    int slot = step.gradInputSlots()[index];
    return slot < 0 ? null : slots[slot];
  }

  /** The sum into which this parameter's gradient is added. */
  public float[] grad(Parameter parameter) {
    return gradSums[session.indexOf(parameter)];
  }

  /** What forward saved for backward, as large as {@link Node#savedFloats} says. */
  public float[] saved() {
    return slots[step.savedSlot()];
  }

  /** What forward saved for backward, as large as {@link Node#savedInts} says. */
  public int[] savedInts() {
    return savedInts[step.index()];
  }

  /** An array that {@link Node#prepare} filled. */
  public float[] prepared(int index) {
    return session.prepared(step).array(index);
  }

  /** The class labels of this slice's samples, n ints from index 0. */
  public int[] labels() {
    return session.labels(this);
  }

  /** Scratch arrays for kernels. */
  public Workspace workspace() {
    return session.workspace();
  }

  /** Runs parallel loops inside a kernel, which pays for a batch of one slice. */
  public Parallel parallel() {
    return session.parallel();
  }
}
