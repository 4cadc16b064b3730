package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.gemm.Epilogue;
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
  private final StepTimes.Laps laps;
  private final int plannedSize;
  private final int[] labels;

  private Plan.Step step;
  private int n;
  private int first;
  private float[][] gradSums;

  Slice(Session session, Plan plan) {
    this.session = session;
    this.slots = plan.newSlots();
    this.savedInts = plan.newSavedInts();
    this.laps = session.newLaps();
    this.plannedSize = plan.sliceSize();
    this.labels = new int[plannedSize];
  }

  void begin(int firstSample, int samples, float[][] parameterSums) {
    this.first = firstSample;
    this.n = samples;
    this.gradSums = parameterSums;
  }

  void at(Plan.Step nextStep) {
    this.step = nextStep;
  }

  void startClock() {
    if (laps != null) {
      laps.start();
    }
  }

  /** Time since the last lap belongs to the whole step. */
  void lapOfStep(int index, Direction direction) {
    if (laps != null) {
      laps.done(index, direction);
    }
  }

  /** Ends this node's time, which belongs to a direction unless the node told others. */
  void done(Direction direction) {
    if (laps != null) {
      laps.done(step.index(), direction);
    }
  }

  /**
   * Tells the step profile that the time since the last call belonged to this direction. Nodes that
   * run one kernel a direction need not call it; without a profile it does nothing.
   */
  public void lap(Direction direction) {
    if (laps != null) {
      laps.lap(step.index(), direction);
    }
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
    return n * step.output().size();
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

  /**
   * What happens to each value of the output in the end; {@link Epilogue#NONE} unless the node
   * {@link Node#fusesRectifier} or {@link Node#fusesResidual}.
   */
  public Epilogue epilogue() {
    return step.op().rectified() ? Epilogue.RELU : Epilogue.NONE;
  }

  /**
   * What is to be added to the output before the epilogue, {@code [n, shape]}; null unless the node
   * {@link Node#fusesResidual}.
   */
  public float[] residual() {
    return step.op().addsResidual() ? input(step.inputSlots().length - 1) : null;
  }

  /**
   * The gradient that arrives at the output, {@code [n, shape]}; not to be written. If the node
   * {@link Node#fusesRectifier} but not {@link Node#fusesResidual}, it is zero where the rectifier
   * stopped the value.
   */
  public float[] gradOutput() {
    return slots[step.maskedSlot() < 0 ? step.gradOutputSlot() : step.maskedSlot()];
  }

  /** The gradient as it arrives, whatever the epilogue. */
  float[] unmaskedGradOutput() {
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

  /**
   * The gradient to compute for the {@link #residual}, {@code [n, shape]}, which may be the array
   * of {@link #gradOutput}; null if nobody needs it.
   */
  public float[] gradResidual() {
    return step.op().addsResidual() ? gradInput(step.gradInputSlots().length - 1) : null;
  }

  /** Whether this is the forward of a training step, in which nodes update their buffers. */
  public boolean learning() {
    return gradSums != null;
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
    session.feeds().copyLabels(first, n, labels);
    return labels;
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
