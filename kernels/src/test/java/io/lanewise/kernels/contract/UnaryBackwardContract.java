package io.lanewise.kernels.contract;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.FlatShape;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The contract of a kernel from {@code gradOutput} and a saved array, {@code input} or {@code
 * output}, to {@code gradInput}, value by value.
 */
public abstract class UnaryBackwardContract extends FlatContract {
  /** The kernel. */
  @FunctionalInterface
  public interface Kernel {
    /** Calls it. */
    void run(
        FlatShape shape, float[] gradOutput, float[] saved, float[] gradInput, Parallel parallel);
  }

  private final String saved;
  private final Kernel kernel;
  private final BinaryOperator<double[]> reference;
  private final UnaryOperator<double[]> forward;

  /**
   * Names kernel, reference and bound.
   *
   * @param saved the saved array, {@code input} or {@code output}
   * @param reference from gradOutput and the saved array
   * @param forward the reference of the forward direction
   */
  protected UnaryBackwardContract(
      String saved,
      Kernel kernel,
      BinaryOperator<double[]> reference,
      UnaryOperator<double[]> forward,
      Bound bound,
      boolean exactOnIntegers) {
    super(bound, exactOnIntegers);
    this.saved = saved;
    this.kernel = kernel;
    this.reference = reference;
    this.forward = forward;
  }

  @Override
  protected void declare(FlatShape s, Signature arrays) {
    arrays.input("gradOutput", s.size());
    arrays.input(saved, s.size());
    arrays.output("gradInput", s.size());
  }

  @Override
  protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
    kernel.run(s, v.floats("gradOutput"), v.floats(saved), v.floats("gradInput"), parallel);
  }

  @Override
  protected void reference(FlatShape s, Doubles d) {
    d.set("gradInput", reference.apply(d.of("gradOutput"), d.of(saved)));
  }

  @Override
  protected List<Gradient> gradients(FlatShape s) {
    return List.of(
        Gradient.of(
            "input",
            s.size(),
            forward,
            (x, g) -> reference.apply(g, saved.equals("input") ? x : forward.apply(x))));
  }
}
