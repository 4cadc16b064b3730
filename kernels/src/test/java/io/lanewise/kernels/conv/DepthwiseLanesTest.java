package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The twins give the same bits for any number of channels, pixels and taps. */
class DepthwiseLanesTest {
  private static final int SOURCE_AT = 3;
  private static final int WEIGHT_AT = 7;
  private static final int TARGET_AT = 5;

  private static Stream<DepthwiseRun> runs() {
    return IntStream.rangeClosed(0, 3 * 16 + 1)
        .boxed()
        .flatMap(
            channels ->
                Stream.of(
                    run(channels, 1, 1, 1),
                    run(channels, 3, 2, 2),
                    run(channels, 4, 3, 3),
                    run(channels, 9, 2, 7),
                    run(channels, 6, 3, 0),
                    neighbours(channels, 4, 1),
                    neighbours(channels, 7, 1),
                    neighbours(channels, 8, 3),
                    neighbours(channels, 5, 2)));
  }

  /** Three by three taps on neighbouring pixels, in lines. */
  private static DepthwiseRun neighbours(int channels, int pixels, int lines) {
    DepthwiseRun run = run(channels, pixels, 3, 3);
    run.sourceStep = channels;
    run.sourceRowPitch = (pixels + 2) * channels;
    run.lines = lines;
    run.sourceLine = run.sourceRowPitch;
    run.targetLine = (pixels + 1) * channels;
    return run;
  }

  private static DepthwiseRun run(int channels, int pixels, int rows, int cols) {
    DepthwiseRun run = new DepthwiseRun(channels);
    run.pixels = pixels;
    run.rows = rows;
    run.cols = cols;
    run.sourceAt = SOURCE_AT;
    run.sourceStep = 2 * channels;
    run.sourceColPitch = channels;
    run.sourceRowPitch = (2 * pixels + cols) * channels;
    run.weightAt = WEIGHT_AT;
    run.weightColPitch = channels;
    run.weightRowPitch = cols * channels;
    run.targetAt = TARGET_AT;
    run.targetStep = channels;
    return run;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void weightedSums(DepthwiseRun run) {
    float[] source = numbers(SOURCE_AT + run.rows * run.sourceRowPitch);
    float[] weight = numbers(WEIGHT_AT + run.rows * run.weightRowPitch);
    float[] bias = numbers(run.channels);
    int size = TARGET_AT + run.pixels * run.channels;
    for (float[] initial : new float[][] {null, bias}) {
      same(size, (lanes, target) -> lanes.weightedSums(run, source, weight, initial, target));
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void addProducts(DepthwiseRun run) {
    int lines = run.lines - 1;
    float[] source = numbers(SOURCE_AT + run.rows * run.sourceRowPitch + lines * run.sourceLine);
    float[] target = numbers(TARGET_AT + run.pixels * run.channels + lines * run.targetLine);
    same(
        WEIGHT_AT + run.rows * run.weightRowPitch,
        (lanes, sums) -> lanes.addProducts(run, source, target, sums));
  }

  private interface Call {
    void on(DepthwiseLanes lanes, float[] out);
  }

  private static void same(int size, Call call) {
    float[] simd = numbers(size);
    float[] scalar = simd.clone();
    call.on(new SimdDepthwiseLanes(), simd);
    call.on(new ScalarDepthwiseLanes(), scalar);
    assertArrayEquals(bits(scalar), bits(simd));
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
  }

  private static float[] numbers(int size) {
    Random random = new Random(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
