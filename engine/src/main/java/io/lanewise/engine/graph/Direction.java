package io.lanewise.engine.graph;

/** A part of a node's work, as the step profile tells them apart. */
public enum Direction {
  /** {@link Node#prepare}. */
  PREPARE("prepare"),
  /** {@link Node#forward}. */
  FORWARD("forward"),
  /** All of {@link Node#backward}, where a node does not tell its parts. */
  BACKWARD("backward"),
  /** The gradient of a node's input. */
  BACKWARD_INPUT("backwardInput"),
  /** The gradient of a node's weight. */
  BACKWARD_WEIGHT("backwardWeight"),
  /** The gradient of a node's bias. */
  BACKWARD_BIAS("backwardBias"),
  /** Setting the partial sums of parameter gradients to zero and adding them up. */
  SUMS("sums");

  private final String text;

  Direction(String text) {
    this.text = text;
  }

  /** The name of the kernel method. */
  @Override
  public String toString() {
    return text;
  }
}
