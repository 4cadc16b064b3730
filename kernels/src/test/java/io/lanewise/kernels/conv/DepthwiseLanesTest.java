package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
                    neighbours(channels, 4),
                    neighbours(channels, 7)));
  }

  /** Three by three taps on neighbouring pixels. */
  private static DepthwiseRun neighbours(int channels, int pixels) {
    DepthwiseRun run = run(channels, pixels, 3, 3);
    run.sourceStep = channels;
    run.sourceRowPitch = (pixels + 2) * channels;
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
    float[] source = numbers(SOURCE_AT + run.rows * run.sourceRowPitch);
    float[] target = numbers(TARGET_AT + run.pixels * run.channels);
    same(
        WEIGHT_AT + run.rows * run.weightRowPitch,
        (lanes, sums) -> lanes.addProducts(run, source, target, sums));
  }

  private static Stream<Arguments> pairs() {
    return IntStream.rangeClosed(1, 3 * 16 + 1)
        .boxed()
        .flatMap(
            channels ->
                Stream.of(
                    Arguments.of(channels, 4, true, true),
                    Arguments.of(channels, 4, false, false),
                    Arguments.of(channels, 8, true, false),
                    Arguments.of(channels, 8, false, true),
                    Arguments.of(channels, 12, true, true)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void weightedSumsOfPairs(int channels, int pixels, boolean left, boolean right) {
    float[] source = paddedLines(channels, pixels, left, right);
    float[] weight = numbers(WEIGHT_AT + 9 * channels);
    float[] bias = numbers(channels);
    for (float[] initial : new float[][] {null, bias}) {
      same(
          TARGET_AT + 2 * pixels * channels,
          (lanes, target) -> {
            DepthwisePair pair = pair(channels, pixels, left, right, source, target);
            pair.weightAt = WEIGHT_AT + 8 * channels;
            pair.weightRowPitch = -3 * channels;
            pair.weightColPitch = -channels;
            lanes.weightedSums(pair, weight, initial);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void addProductsOfPairs(int channels, int pixels, boolean left, boolean right) {
    float[] source = paddedLines(channels, pixels, left, right);
    float[] target = numbers(TARGET_AT + 2 * pixels * channels);
    same(
        WEIGHT_AT + 9 * channels,
        (lanes, sums) -> {
          DepthwisePair pair = pair(channels, pixels, left, right, source, target);
          pair.weightAt = WEIGHT_AT;
          pair.weightRowPitch = 3 * channels;
          pair.weightColPitch = channels;
          lanes.addProducts(pair, sums);
        });
  }

  /** Four lines, with NaN where the sides are padded. */
  private static float[] paddedLines(int channels, int pixels, boolean left, boolean right) {
    int line = (pixels + 2) * channels;
    float[] source = numbers(SOURCE_AT + 4 * line);
    for (int r = 0; r < 4; r++) {
      int at = SOURCE_AT + r * line;
      Arrays.fill(source, at, at + (left ? channels : 0), Float.NaN);
      Arrays.fill(source, at + line - (right ? channels : 0), at + line, Float.NaN);
    }
    return source;
  }

  private static DepthwisePair pair(
      int channels, int pixels, boolean left, boolean right, float[] source, float[] target) {
    DepthwisePair pair = new DepthwisePair(channels, new float[channels]);
    pair.pixels = pixels;
    pair.leftPadded = left;
    pair.rightPadded = right;
    int line = (pixels + 2) * channels;
    pair.source0 = source;
    pair.source1 = source;
    pair.source2 = source;
    pair.source3 = source;
    pair.source0At = SOURCE_AT;
    pair.source1At = SOURCE_AT + line;
    pair.source2At = SOURCE_AT + 2 * line;
    pair.source3At = SOURCE_AT + 3 * line;
    pair.target0 = target;
    pair.target1 = target;
    pair.target0At = TARGET_AT;
    pair.target1At = TARGET_AT + pixels * channels;
    return pair;
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
