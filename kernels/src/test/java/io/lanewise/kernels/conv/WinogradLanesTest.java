package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The twins give the same bits for any number of channels. */
class WinogradLanesTest {
  private static final int AT = 5;

  private static IntStream channels() {
    return IntStream.rangeClosed(0, 3 * 16 + 1);
  }

  @ParameterizedTest
  @MethodSource("channels")
  void tilesOfTwo(int channels) {
    check(channels, 2, new SimdWinogradLanes2(), new ScalarWinogradLanes2());
  }

  @ParameterizedTest
  @MethodSource("channels")
  void tilesOfFour(int channels) {
    check(channels, 4, new SimdWinogradLanes4(), new ScalarWinogradLanes4());
  }

  private interface Call {
    void on(WinogradLanes lanes, float[] out, float[] scratch);
  }

  private static void check(int channels, int m, WinogradLanes simd, WinogradLanes scalar) {
    int t = m + 2;
    int pitch = channels + 3;
    int row = 7 * pitch;
    float[] pixels = numbers(AT + t * row);
    float[] bias = numbers(AT + channels);
    PositionGrid uniform = PositionGrid.uniform(t, pitch);
    PositionGrid grouped = PositionGrid.grouped(t, 2, pitch, 2 * pitch + 1);
    int positionsSize = AT + t * t * (pitch + 1);
    float[] positions = numbers(positionsSize);
    for (PositionGrid grid : new PositionGrid[] {uniform, grouped}) {
      same(
          simd,
          scalar,
          positionsSize,
          (lanes, out, scratch) ->
              lanes.input(channels, pixels, AT, row, pitch, out, AT, grid, scratch));
    }
    for (float[] start : new float[][] {null, bias}) {
      for (boolean rectify : new boolean[] {false, true}) {
        same(
            simd,
            scalar,
            AT + m * row,
            (lanes, out, scratch) ->
                lanes.output(
                    channels, positions, AT, uniform, start, AT, rectify, out, AT, row, pitch,
                    scratch));
      }
    }
    same(
        simd,
        scalar,
        positionsSize,
        (lanes, out, scratch) ->
            lanes.weight(channels, pixels, AT, pitch, out, AT, uniform, scratch));
    same(
        simd,
        scalar,
        positionsSize,
        (lanes, out, scratch) ->
            lanes.weight(channels, pixels, AT + 8 * pitch, -pitch, out, AT, uniform, scratch));
    same(
        simd,
        scalar,
        positionsSize,
        (lanes, out, scratch) ->
            lanes.outputGradient(channels, pixels, AT, row, pitch, out, AT, uniform, scratch));
    same(
        simd,
        scalar,
        AT + 9 * pitch,
        (lanes, out, scratch) ->
            lanes.weightGradient(channels, positions, AT, uniform, out, AT, pitch, scratch));
  }

  private static void same(WinogradLanes simd, WinogradLanes scalar, int size, Call call) {
    float[] expected = numbers(size);
    float[] found = expected.clone();
    call.on(scalar, expected, new float[WinogradLanes.SCRATCH]);
    call.on(simd, found, new float[WinogradLanes.SCRATCH]);
    assertArrayEquals(bits(expected), bits(found));
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
