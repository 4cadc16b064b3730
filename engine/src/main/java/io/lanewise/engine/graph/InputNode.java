package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Shape;

/** A place where samples come in; the session copies a slice of the fed batch into its output. */
final class InputNode extends Node {
  InputNode(Shape shape) {
    super("input", shape);
  }

  @Override
  public void forward(Slice slice) {
    // The session fills the slot.
  }

  @Override
  public void backward(Slice slice) {
    // The gradient ends here; the session keeps it if it was asked for.
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }
}
