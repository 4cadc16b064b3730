package io.lanewise.engine.train;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Resumable;
import io.lanewise.kernels.lanes.Lanes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gradient accumulation: the gradients of several batches, each weighed by its samples, become
 * those of one batch of all their samples.
 */
final class AccumulatedGradients implements Resumable {
  private final List<Parameter> parameters;
  private final List<float[]> sums = new ArrayList<>();
  private long samples;

  AccumulatedGradients(List<Parameter> parameters) {
    this.parameters = parameters;
    parameters.forEach(parameter -> sums.add(new float[parameter.size()]));
  }

  /** Adds the gradients of the mean loss over a batch of n samples. */
  void add(int n) {
    samples += n;
    for (int p = 0; p < sums.size(); p++) {
      float[] sum = sums.get(p);
      Lanes.ACTIVE.accumulateScaled(n, parameters.get(p).grad(), 0, sum, 0, sum.length);
    }
  }

  @Override
  public Map<String, float[]> state() {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (int p = 0; p < sums.size(); p++) {
      arrays.put(parameters.get(p).name(), sums.get(p));
    }
    return arrays;
  }

  /** Samples added since the last step. */
  @Override
  public long steps() {
    return samples;
  }

  @Override
  public void steps(long done) {
    samples = done;
  }

  /** Writes the gradients of the mean loss over all samples and starts anew. */
  void finish() {
    for (int p = 0; p < sums.size(); p++) {
      float[] grad = parameters.get(p).grad();
      float[] sum = sums.get(p);
      for (int i = 0; i < sum.length; i++) {
        grad[i] = sum[i] / samples;
      }
      Arrays.fill(sum, 0);
    }
    samples = 0;
  }
}
