package io.lanewise.kernels.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lanewise.kernels.shape.PoolShape;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The twins give the same bits for any number of channels. */
class PoolLanesTest {
  private static final float[] SPECIALS = {0f, -0f, Float.NaN, 1f / 0, -1f / 0, 1e-42f};

  private static Stream<PoolShape> shapes() {
    return IntStream.rangeClosed(1, 3 * 16 + 1)
        .boxed()
        .flatMap(
            c ->
                Stream.of("_k2s2p0", "_k3s2p1", "_k2s1p0", "_k3s3p1_uncounted_ceil")
                    .map(window -> PoolShape.parse("n2h5w7c" + c + window)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void max(PoolShape s) {
    float[] input = values(s.inputSize());
    int[][] argmax = new int[2][s.outputSize()];
    same(
        s,
        true,
        s.outputSize(),
        (lanes, run, out) ->
            lanes.max(run, input, out, argmax[lanes instanceof SimdPoolLanes ? 0 : 1]));
    assertArrayEquals(argmax[1], argmax[0]);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void average(PoolShape s) {
    float[] input = numbers(s.inputSize());
    same(s, true, s.outputSize(), (lanes, run, out) -> lanes.average(run, input, out));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void route(PoolShape s) {
    float[] gradOutput = values(s.outputSize());
    int[] argmax = new Random(5).ints(s.outputSize(), 0, 9).toArray();
    for (boolean add : new boolean[] {false, true}) {
      same(
          s,
          false,
          s.inputSize(),
          (lanes, run, out) -> lanes.route(run, gradOutput, argmax, add, out));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void spread(PoolShape s) {
    float[] gradOutput = numbers(s.outputSize());
    for (boolean add : new boolean[] {false, true}) {
      same(s, false, s.inputSize(), (lanes, run, out) -> lanes.spread(run, gradOutput, add, out));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void columnMeans(PoolShape s) {
    float[] matrix = numbers(7 * s.c() + 3);
    same(s, true, s.c() + 5, (lanes, run, out) -> lanes.columnMeans(matrix, 3, 7, s.c(), out, 5));
  }

  private interface Call {
    void on(PoolLanes lanes, PoolRun run, float[] out);
  }

  private static void same(PoolShape s, boolean forward, int size, Call call) {
    int[] simd = bits(new SimdPoolLanes(), s, forward, size, call);
    int[] scalar = bits(new ScalarPoolLanes(), s, forward, size, call);
    assertArrayEquals(scalar, simd);
  }

  private static int[] bits(PoolLanes lanes, PoolShape s, boolean forward, int size, Call call) {
    float[] out = new float[size];
    PoolRun run = forward ? PoolRun.forward(s) : PoolRun.backward(s);
    for (int row = 0; row < PoolRun.rows(s); row++) {
      run.start(row);
      while (run.next()) {
        call.on(lanes, run, out);
      }
    }
    return IntStream.range(0, size).map(i -> Float.floatToRawIntBits(out[i])).toArray();
  }

  private static float[] numbers(int size) {
    Random random = new Random(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] values(int size) {
    float[] values = numbers(size);
    for (int i = 0; i < size; i += 3) {
      values[i] = SPECIALS[i / 3 % SPECIALS.length];
    }
    return values;
  }
}
