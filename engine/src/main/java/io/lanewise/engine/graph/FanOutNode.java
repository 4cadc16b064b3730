package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.elementwise.Add;
import io.lanewise.kernels.shape.FlatShape;

/**
 * A tensor that several nodes read: forward, all of them read the same slot; backward, the
 * gradients they send are added (the multivariate chain rule). The plan inserts it.
 */
final class FanOutNode extends Node {
  FanOutNode(Tensor branched) {
    super("fanout", branched.shape(), branched);
    output().name(branched.name() + ".fanout");
  }

  @Override
  public void forward(Slice slice) {
    // The readers share the input's slot.
  }

  @Override
  public void backward(Slice slice) {
    throw new IllegalStateException("the plan runs addGradients");
  }

  /** {@code gradInput = branch 0 + branch 1 + ...}, in the order of adding to the graph. */
  void addGradients(Slice slice, int[] branchSlots) {
    FlatShape shape = new FlatShape(slice.size());
    float[] sum = slice.gradInput(0);
    Add.forward(
        shape, slice.slot(branchSlots[0]), slice.slot(branchSlots[1]), sum, slice.parallel());
    for (int i = 2; i < branchSlots.length; i++) {
      Add.forward(shape, sum, slice.slot(branchSlots[i]), sum, slice.parallel());
    }
  }

  @Override
  public boolean backwardReadsInputs() {
    return false;
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }
}
