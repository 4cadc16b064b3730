package io.lanewise.engine.nodes;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The kernel shapes of a node, one for each number of samples it has met. Thread-safe: two threads
 * may make the same shape twice, which is the same value.
 */
final class PerBatch<S> {
  private final IntFunction<S> make;
  private volatile Object[] shapes = new Object[0];

  PerBatch(IntFunction<S> make) {
    this.make = make;
  }

  @SuppressWarnings("unchecked")
  S of(int n) {
    Object[] known = shapes;
    if (n < known.length && known[n] != null) {
      return (S) known[n];
    }
    S shape = make.apply(n);
    Object[] grown = Arrays.copyOf(known, Math.max(known.length, n + 1));
    grown[n] = shape;
    shapes = grown;
    return shape;
  }
}
