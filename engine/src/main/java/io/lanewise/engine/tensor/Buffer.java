package io.lanewise.engine.tensor;

/**
 * An array that a node keeps between steps and that no optimiser touches, such as a running mean.
 * It is saved, loaded and copied with the parameters.
 */
public final class Buffer {
  private final String name;
  private final Shape shape;
  private final float[] value;

  /**
   * A buffer of zeros.
   *
   * @param name unique in its graph, for example {@code batchnorm1.mean}
   * @param shape its dimensions
   */
  public Buffer(String name, Shape shape) {
    this.name = name;
    this.shape = shape;
    this.value = new float[shape.size()];
  }

  /** Its name, unique in the graph. */
  public String name() {
    return name;
  }

  /** Its dimensions. */
  public Shape shape() {
    return shape;
  }

  /** Number of floats. */
  public int size() {
    return value.length;
  }

  /** The live value; training steps write it. */
  public float[] value() {
    return value;
  }

  /**
   * Overwrites the value.
   *
   * @param values as many floats as the buffer has
   * @throws IllegalArgumentException if there are more or fewer
   */
  public void set(float... values) {
    if (values.length != value.length) {
      throw new IllegalArgumentException(
          name + " [" + shape + "]: found " + values.length + " values, needs " + value.length);
    }
    System.arraycopy(values, 0, value, 0, values.length);
  }

  @Override
  public String toString() {
    return name + " [" + shape + "]";
  }
}
