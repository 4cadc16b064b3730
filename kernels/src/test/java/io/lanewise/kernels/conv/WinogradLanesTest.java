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
    checkWeights(channels, m + 2, simd, scalar);
    checkOutputs(channels, m, simd, scalar);
    for (int row : new int[] {-2, -1, 0, 2, 3, 4}) {
      for (int column : new int[] {-1, 0, 2, 4}) {
        checkBand(channels, m, row, column, simd, scalar);
      }
    }
  }

  /** Bands of 1 to 3 tiles at some place of an image, over some of its edges or none. */
  private static void checkBand(
      int channels, int m, int row, int column, WinogradLanes simd, WinogradLanes scalar) {
    int h = 5;
    int w = 9;
    int c = channels + 3;
    float[] image = numbers(2 * h * w * c);
    int t = m + 2;
    int tiles = 1 + (row + column + 3) % 3;
    int tilePitch = t * t * (c + 1);
    int size = AT + tiles * tilePitch;
    WinogradBand patches = new WinogradBand(image, h, w, c, m, t);
    patches.moveTo(1, row, column, tiles);
    PositionGrid uniform = PositionGrid.uniform(t, c);
    for (PositionGrid grid :
        new PositionGrid[] {uniform, PositionGrid.grouped(t, 2, c, 2 * c + 1)}) {
      same(
          simd,
          scalar,
          size,
          (lanes, out, scratch) ->
              lanes.input(2, channels, patches, out, AT, tilePitch, grid, scratch));
    }
    if (row >= 0 && column >= 0) {
      WinogradBand pixels = new WinogradBand(image, h, w, c, m, m);
      pixels.moveTo(1, row, column, tiles);
      same(
          simd,
          scalar,
          size,
          (lanes, out, scratch) ->
              lanes.outputGradient(2, channels, pixels, out, AT, tilePitch, uniform, scratch));
    }
  }

  private static void checkOutputs(int channels, int m, WinogradLanes simd, WinogradLanes scalar) {
    int t = m + 2;
    int pitch = channels + 3;
    int row = 7 * pitch;
    float[] bias = numbers(AT + channels);
    float[] positions = numbers(AT + t * t * pitch);
    PositionGrid grid = PositionGrid.uniform(t, pitch);
    for (int i = 0; i < 4 * m * m; i++) {
      float[] start = i % 2 == 0 ? null : bias;
      boolean rectify = i / 2 % 2 == 0;
      int rows = 1 + i / 4 % m;
      int columns = 1 + i / 4 / m;
      same(
          simd,
          scalar,
          AT + m * row,
          (lanes, out, scratch) ->
              lanes.output(
                  channels, positions, AT, grid, start, AT, rectify, out, AT, rows, columns, row,
                  pitch, scratch));
    }
  }

  private static void checkWeights(int channels, int t, WinogradLanes simd, WinogradLanes scalar) {
    int pitch = channels + 3;
    float[] taps = numbers(AT + 9 * pitch);
    float[] positions = numbers(AT + t * t * pitch);
    PositionGrid grid = PositionGrid.uniform(t, pitch);
    for (int sign : new int[] {1, -1}) {
      int at = sign == 1 ? AT : AT + 8 * pitch;
      same(
          simd,
          scalar,
          AT + t * t * pitch,
          (lanes, out, scratch) ->
              lanes.weight(channels, taps, at, sign * pitch, out, AT, grid, scratch));
    }
    same(
        simd,
        scalar,
        AT + 9 * pitch,
        (lanes, out, scratch) ->
            lanes.weightGradient(channels, positions, AT, grid, out, AT, pitch, scratch));
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
