package io.lanewise.engine.tensor;

/**
 * An edge of the graph: what a node computes for each sample. It holds no numbers; a session binds
 * it to slots.
 */
public final class Tensor {
  private final Shape shape;
  private String name;

  /** A tensor with the shape of one sample; the graph names it. */
  public Tensor(Shape shape) {
    this.shape = shape;
  }

  /** The shape of one sample. */
  public Shape shape() {
    return shape;
  }

  /** Floats of one sample. */
  public int size() {
    return shape.size();
  }

  /** The name of the node that computes it, or null before it is part of a graph. */
  public String name() {
    return name;
  }

  /** Names this tensor; the graph does it once. */
  public void name(String newName) {
    this.name = newName;
  }

  @Override
  public String toString() {
    return name + " [" + shape + "]";
  }
}
