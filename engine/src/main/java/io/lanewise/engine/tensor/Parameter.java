package io.lanewise.engine.tensor;

/**
 * A learned array: its value, its gradient after a step, and how regularisation treats it.
 *
 * <p>Regularisation is scaled per parameter as in ConvNetJS: an optimiser's L1 and L2 strengths are
 * multiplied by {@link #l1Scale} and {@link #l2Scale}, which are 1 for weights and 0 for biases.
 */
public final class Parameter {
  private final String name;
  private final Shape shape;
  private final float[] value;
  private final float[] grad;
  private float l1Scale;
  private float l2Scale;

  /**
   * A parameter of zeros.
   *
   * @param name unique in its graph, for example {@code conv1.weight}
   * @param shape its dimensions, for example {@code [kh, kw, c/groups, oc]}
   * @param regularized whether L1 and L2 regularisation apply; false for biases
   */
  public Parameter(String name, Shape shape, boolean regularized) {
    this.name = name;
    this.shape = shape;
    this.value = new float[shape.size()];
    this.grad = new float[shape.size()];
    regularize(regularized ? 1 : 0, regularized ? 1 : 0);
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

  /** The live value; optimisers write it. */
  public float[] value() {
    return value;
  }

  /** The gradient of the last step: of the mean loss over the batch, without regularisation. */
  public float[] grad() {
    return grad;
  }

  /** Factor on the optimiser's L1 strength. */
  public float l1Scale() {
    return l1Scale;
  }

  /** Factor on the optimiser's L2 strength. */
  public float l2Scale() {
    return l2Scale;
  }

  /**
   * Sets how strongly regularisation applies to this parameter.
   *
   * @param l1 factor on the optimiser's L1 strength, 0 for none
   * @param l2 factor on the optimiser's L2 strength, 0 for none
   * @return this parameter
   */
  public Parameter regularize(float l1, float l2) {
    if (!(l1 >= 0) || !(l2 >= 0)) {
      throw new IllegalArgumentException(
          name + ": regularisation factors are " + l1 + " and " + l2 + ", need at least 0");
    }
    this.l1Scale = l1;
    this.l2Scale = l2;
    return this;
  }

  /**
   * Overwrites the value.
   *
   * @param values as many floats as the parameter has
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
