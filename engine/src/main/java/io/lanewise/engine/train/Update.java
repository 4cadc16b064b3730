package io.lanewise.engine.train;

import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.WeightAverage;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Resumable;
import io.lanewise.kernels.parallel.Parallel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the gradients of a batch to new parameters: they are accumulated, clipped, and given to the
 * optimiser at the rate of the step; then the average of the weights moves.
 */
final class Update {
  private final List<Parameter> parameters;
  private final Optimizer optimizer;
  private final WeightAverage average;
  private final TrainConfig config;
  private final int batches;
  private final AccumulatedGradients accumulated;

  /**
   * An update.
   *
   * @param average moves after each step; or null
   * @param batches batches in an epoch
   */
  Update(
      List<Parameter> parameters,
      Optimizer optimizer,
      WeightAverage average,
      TrainConfig config,
      int batches) {
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.average = average;
    this.config = config;
    this.batches = batches;
    this.accumulated =
        config.practice().accumulate() == 1 ? null : new AccumulatedGradients(parameters);
    optimizer.plannedSteps(steps());
  }

  /** Batches in an epoch. */
  int batches() {
    return batches;
  }

  /** Steps in the run. */
  long steps() {
    return steps(config.epochs());
  }

  /** Steps in a run of some epochs with these settings. */
  long steps(int epochs) {
    return config.practice().steps(epochs, batches);
  }

  /** Whether the steps of a run are done before a batch. */
  boolean isOver(int epoch, int batch) {
    return stepsBefore(epoch, batch) >= steps();
  }

  /** Steps that are done before a batch. */
  long stepsBefore(int epoch, int batch) {
    Practice practice = config.practice();
    return epoch * practice.stepsAnEpoch(batches) + batch / practice.accumulate();
  }

  /**
   * After a batch of n samples: a step, unless its gradients are to be joined by more.
   *
   * @param batch the batch in the epoch, from 0
   */
  void afterBatch(int batch, int n, Parallel parallel) {
    if (accumulated != null) {
      accumulated.add(n);
      if ((batch + 1) % config.practice().accumulate() != 0 && batch + 1 < batches) {
        return;
      }
      accumulated.finish();
    }
    config.practice().clip().apply(parameters);
    optimizer.learningRate(config.schedule().rate(optimizer.steps(), steps()));
    optimizer.step(parallel);
    if (average != null) {
      average.afterStep(steps());
    }
  }

  /** What must be restored besides net and optimiser to go on from here. */
  Map<String, Resumable> others() {
    Map<String, Resumable> others = new LinkedHashMap<>();
    if (average != null) {
      others.put("average", average);
    }
    if (accumulated != null) {
      others.put("gradients", accumulated);
    }
    return others;
  }

  /** Puts the average into the net to be measured and saved; the second call takes it out. */
  void swap() {
    if (average != null) {
      average.swap();
    }
  }
}
