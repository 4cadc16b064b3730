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
    for (int pad = 0; pad <= 2; pad++) {
      checkBands(channels, m, pad, simd, scalar);
    }
  }

  /** Bands of 1 to 3 tiles of an image of 9 x 11, over some of its edges or none. */
  private static void checkBands(
      int channels, int m, int pad, WinogradLanes simd, WinogradLanes scalar) {
    int c = channels + 3;
    int t = m + 2;
    WinogradTile size = m == 2 ? WinogradTile.TWO : WinogradTile.FOUR;
    int oh = 9 + 2 * pad - 2;
    int ow = 11 + 2 * pad - 2;
    WinogradShape s = new WinogradShape(size, 2, 9, 11, c, oh, ow, c, pad, pad);
    WinogradBands patches = WinogradBands.ofInput(s, numbers(2 * 9 * 11 * c));
    WinogradBands pixels = WinogradBands.ofOutput(s, numbers(2 * oh * ow * c));
    int tilePitch = t * t * (c + 1);
    PositionGrid uniform = PositionGrid.uniform(t, c);
    PositionGrid grouped = PositionGrid.grouped(t, 2, c, 2 * c + 1);
    int tiles;
    for (int first = s.tiles() / 2; first < s.tiles(); first += tiles) {
      int tile = first;
      int band = patches.sideBySide(tile, 1 + tile % 3);
      int floats = AT + band * tilePitch;
      for (PositionGrid grid : new PositionGrid[] {uniform, grouped}) {
        same(
            simd,
            scalar,
            floats,
            (lanes, out, scratch) ->
                lanes.input(patches, tile, band, 2, channels, out, AT, tilePitch, grid, scratch));
      }
      same(
          simd,
          scalar,
          floats,
          (lanes, out, scratch) ->
              lanes.outputGradient(
                  pixels, tile, band, 2, channels, out, AT, tilePitch, uniform, scratch));
      tiles = band;
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
