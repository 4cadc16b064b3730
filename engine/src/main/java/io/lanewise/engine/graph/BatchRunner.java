package io.lanewise.engine.graph;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Cuts a batch into chunks and those into slices, and carries the slices through a plan: each chunk
 * is a task, in which one slice follows the other.
 */
final class BatchRunner {
  private final Plan plan;
  private final SliceRunner runner;
  private final GradientSums sums;
  private final Parallel parallel;
  private final ArrayDeque<Slice> idleSlices = new ArrayDeque<>();
  private final IntConsumer forwardChunk = this::forwardChunk;
  private final IntConsumer trainChunk = this::trainChunk;

  private int n;
  private Slices chunks;

  BatchRunner(Session session, Plan plan, SliceRunner runner, GradientSums sums) {
    this.plan = plan;
    this.runner = runner;
    this.sums = sums;
    this.parallel = session.parallel();
    int atOnce = Math.min(parallel.threads() + 1, plan.mostChunks());
    for (int i = 0; i < atOnce; i++) {
      idleSlices.push(new Slice(session, plan));
    }
  }

  /** What is run next: a batch of n samples; 0 for none. */
  void begin(int samples) {
    this.n = samples;
    this.chunks = samples == 0 ? null : plan.chunks(samples);
  }

  /** Samples in the batch; 0 before the first. */
  int n() {
    return n;
  }

  /** Chunks of the batch, each of which sums gradients of its own. */
  int chunks() {
    return chunks.count();
  }

  /** Carries the batch forward. */
  void forward() {
    parallel.forEach(chunks.count(), forwardChunk);
  }

  /** Carries the batch forward and backward, which leaves the gradients in the chunks' sums. */
  void train() {
    parallel.forEach(chunks.count(), trainChunk);
  }

  private void forwardChunk(int chunk) {
    Slice slice = takeSlice();
    try {
      slice.startClock();
      Slices cut = plan.slices(chunks.length(chunk));
      for (int i = 0; i < cut.count(); i++) {
        slice.begin(chunks.start(chunk) + cut.start(i), cut.length(i), null);
        runner.forward(slice);
      }
    } finally {
      giveBack(slice);
    }
  }

  private void trainChunk(int chunk) {
    Slice slice = takeSlice();
    try {
      slice.startClock();
      float[][] gradients = sums.cleared(chunk);
      slice.lapOfStep(plan.steps().size(), Direction.SUMS);
      Slices cut = plan.slices(chunks.length(chunk));
      for (int i = 0; i < cut.count(); i++) {
        slice.begin(chunks.start(chunk) + cut.start(i), cut.length(i), gradients);
        runner.forward(slice);
        runner.backward(slice, n);
      }
    } finally {
      giveBack(slice);
    }
  }

  /** Runs the batch once more and looks for the first node that yields NaN or infinity. */
  Optional<String> firstNonFinite() {
    Slice slice = takeSlice();
    try {
      slice.startClock();
      for (int chunk = 0; chunk < chunks.count(); chunk++) {
        Slices cut = plan.slices(chunks.length(chunk));
        for (int i = 0; i < cut.count(); i++) {
          slice.begin(chunks.start(chunk) + cut.start(i), cut.length(i), null);
          Optional<String> found = runner.firstNonFinite(slice);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return Optional.empty();
    } finally {
      giveBack(slice);
    }
  }

  private Slice takeSlice() {
    synchronized (idleSlices) {
      return idleSlices.pop();
    }
  }

  private void giveBack(Slice slice) {
    synchronized (idleSlices) {
      idleSlices.push(slice);
    }
  }
}
