package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The twins of {@link RowLanes} give the same bits for any number of vectors, and write no more.
 */
class RowLanesTest {
  private static final int AT = 5;

  private static IntStream counts() {
    return IntStream.rangeClosed(0, 2 * 16 + 1);
  }

  @ParameterizedTest
  @MethodSource("counts")
  void transformsApart(int count) {
    int from = count + 2;
    int to = count + 3;
    float[] d = numbers(AT + 8 * from);
    check(AT + 8 * to, (lanes, v) -> lanes.input(count, d, AT, from, v, AT, to));
    check(AT + 8 * to, (lanes, u) -> lanes.weight(count, d, AT, from, u, AT, to));
    check(AT + 8 * to, (lanes, p) -> lanes.outputGradient(count, d, AT, from, p, AT, to));
  }

  @ParameterizedTest
  @MethodSource("counts")
  void transformsInPlace(int count) {
    check(AT + 8 * count, (lanes, v) -> lanes.input(count, v, AT, count, v, AT, count));
    check(AT + 8 * count, (lanes, sums) -> lanes.weightGradient(count, sums, AT, count));
  }

  /** What lies behind the runs is arbitrary. */
  @ParameterizedTest
  @MethodSource("counts")
  void sumsBecomePixels(int count) {
    int pitch = count + 16;
    for (boolean rectify : new boolean[] {false, true}) {
      check(
          AT + 8 * pitch,
          (lanes, sums) -> {
            lanes.output(count, 0.7f, rectify, sums, AT, pitch);
            for (int row = 0; row < 8; row++) {
              Arrays.fill(sums, AT + row * pitch + count, AT + (row + 1) * pitch, 0);
            }
          });
    }
  }

  /** Of ragged tiles only some pixels are stored, and nothing between channels and tiles. */
  @ParameterizedTest
  @CsvSource({"0, 16", "1, 1", "1, 16", "3, 17", "12, 16", "4, 48", "5, 31"})
  void sumsOfChannelsBecomePixels(int count, int channels) {
    int tilePitch = channels + 3;
    int pitch = count * tilePitch + 2;
    float[] sums = numbers(AT + 8 * pitch);
    for (int pixels = 1; pixels <= 4; pixels++) {
      int stored = pixels;
      for (boolean rectify : new boolean[] {false, true}) {
        for (float[] bias : new float[][] {null, numbers(channels)}) {
          float[] expected = numbers(AT + 4 * count * channels + 1);
          float[] column = new float[8];
          for (int i = 0; i < count * channels; i++) {
            int tile = i / channels;
            int o = i % channels;
            for (int p = 0; p < 8; p++) {
              column[p] = sums[AT + p * pitch + tile * tilePitch + o];
            }
            new ScalarRowLanes().output(1, bias == null ? 0 : bias[o], rectify, column, 0, 1);
            for (int j = 0; j < stored; j++) {
              expected[AT + (4 * tile + j) * channels + o] = column[j];
            }
          }
          for (RowLanes lanes : List.of(new SimdRowLanes(), new ScalarRowLanes())) {
            float[] output = numbers(expected.length);
            lanes.pixels(
                count, stored, channels, bias, rectify, sums, AT, tilePitch, pitch, output, AT);
            assertArrayEquals(expected, output);
          }
        }
      }
    }
  }

  private static void check(int size, BiConsumer<RowLanes, float[]> call) {
    float[] simd = numbers(size);
    float[] scalar = simd.clone();
    call.accept(new SimdRowLanes(), simd);
    call.accept(new ScalarRowLanes(), scalar);
    assertArrayEquals(scalar, simd);
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
