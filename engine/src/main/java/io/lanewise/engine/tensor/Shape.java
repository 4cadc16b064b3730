package io.lanewise.engine.tensor;

import java.util.Arrays;

/**
 * The dimensions of a tensor. A tensor in a graph has the shape of one sample, {@code 32x32x3}; the
 * number of samples is the batch size of the session that runs it.
 */
public final class Shape {
  private final int[] dims;

  private Shape(int[] dims) {
    this.dims = dims;
  }

  /**
   * A shape.
   *
   * @param dims dimensions, slowest first; for images {@code h, w, c}
   * @throws IllegalArgumentException if there is none, one is below 1, or the product is too large
   */
  public static Shape of(int... dims) {
    long size = dims.length == 0 ? 0 : 1;
    for (int dim : dims) {
      size = dim < 1 || size > Integer.MAX_VALUE ? 0 : size * dim;
    }
    if (size < 1 || size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(dims) + ": needs dimensions of at least 1, 2^31 - 9 floats");
    }
    return new Shape(dims.clone());
  }

  /** The shape of a single number. */
  public static Shape scalar() {
    return of(1);
  }

  /** Number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** A dimension, slowest first. */
  public int dim(int index) {
    return dims[index];
  }

  /** All dimensions, slowest first. */
  public int[] dims() {
    return dims.clone();
  }

  /** Number of floats. */
  public int size() {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape && Arrays.equals(dims, ((Shape) other).dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** The dimensions with {@code x} between them: {@code 32x32x3}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int dim : dims) {
      text.append(text.length() == 0 ? "" : "x").append(dim);
    }
    return text.toString();
  }
}
