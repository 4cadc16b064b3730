package io.lanewise.kernels.elementwise;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.FlatContract;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.UnaryBackwardContract;
import io.lanewise.kernels.contract.UnaryContract;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefElementwise;
import io.lanewise.kernels.shape.FlatShape;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;

/** The elementwise kernels on flat shapes: the kernel contract of each direction. */
class ElementwiseTest {
  private static final float FACTOR = -1.25f;
  private static final float TERM = 0.75f;

  /** One rounding, with the reference's own in double. */
  private static final Bound ROUNDED = Bound.ulps(0.51);

  private static final Bound TWO_ROUNDINGS = (expected, magnitude) -> 0x2.1p-24 * magnitude;

  @Nested
  @Covers(owner = Exp.class, method = "forward")
  class ExpForward extends UnaryContract {
    ExpForward() {
      super(Exp::forward, RefElementwise::exp, Bound.ulps(1.1), false);
    }
  }

  @Nested
  @Covers(owner = Exp.class, method = "backward")
  class ExpBackward extends UnaryBackwardContract {
    ExpBackward() {
      super("output", Exp::backward, RefElementwise::mul, RefElementwise::exp, ROUNDED, true);
    }
  }

  @Nested
  @Covers(owner = Square.class, method = "forward")
  class SquareForward extends UnaryContract {
    SquareForward() {
      super(Square::forward, RefElementwise::square, ROUNDED, true);
    }
  }

  @Nested
  @Covers(owner = Square.class, method = "backward")
  class SquareBackward extends UnaryBackwardContract {
    SquareBackward() {
      super(
          "input",
          Square::backward,
          RefElementwise::squareBackward,
          RefElementwise::square,
          ROUNDED,
          true);
    }
  }

  @Nested
  @Covers(owner = Reciprocal.class, method = "forward")
  class ReciprocalForward extends UnaryContract {
    ReciprocalForward() {
      super(Reciprocal::forward, RefElementwise::reciprocal, ROUNDED, false);
    }
  }

  @Nested
  @Covers(owner = Reciprocal.class, method = "backward")
  class ReciprocalBackward extends UnaryBackwardContract {
    ReciprocalBackward() {
      super(
          "output",
          Reciprocal::backward,
          RefElementwise::reciprocalBackward,
          RefElementwise::reciprocal,
          TWO_ROUNDINGS,
          true);
    }

    @Override
    protected List<Gradient> gradients(FlatShape s) {
      return super.gradients(s).stream()
          .map(gradient -> gradient.drawn((random, i) -> 1 + random.nextDouble()))
          .toList();
    }
  }

  @Nested
  @Covers(owner = Scale.class, method = "forward")
  class ScaleForward extends UnaryContract {
    ScaleForward() {
      super(
          (s, x, y, p) -> Scale.forward(s, FACTOR, x, y, p),
          x -> RefElementwise.scale(FACTOR, x),
          ROUNDED,
          true);
    }
  }

  @Nested
  @Covers(owner = Scale.class, method = "backward")
  class ScaleBackward extends WithoutSavedArray {
    ScaleBackward() {
      super(
          (s, g, d, p) -> Scale.backward(s, FACTOR, g, d, p),
          g -> RefElementwise.scale(FACTOR, g),
          x -> RefElementwise.scale(FACTOR, x),
          ROUNDED);
    }
  }

  @Nested
  @Covers(owner = Shift.class, method = "forward")
  class ShiftForward extends UnaryContract {
    ShiftForward() {
      super(
          (s, x, y, p) -> Shift.forward(s, TERM, x, y, p),
          x -> RefElementwise.shift(TERM, x),
          ROUNDED,
          true);
    }
  }

  @Nested
  @Covers(owner = Shift.class, method = "backward")
  class ShiftBackward extends WithoutSavedArray {
    ShiftBackward() {
      super(
          (s, g, d, p) -> Shift.backward(s, TERM, g, d, p),
          UnaryOperator.identity(),
          x -> RefElementwise.shift(TERM, x),
          Bound.exact());
    }
  }

  @Nested
  @Covers(owner = Add.class, method = "forward")
  class AddForward extends BinaryForward {
    AddForward() {
      super(Add::forward, RefElementwise::add);
    }
  }

  @Nested
  @Covers(owner = Add.class, method = "backward")
  class AddBackward extends BinaryBackward {
    AddBackward() {
      super(false, RefElementwise::add, (g, a, b) -> g, (g, a, b) -> g);
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      Add.backward(s, v.floats("gradOutput"), v.floats("gradA"), v.floats("gradB"), parallel);
    }
  }

  @Nested
  @Covers(owner = Mul.class, method = "forward")
  class MulForward extends BinaryForward {
    MulForward() {
      super(Mul::forward, RefElementwise::mul);
    }
  }

  @Nested
  @Covers(owner = Mul.class, method = "backward")
  class MulBackward extends BinaryBackward {
    MulBackward() {
      super(
          true,
          RefElementwise::mul,
          (g, a, b) -> RefElementwise.mul(g, b),
          (g, a, b) -> RefElementwise.mul(g, a));
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      Mul.backward(
          s,
          v.floats("gradOutput"),
          v.floats("a"),
          v.floats("b"),
          v.floats("gradA"),
          v.floats("gradB"),
          parallel);
    }
  }

  @Nested
  @Covers(owner = Max.class, method = "forward")
  class MaxForward extends BinaryForward {
    MaxForward() {
      super(Max::forward, RefElementwise::max);
    }
  }

  @Nested
  @Covers(owner = Max.class, method = "backward")
  class MaxBackward extends BinaryBackward {
    MaxBackward() {
      super(true, RefElementwise::max, RefElementwise::maxBackwardA, RefElementwise::maxBackwardB);
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      Max.backward(
          s,
          v.floats("gradOutput"),
          v.floats("a"),
          v.floats("b"),
          v.floats("gradA"),
          v.floats("gradB"),
          parallel);
    }
  }

  /** From gradOutput alone to gradInput. */
  private abstract static class WithoutSavedArray extends FlatContract {
    private final UnaryContract.Kernel kernel;
    private final UnaryOperator<double[]> reference;
    private final UnaryOperator<double[]> forward;

    WithoutSavedArray(
        UnaryContract.Kernel kernel,
        UnaryOperator<double[]> reference,
        UnaryOperator<double[]> forward,
        Bound bound) {
      super(bound, true);
      this.kernel = kernel;
      this.reference = reference;
      this.forward = forward;
    }

    @Override
    protected void declare(FlatShape s, Signature arrays) {
      arrays.input("gradOutput", s.size());
      arrays.output("gradInput", s.size());
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      kernel.run(s, v.floats("gradOutput"), v.floats("gradInput"), parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      d.set("gradInput", reference.apply(d.of("gradOutput")));
    }

    @Override
    protected List<Gradient> gradients(FlatShape s) {
      return List.of(Gradient.of("input", s.size(), forward, (x, g) -> reference.apply(g)));
    }
  }

  /** From a and b to output. */
  private abstract static class BinaryForward extends FlatContract {
    interface Kernel {
      void run(FlatShape shape, float[] a, float[] b, float[] output, Parallel parallel);
    }

    private final Kernel kernel;
    private final BinaryOperator<double[]> reference;

    BinaryForward(Kernel kernel, BinaryOperator<double[]> reference) {
      super(ROUNDED, true);
      this.kernel = kernel;
      this.reference = reference;
    }

    @Override
    protected void declare(FlatShape s, Signature arrays) {
      arrays.input("a", s.size());
      arrays.input("b", s.size());
      arrays.output("output", s.size());
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      kernel.run(s, v.floats("a"), v.floats("b"), v.floats("output"), parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      d.set("output", reference.apply(d.of("a"), d.of("b")));
    }
  }

  /** From gradOutput, and a and b if saved, to gradA and gradB. */
  private abstract static class BinaryBackward extends FlatContract {
    interface Reference {
      double[] of(double[] gradOutput, double[] a, double[] b);
    }

    private final boolean saves;
    private final BinaryOperator<double[]> forward;
    private final Reference gradA;
    private final Reference gradB;

    BinaryBackward(
        boolean saves, BinaryOperator<double[]> forward, Reference gradA, Reference gradB) {
      super(ROUNDED, true);
      this.saves = saves;
      this.forward = forward;
      this.gradA = gradA;
      this.gradB = gradB;
    }

    @Override
    protected void declare(FlatShape s, Signature arrays) {
      arrays.input("gradOutput", s.size());
      if (saves) {
        arrays.input("a", s.size());
        arrays.input("b", s.size());
      }
      arrays.output("gradA", s.size());
      arrays.output("gradB", s.size());
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      double[] a = saves ? d.of("a") : null;
      double[] b = saves ? d.of("b") : null;
      d.set("gradA", gradA.of(d.of("gradOutput"), a, b));
      d.set("gradB", gradB.of(d.of("gradOutput"), a, b));
    }

    @Override
    protected List<Gradient> gradients(FlatShape s) {
      double[] other = new double[s.size()];
      Arrays.setAll(other, i -> Math.sin(i));
      return List.of(
          Gradient.of("a", s.size(), a -> forward.apply(a, other), (a, g) -> gradA.of(g, a, other)),
          Gradient.of(
              "b", s.size(), b -> forward.apply(other, b), (b, g) -> gradB.of(g, other, b)));
    }
  }
}
