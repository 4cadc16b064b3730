package io.lanewise.engine.train;

import io.lanewise.engine.tensor.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient accumulation: the gradients of several batches, each weighed by its samples, become
 * those of one batch of all their samples.
 */
final class GradientSum {
  private final List<Parameter> parameters;
  private final List<float[]> sums = new ArrayList<>();
  private int samples;

  GradientSum(List<Parameter> parameters) {
    this.parameters = parameters;
    parameters.forEach(parameter -> sums.add(new float[parameter.size()]));
  }

  /** Adds the gradients of the mean loss over a batch of n samples. */
  void add(int n) {
    samples += n;
    for (int p = 0; p < sums.size(); p++) {
      float[] grad = parameters.get(p).grad();
      float[] sum = sums.get(p);
      for (int i = 0; i < sum.length; i++) {
        sum[i] = Math.fma(n, grad[i], sum[i]);
      }
    }
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
