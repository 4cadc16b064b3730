package io.lanewise.kernels.conv;

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
import io.lanewise.kernels.reference.RefConv2d;
import io.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class Im2colTest {
  @Nested
  @Covers(owner = Im2col.class, method = "forward")
  class Forward extends KernelContract<ConvShape> {
    @Override
    protected List<ConvShape> shapes() {
      return grid();
    }

    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("input", s.inputSize());
      arrays.output("columns", Im2col.columnsSize(s));
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      Im2col.forward(s, v.floats("input"), v.floats("columns"), parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("columns", RefConv2d.im2col(s, d.of("input")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.exact();
    }
  }

  @Nested
  @Covers(owner = Col2im.class, method = "forward")
  class Adjoint extends KernelContract<ConvShape> {
    @Override
    protected List<ConvShape> shapes() {
      return grid();
    }

    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("columns", Im2col.columnsSize(s));
      arrays.output("gradInput", s.inputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      Col2im.forward(s, v.floats("columns"), v.floats("gradInput"), parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("gradInput", RefConv2d.col2im(s, d.of("columns")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.sumOf(s.window().kh() * s.window().kw());
    }

    @Override
    protected List<Gradient> gradients(ConvShape s) {
      return List.of(
          Gradient.linear(
              "input", s.inputSize(), x -> RefConv2d.im2col(s, x), g -> RefConv2d.col2im(s, g)));
    }
  }

  @Test
  void refusesColumnsThatFitNoArray() {
    ConvShape shape = ConvShape.parse("n128h256w256c32_oc1_k3s1p1");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Im2col.columnsSize(shape));
    assertEquals(
        shape + ": columns n*oh*ow*kh*kw*c = 2415919104 floats do not fit an array",
        e.getMessage());
  }

  /** The shared grid, and windows that lie in the padding alone. */
  private static List<ConvShape> grid() {
    List<ConvShape> all = new ArrayList<>(Grids.conv());
    Stream.of("n1h3w2c3_oc2_k2s1p3x4", "n2h2w3c4_oc2_k2s2p5_g2", "n1h2w2c2_oc1_k2s1p6d3")
        .map(ConvShape::parse)
        .forEach(all::add);
    return all;
  }
}
