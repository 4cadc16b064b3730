package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Sums of the parameter gradients, one for each chunk of the batch, added in the order of chunks.
 * If there is one chunk alone, its sums are the gradients themselves.
 */
final class GradientSums {
  private final List<Parameter> parameters;
  private final Map<Parameter, Integer> indices = new IdentityHashMap<>();
  private final float[][][] sums;
  private final Parallel parallel;
  private final IntConsumer addParameter = this::addParameter;
  private int chunks;

  /**
   * Makes all arrays.
   *
   * @param mostChunks chunks at most; 0 if there will be no gradients
   */
  GradientSums(List<Parameter> parameters, int mostChunks, Parallel parallel) {
    this.parameters = parameters;
    this.parallel = parallel;
    this.sums = new float[mostChunks][parameters.size()][];
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      indices.put(parameter, i);
      for (float[][] chunk : sums) {
        chunk[i] = mostChunks == 1 ? parameter.grad() : new float[parameter.size()];
      }
    }
  }

  int indexOf(Parameter parameter) {
    return indices.get(parameter);
  }

  /** The sums of a chunk, one a parameter, set to zero. */
  float[][] cleared(int chunk) {
    float[][] cleared = sums[chunk];
    parallel.forEach(cleared.length, i -> Arrays.fill(cleared[i], 0));
    return cleared;
  }

  /** Adds the sums of the first chunks into the gradients. */
  void add(int count) {
    if (sums.length > 1) {
      chunks = count;
      parallel.forEach(parameters.size(), addParameter);
    }
  }

  private void addParameter(int parameter) {
    float[] grad = parameters.get(parameter).grad();
    System.arraycopy(sums[0][parameter], 0, grad, 0, grad.length);
    for (int chunk = 1; chunk < chunks; chunk++) {
      Lanes.ACTIVE.accumulate(sums[chunk][parameter], 0, grad, 0, grad.length);
    }
  }
}
