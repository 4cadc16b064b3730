package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values and gradients of whole batches that outlive a run because somebody wants them. */
final class Kept {
  private final Tensor objective;
  private final Map<Tensor, float[]> values = new LinkedHashMap<>();
  private final Map<Tensor, float[]> gradients = new LinkedHashMap<>();

  Kept(Tensor objective, int batch, Collection<Tensor> values, Collection<Tensor> gradients) {
    this.objective = objective;
    for (Tensor tensor : values) {
      this.values.put(tensor, new float[Feeds.floats(batch, tensor)]);
    }
    if (objective != null) {
      this.values.putIfAbsent(objective, new float[batch]);
    }
    for (Tensor tensor : gradients) {
      this.gradients.put(tensor, new float[Feeds.floats(batch, tensor)]);
    }
  }

  /** Keeps the value that a slice has just computed, if it is wanted. */
  void keepValue(Tensor tensor, Slice slice) {
    copy(slice.output(), slice, tensor, values.get(tensor));
  }

  /** Keeps the gradient that has arrived at a tensor, if it is wanted. */
  void keepGradient(Tensor tensor, Slice slice) {
    copy(slice.unmaskedGradOutput(), slice, tensor, gradients.get(tensor));
  }

  private static void copy(float[] from, Slice slice, Tensor tensor, float[] kept) {
    if (kept != null) {
      System.arraycopy(from, 0, kept, slice.first() * tensor.size(), slice.size());
    }
  }

  float[] value(Tensor tensor) {
    return find(values, tensor, "value", "keep");
  }

  float[] gradient(Tensor tensor) {
    return find(gradients, tensor, "gradient", "keepGradients");
  }

  private static float[] find(
      Map<Tensor, float[]> arrays, Tensor tensor, String what, String method) {
    float[] array = arrays.get(tensor);
    if (array == null) {
      throw new IllegalArgumentException(
          "the " + what + " of " + tensor + " was not kept; name it in Session.on(...)." + method);
    }
    return array;
  }

  /** The mean of the objective over n samples, or NaN if there is none. */
  double meanObjective(int n) {
    if (objective == null) {
      return Double.NaN;
    }
    float[] losses = values.get(objective);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += losses[i];
    }
    return sum / n;
  }

  /** All arrays. */
  List<float[]> arrays() {
    List<float[]> arrays = new ArrayList<>(values.values());
    arrays.addAll(gradients.values());
    return arrays;
  }
}
