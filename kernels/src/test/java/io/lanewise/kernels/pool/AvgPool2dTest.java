package io.lanewise.kernels.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefPool;
import io.lanewise.kernels.shape.PoolShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvgPool2dTest {
  /** A multiple of every number of cells in the grid, so that averages are whole. */
  private static final int CELLS = 5040;

  @Nested
  @Covers(owner = AvgPool2d.class, method = "forward")
  class Forward extends KernelContract<PoolShape> {
    @Override
    protected List<PoolShape> shapes() {
      return PoolGrid.shapes();
    }

    @Override
    protected void declare(PoolShape s, Signature arrays) {
      arrays
          .input("input", s.inputSize())
          .drawnExactly((random, i) -> CELLS * (random.nextInt(7) - 3));
      arrays.output("output", s.outputSize());
    }

    @Override
    protected void run(PoolShape s, Values v, Workspace workspace, Parallel parallel) {
      AvgPool2d.forward(s, v.floats("input"), v.floats("output"), parallel);
    }

    @Override
    protected void reference(PoolShape s, Doubles d) {
      d.set("output", RefPool.average(s, d.of("input")));
    }

    @Override
    protected Bound bound(PoolShape s, String array) {
      return Bound.sumOf(s.window().kh() * s.window().kw());
    }
  }

  @Nested
  @Covers(owner = AvgPool2d.class, method = "backward")
  class Backward extends KernelContract<PoolShape> {
    @Override
    protected List<PoolShape> shapes() {
      return PoolGrid.shapes();
    }

    @Override
    protected void declare(PoolShape s, Signature arrays) {
      arrays
          .input("gradOutput", s.outputSize())
          .drawnExactly((random, i) -> CELLS * (random.nextInt(7) - 3));
      arrays.output("gradInput", s.inputSize());
    }

    @Override
    protected void run(PoolShape s, Values v, Workspace workspace, Parallel parallel) {
      AvgPool2d.backward(s, v.floats("gradOutput"), v.floats("gradInput"), parallel);
    }

    @Override
    protected void reference(PoolShape s, Doubles d) {
      d.set("gradInput", RefPool.averageBackward(s, d.of("gradOutput")));
    }

    @Override
    protected Bound bound(PoolShape s, String array) {
      return Bound.sumOf(s.window().kh() * s.window().kw());
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

  /** On ones, an average is the share of counted cells that lie in the image. */
  @ParameterizedTest
  @CsvSource({
    "n1h2w2c1_k3s1p1, 4/9 4/9 4/9 4/9",
    "n1h2w2c1_k3s1p1_uncounted, 1 1 1 1",
    "n1h1w5c1_k1x2s2p0_ceil, 1 1 1",
    "n1h1w4c1_k1x3s1x2p0x1x0x1_ceil, 2/3 3/3 1/2",
    "n1h1w4c1_k1x3s1x2p0x1x0x1_uncounted_ceil, 1 1 1",
  })
  void countsPaddingButNeverTheOverhang(String text, String averages) {
    PoolShape shape = PoolShape.parse(text);
    float[] input = new float[shape.inputSize()];
    Arrays.fill(input, 1);
    float[] output = new float[shape.outputSize()];
    AvgPool2d.forward(shape, input, output, Parallel.serial());
    String[] expected = averages.split(" ");
    assertEquals(expected.length, output.length);
    for (int i = 0; i < output.length; i++) {
      String[] fraction = (expected[i] + "/1").split("/");
      assertEquals(Float.parseFloat(fraction[0]) / Float.parseFloat(fraction[1]), output[i]);
    }
  }
}
