package io.lanewise.engine.graph;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;

/** What {@link Node#prepare} sees: arrays that live as long as the session, and who runs loops. */
public final class Prepared {
  private final float[][] arrays;
  private final int plannedSize;
  private final boolean training;
  private final Workspace workspace;
  private final Parallel parallel;

  Prepared(int[] sizes, int plannedSize, boolean training, Workspace workspace, Parallel parallel) {
    this.arrays = new float[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      arrays[i] = new float[sizes[i]];
    }
    this.plannedSize = plannedSize;
    this.training = training;
    this.workspace = workspace;
    this.parallel = parallel;
  }

  /** The array with the size that {@link Node#preparedSizes} gave at this index. */
  public float[] array(int index) {
    return arrays[index];
  }

  /** Most samples in a slice, as in {@link Slice#plannedSize}. */
  public int plannedSize() {
    return plannedSize;
  }

  /** Whether backward will follow. */
  public boolean training() {
    return training;
  }

  /** Scratch arrays for kernels. */
  public Workspace workspace() {
    return workspace;
  }

  /** Runs parallel loops. */
  public Parallel parallel() {
    return parallel;
  }
}
