package io.lanewise.kernels.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefElementwise;
import io.lanewise.kernels.shape.ChannelShape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Maxout: the kernel contract of both directions, ties, NaN and what it refuses. */
class MaxoutTest {
  /** A shape and its number of pieces. */
  record Case(ChannelShape shape, int pieces) {
    int inputSize() {
      return shape.size() * pieces;
    }

    @Override
    public String toString() {
      return shape + " of " + pieces + " pieces";
    }
  }

  private abstract static class Contract extends KernelContract<Case> {
    @Override
    protected List<Case> shapes() {
      return Grids.channels().stream()
          .flatMap(shape -> Stream.of(1, 2, 3, 5).map(pieces -> new Case(shape, pieces)))
          .filter(c -> Grids.full() || c.shape().size() < 65536 || c.pieces() == 2)
          .toList();
    }

    @Override
    protected Bound bound(Case c, String array) {
      return Bound.exact();
    }

    @Override
    protected String text(Case c) {
      return c.shape().toString();
    }
  }

  @Nested
  @Covers(owner = Maxout.class, method = "forward")
  class Forward extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      arrays.input("input", c.inputSize());
      arrays.output("output", c.shape().size());
      arrays.intOutput("argmax", c.shape().size());
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      Maxout.forward(
          c.shape(), c.pieces(), v.floats("input"), v.floats("output"), v.ints("argmax"), parallel);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      int[] argmax = d.ints("argmax");
      d.set("output", RefElementwise.maxout(c.pieces(), d.of("input"), argmax));
    }
  }

  @Nested
  @Covers(owner = Maxout.class, method = "backward")
  class Backward extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      arrays.input("gradOutput", c.shape().size());
      arrays.ints("argmax", c.shape().size(), (random, i) -> random.nextInt(c.pieces()));
      arrays.output("gradInput", c.inputSize());
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      Maxout.backward(
          c.shape(),
          c.pieces(),
          v.floats("gradOutput"),
          v.ints("argmax"),
          v.floats("gradInput"),
          parallel);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      d.set(
          "gradInput",
          RefElementwise.maxoutBackward(c.pieces(), d.of("gradOutput"), d.ints("argmax")));
    }

    @Override
    protected List<Gradient> gradients(Case c) {
      return List.of(
          Gradient.of(
              "input",
              c.inputSize(),
              x -> RefElementwise.maxout(c.pieces(), x, new int[c.shape().size()]),
              (x, g) -> {
                int[] argmax = new int[c.shape().size()];
                RefElementwise.maxout(c.pieces(), x, argmax);
                return RefElementwise.maxoutBackward(c.pieces(), g, argmax);
              }));
    }
  }

  @Test
  void firstMaximumAndFirstNanWin() {
    float nan = Float.NaN;
    float[] input = {1, 2, 2, 0, nan, 5, nan, 9, nan, 3, 3, 3};
    float[] output = new float[4];
    int[] argmax = new int[4];
    Maxout.forward(new ChannelShape(2, 2), 3, input, output, argmax, Parallel.serial());
    assertArrayEquals(new float[] {2, nan, nan, 3}, output);
    assertArrayEquals(new int[] {1, 1, 0, 0}, argmax);
  }

  @Test
  void refusesPieces() {
    ChannelShape shape = new ChannelShape(2, 3);
    float[] array = new float[6];
    IllegalArgumentException none =
        assertThrows(
            IllegalArgumentException.class,
            () -> Maxout.forward(shape, 0, array, array, new int[6], Parallel.serial()));
    assertEquals("rows2c3: pieces is 0, needs at least 1", none.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Maxout.forward(shape, 1 << 30, array, array, new int[6], Parallel.serial()));
  }
}
