package io.lanewise.engine.graph;

import io.lanewise.kernels.parallel.Parallel;

/** What {@link Node#prepare} sees: arrays that live as long as the session, and who runs loops. */
public final class Prepared {
  private final float[][] arrays;
  private final int n;
  private final boolean training;
  private final Parallel parallel;

  Prepared(int[] sizes, int n, boolean training, Parallel parallel) {
    this.arrays = new float[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      arrays[i] = new float[sizes[i]];
    }
    this.n = n;
    this.training = training;
    this.parallel = parallel;
  }

  /** The array with the size that {@link Node#preparedSizes} gave at this index. */
  public float[] array(int index) {
    return arrays[index];
  }

  /** Most samples that a slice will have. */
  public int n() {
    return n;
  }

  /** Whether backward will follow. */
  public boolean training() {
    return training;
  }

  /** Runs parallel loops. */
  public Parallel parallel() {
    return parallel;
  }
}
