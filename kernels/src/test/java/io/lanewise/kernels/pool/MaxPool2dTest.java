package io.lanewise.kernels.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaxPool2dTest {
  @Nested
  @Covers(owner = MaxPool2d.class, method = "forward")
  class Forward extends KernelContract<PoolShape> {
    @Override
    protected List<PoolShape> shapes() {
      return PoolGrid.shapes();
    }

    @Override
    protected void declare(PoolShape s, Signature arrays) {
      arrays.input("input", s.inputSize());
      arrays.output("output", s.outputSize());
      arrays.intOutput("argmax", s.outputSize());
    }

    @Override
    protected void run(PoolShape s, Values v, Workspace workspace, Parallel parallel) {
      MaxPool2d.forward(s, v.floats("input"), v.floats("output"), v.ints("argmax"), parallel);
    }

    @Override
    protected void reference(PoolShape s, Doubles d) {
      d.set("output", RefPool.max(s, d.of("input"), d.ints("argmax")));
    }

    @Override
    protected Bound bound(PoolShape s, String array) {
      return Bound.exact();
    }
  }

  @Nested
  @Covers(owner = MaxPool2d.class, method = "backward")
  class Backward extends KernelContract<PoolShape> {
    @Override
    protected List<PoolShape> shapes() {
      return PoolGrid.shapes();
    }

    @Override
    protected void declare(PoolShape s, Signature arrays) {
      int taps = s.window().kh() * s.window().kw();
      arrays.input("gradOutput", s.outputSize());
      arrays.ints("argmax", s.outputSize(), (random, i) -> random.nextInt(taps));
      arrays.output("gradInput", s.inputSize());
    }

    @Override
    protected void run(PoolShape s, Values v, Workspace workspace, Parallel parallel) {
      MaxPool2d.backward(
          s, v.floats("gradOutput"), v.ints("argmax"), v.floats("gradInput"), parallel);
    }

    @Override
    protected void reference(PoolShape s, Doubles d) {
      d.set("gradInput", RefPool.maxBackward(s, d.of("gradOutput"), d.ints("argmax")));
    }

    @Override
    protected Bound bound(PoolShape s, String array) {
      return Bound.sumOf(s.window().kh() * s.window().kw());
    }

    @Override
    protected List<Gradient> gradients(PoolShape s) {
      return List.of(
          Gradient.of(
              "input",
              s.inputSize(),
              x -> RefPool.max(s, x, new int[s.outputSize()]),
              (x, g) -> {
                int[] argmax = new int[s.outputSize()];
                RefPool.max(s, x, argmax);
                return RefPool.maxBackward(s, g, argmax);
              }));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 16, 20, 33})
  void firstOfEqualValuesWins(int c) {
    PoolShape shape = PoolShape.parse("n1h4w4c" + c + "_k2s2p0");
    float[] output = new float[shape.outputSize()];
    int[] argmax = new int[shape.outputSize()];
    float[] input = new float[shape.inputSize()];
    Arrays.fill(input, 0, input.length / 2, Float.NEGATIVE_INFINITY);
    MaxPool2d.forward(shape, input, output, argmax, Parallel.serial());
    assertArrayEquals(new int[shape.outputSize()], argmax);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 16, 20, 33})
  void nanWinsOverEveryNumber(int c) {
    PoolShape shape = PoolShape.parse("n1h2w4c" + c + "_k2s2p0");
    float[] input = new float[shape.inputSize()];
    Arrays.fill(input, 3);
    Arrays.fill(input, 0, c, Float.NaN);
    Arrays.fill(input, 6 * c, 7 * c, Float.NaN);
    float[] output = new float[shape.outputSize()];
    int[] argmax = new int[shape.outputSize()];
    MaxPool2d.forward(shape, input, output, argmax, Parallel.serial());
    int[] taps = new int[shape.outputSize()];
    Arrays.fill(taps, c, 2 * c, 2);
    float[] nans = new float[shape.outputSize()];
    Arrays.fill(nans, Float.NaN);
    assertArrayEquals(nans, output);
    assertArrayEquals(taps, argmax);
  }

  @Test
  void paddingNeverWins() {
    PoolShape shape = PoolShape.parse("n1h2w2c1_k3s1p1");
    float[] output = new float[4];
    int[] argmax = new int[4];
    MaxPool2d.forward(shape, new float[] {-1, -2, -3, -4}, output, argmax, Parallel.serial());
    assertArrayEquals(new float[] {-1, -1, -1, -1}, output);
    assertArrayEquals(new int[] {4, 3, 1, 0}, argmax);
  }
}
