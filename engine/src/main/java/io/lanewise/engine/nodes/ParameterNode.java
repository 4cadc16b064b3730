package io.lanewise.engine.nodes;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.kernels.lanes.Lanes;
import java.util.List;

/**
 * A learned array as an input of other gates: every sample sees the same value, so the gradient is
 * the sum over samples.
 */
public final class ParameterNode extends Node {
  private final Parameter parameter;

  /** A node whose output is the parameter's value. */
  public ParameterNode(Parameter parameter) {
    super("parameter", parameter.shape());
    this.parameter = parameter;
  }

  @Override
  public void forward(Slice slice) {
    int size = parameter.size();
    for (int i = 0; i < slice.n(); i++) {
      System.arraycopy(parameter.value(), 0, slice.output(), i * size, size);
    }
  }

  @Override
  public void backward(Slice slice) {
    int size = parameter.size();
    for (int i = 0; i < slice.n(); i++) {
      Lanes.ACTIVE.accumulate(slice.gradOutput(), i * size, slice.grad(parameter), 0, size);
    }
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(parameter);
  }

  @Override
  public boolean backwardReadsOutput() {
    return false;
  }
}
