package io.lanewise.kernels.pool;

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
import io.lanewise.kernels.reference.RefPool;
import io.lanewise.kernels.shape.PoolShape;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GlobalAvgPoolTest {
  /** A multiple of every area in the grid, so that means are whole. */
  private static final int AREAS = 49 * 64 * 3;

  @Nested
  @Covers(owner = GlobalAvgPool.class, method = "forward")
  class Forward extends KernelContract<PoolShape> {
    @Override
    protected List<PoolShape> shapes() {
      return Grids.globalPool();
    }

    @Override
    protected void declare(PoolShape s, Signature arrays) {
      arrays
          .input("input", s.inputSize())
          .drawnExactly((random, i) -> AREAS * (random.nextInt(7) - 3));
      arrays.output("output", s.outputSize());
    }

    @Override
    protected void run(PoolShape s, Values v, Workspace workspace, Parallel parallel) {
      GlobalAvgPool.forward(s, v.floats("input"), v.floats("output"), parallel);
    }

    @Override
    protected void reference(PoolShape s, Doubles d) {
      d.set("output", RefPool.average(s, d.of("input")));
    }

    @Override
    protected Bound bound(PoolShape s, String array) {
      return Bound.sumOf(s.h() * s.w());
    }
  }

  @Nested
  @Covers(owner = GlobalAvgPool.class, method = "backward")
  class Backward extends KernelContract<PoolShape> {
    @Override
    protected List<PoolShape> shapes() {
      return Grids.globalPool();
    }

    @Override
    protected void declare(PoolShape s, Signature arrays) {
      arrays
          .input("gradOutput", s.outputSize())
          .drawnExactly((random, i) -> AREAS * (random.nextInt(7) - 3));
      arrays.output("gradInput", s.inputSize());
    }

    @Override
    protected void run(PoolShape s, Values v, Workspace workspace, Parallel parallel) {
      GlobalAvgPool.backward(s, v.floats("gradOutput"), v.floats("gradInput"), parallel);
    }

    @Override
    protected void reference(PoolShape s, Doubles d) {
      d.set("gradInput", RefPool.averageBackward(s, d.of("gradOutput")));
    }

    @Override
    protected Bound bound(PoolShape s, String array) {
      return Bound.ulps(0.5);
    }

    @Override
    protected List<Gradient> gradients(PoolShape s) {
      return List.of(
          Gradient.linear(
              "input",
              s.inputSize(),
              x -> RefPool.average(s, x),
              g -> RefPool.averageBackward(s, g)));
    }
  }

  @Test
  void refusesAWindowThatIsNotTheImage() {
    PoolShape shape = PoolShape.parse("n1h4w4c3_k2s2p0");
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> GlobalAvgPool.forward(shape, new float[48], new float[12], Parallel.serial()));
    assertEquals(
        "n1h4w4c3_k2s2p0: global pooling needs one window over the whole image,"
            + " n1h4w4c3_k4s1p0",
        e.getMessage());
  }
}
