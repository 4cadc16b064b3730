package io.lanewise.kernels.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefElementwise;
import io.lanewise.kernels.shape.ConcatShape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ConcatTest {
  private abstract static class Contract extends KernelContract<ConcatShape> {
    @Override
    protected List<ConcatShape> shapes() {
      return Stream.of(
              "rows1c1x1", "rows3c2x5", "rows4c16x8x3", "rows7c1x33x17x4", "rows2000c24x16x8x8")
          .map(ConcatShape::parse)
          .toList();
    }

    @Override
    protected Bound bound(ConcatShape s, String array) {
      return Bound.exact();
    }
  }

  @Nested
  @Covers(owner = Concat.class, method = "forward")
  class Forward extends Contract {
    @Override
    protected void declare(ConcatShape s, Signature arrays) {
      for (int i = 0; i < s.inputs(); i++) {
        arrays.input("input" + i, s.inputSize(i));
      }
      arrays.output("output", s.outputSize());
    }

    @Override
    protected void run(ConcatShape s, Values v, Workspace workspace, Parallel parallel) {
      Concat.forward(s, i -> v.floats("input" + i), v.floats("output"), parallel);
    }

    @Override
    protected void reference(ConcatShape s, Doubles d) {
      d.set("output", RefElementwise.concat(s, i -> d.of("input" + i)));
    }
  }

  @Nested
  @Covers(owner = Concat.class, method = "backward")
  class Backward extends Contract {
    @Override
    protected void declare(ConcatShape s, Signature arrays) {
      arrays.input("gradOutput", s.outputSize());
      for (int i = 0; i < s.inputs(); i++) {
        arrays.output("gradInput" + i, s.inputSize(i)).nullable();
      }
    }

    @Override
    protected void run(ConcatShape s, Values v, Workspace workspace, Parallel parallel) {
      Concat.backward(s, v.floats("gradOutput"), i -> v.floats("gradInput" + i), parallel);
    }

    @Override
    protected void reference(ConcatShape s, Doubles d) {
      for (int i = 0; i < s.inputs(); i++) {
        if (d.of("gradInput" + i) != null) {
          d.set("gradInput" + i, RefElementwise.concatBackward(s, i, d.of("gradOutput")));
        }
      }
    }

    @Override
    protected List<Gradient> gradients(ConcatShape s) {
      return List.of(
          Gradient.linear(
              "input1",
              s.inputSize(1),
              x -> RefElementwise.concat(s, i -> i == 1 ? x : new double[s.inputSize(i)]),
              g -> RefElementwise.concatBackward(s, 1, g)));
    }
  }

  @Test
  void gradientsThatNobodyNeedsAreLeftOut() {
    float[] first = new float[2];
    Concat.backward(
        ConcatShape.of(2, 1, 2),
        new float[] {1, 2, 3, 4, 5, 6},
        i -> i == 0 ? first : null,
        Parallel.serial());
    assertArrayEquals(new float[] {1, 4}, first);
  }

  @Test
  void oneInputIsNone() {
    assertThrows(IllegalArgumentException.class, () -> ConcatShape.of(2, 3));
  }
}
