package io.lanewise.engine.nodes;

import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;

/** Checks of input shapes that several nodes share. */
final class Shapes {
  private Shapes() {}

  /** The one shape of two tensors. */
  static Shape same(String kind, Tensor a, Tensor b) {
    if (!a.shape().equals(b.shape())) {
      throw new IllegalArgumentException(
          kind + ": its inputs are " + a + " and " + b + ", needs two of the same shape");
    }
    return a.shape();
  }

  /** The shape of an image tensor, {@code [h, w, c]}. */
  static Shape image(String kind, Tensor input) {
    if (input.shape().rank() != 3) {
      throw new IllegalArgumentException(
          kind + ": its input is " + input + ", needs an image h x w x c");
    }
    return input.shape();
  }
}
