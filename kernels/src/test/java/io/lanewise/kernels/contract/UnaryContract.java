package io.lanewise.kernels.contract;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.FlatShape;
import java.util.function.UnaryOperator;

/** The contract of a kernel from {@code input} to {@code output}, value by value. */
public abstract class UnaryContract extends FlatContract {
  /** The kernel. */
  @FunctionalInterface
  public interface Kernel {
    /** Calls it. */
    void run(FlatShape shape, float[] input, float[] output, Parallel parallel);
  }

  private final Kernel kernel;
  private final UnaryOperator<double[]> reference;

  /** Names kernel, reference and bound. */
  protected UnaryContract(
      Kernel kernel, UnaryOperator<double[]> reference, Bound bound, boolean exactOnIntegers) {
    super(bound, exactOnIntegers);
    this.kernel = kernel;
    this.reference = reference;
  }

  @Override
  protected void declare(FlatShape s, Signature arrays) {
    arrays.input("input", s.size());
    arrays.output("output", s.size());
  }

  @Override
  protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
    kernel.run(s, v.floats("input"), v.floats("output"), parallel);
  }

  @Override
  protected void reference(FlatShape s, Doubles d) {
    d.set("output", reference.apply(d.of("input")));
  }
}
