package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.activation.Relu;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.FlatShape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Carries a slice of the batch through the steps of a plan, forward and backward. */
final class SliceRunner {
  private final List<Plan.Step> steps;
  private final Tensor objective;
  private final Feeds feeds;
  private final Kept kept;
  private final Parallel parallel;

  SliceRunner(Plan plan, Tensor objective, Feeds feeds, Kept kept, Parallel parallel) {
    this.steps = plan.steps();
    this.objective = objective;
    this.feeds = feeds;
    this.kept = kept;
    this.parallel = parallel;
  }

  void forward(Slice slice) {
    for (int i = 0; i < steps.size(); i++) {
      forward(slice, steps.get(i));
    }
  }

  private void forward(Slice slice, Plan.Step step) {
    slice.at(step);
    if (step.node() instanceof InputNode) {
      feeds.copyBatch(step.output(), slice.first(), slice.n(), slice.output());
    } else {
      step.node().forward(slice);
    }
    kept.keepValue(step.output(), slice);
    slice.done(Direction.FORWARD);
  }

  /** Runs forward until a node yields NaN or infinity; tells which, or empty if all is finite. */
  Optional<String> firstNonFinite(Slice slice) {
    for (Plan.Step step : steps) {
      forward(slice, step);
      Optional<String> found = NonFinite.in(step.node(), slice);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * Runs backward what went forward last.
   *
   * @param samples in the whole batch: the objective is the mean over them
   */
  void backward(Slice slice, int samples) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      Plan.Step step = steps.get(i);
      if (step.runsBackward()) {
        slice.at(step);
        backward(slice, step, samples);
        slice.done(Direction.BACKWARD);
      }
    }
  }

  private void backward(Slice slice, Plan.Step step, int samples) {
    Node node = step.node();
    if (node instanceof FanOutNode) {
      ((FanOutNode) node).addGradients(slice, step.branchSlots());
      return;
    }
    float[] gradOutput = slice.unmaskedGradOutput();
    if (step.output() == objective) {
      Arrays.fill(gradOutput, 0, slice.n(), 1f / samples);
    }
    kept.keepGradient(step.output(), slice);
    if (step.op().masksGradient()) {
      FlatShape shape = new FlatShape(slice.size());
      Relu.backward(shape, gradOutput, slice.output(), slice.gradOutput(), parallel);
    }
    if (!step.passesGradient()) {
      node.backward(slice);
    }
  }
}
