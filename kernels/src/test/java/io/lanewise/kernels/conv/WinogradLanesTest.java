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
    check(channels, WinogradTile.TWO, new SimdWinogradLanes2(), new ScalarWinogradLanes2());
  }

  @ParameterizedTest
  @MethodSource("channels")
  void tilesOfFour(int channels) {
    check(channels, WinogradTile.FOUR, new SimdWinogradLanes4(), new ScalarWinogradLanes4());
  }

  @ParameterizedTest
  @MethodSource("channels")
  void tilesOfTwoAtStrideTwo(int channels) {
    check(
        channels,
        WinogradTile.STRIDED,
        new SimdWinogradLanesStrided(),
        new ScalarWinogradLanesStrided());
  }

  @ParameterizedTest
  @MethodSource("channels")
  void tilesOfAnInputsGradientAtStrideTwo(int channels) {
    checkCorrelation(
        channels,
        WinogradTile.TRANSPOSED,
        new SimdWinogradLanesTransposed(),
        new ScalarWinogradLanesTransposed());
  }

  private interface Call<T> {
    void on(T lanes, float[] out, float[] scratch);
  }

  private static void check(
      int channels, WinogradTile tile, WinogradGradientLanes simd, WinogradGradientLanes scalar) {
    checkCorrelation(channels, tile, simd, scalar);
    checkWeightGradient(channels, tile, simd, scalar);
    for (int pad = 0; pad <= 2; pad++) {
      checkOutputGradients(channels, shape(tile, channels + 3, pad), simd, scalar);
    }
  }

  private static void checkCorrelation(
      int channels, WinogradTile tile, WinogradLanes simd, WinogradLanes scalar) {
    checkWeight(channels, tile, simd, scalar);
    checkOutputs(channels, tile, simd, scalar);
    for (int pad = 0; pad <= 2; pad++) {
      checkInputs(channels, shape(tile, channels + 3, pad), simd, scalar);
    }
  }

  /** An image of 9 x 11, whose last tiles hang over its edges and those of the output. */
  private static WinogradShape shape(WinogradTile tile, int c, int pad) {
    int down = WinogradShape.ceil(9 + 2 * pad - tile.patch(), tile.step()) + 1;
    int across = WinogradShape.ceil(11 + 2 * pad - tile.patch(), tile.step()) + 1;
    int oh = down * tile.m() - 1;
    int ow = across * tile.m() - 1;
    return new WinogradShape(tile, 2, 9, 11, c, oh, ow, c, pad, pad);
  }

  /** Bands of 1 to 3 tiles of an image, over some of its edges or none. */
  private static void checkInputs(
      int channels, WinogradShape s, WinogradLanes simd, WinogradLanes scalar) {
    int c = s.c();
    WinogradBands patches = WinogradBands.ofInput(s, numbers(2 * s.h() * s.w() * c));
    PositionGrid uniform = PositionGrid.uniform(s.tile().inputs(), c);
    PositionGrid grouped = PositionGrid.grouped(s.tile().inputs(), 2, c, 2 * c + 1);
    int tilePitch = grouped.size();
    int tiles;
    for (int first = s.tiles() / 2; first < s.tiles(); first += tiles) {
      int tile = first;
      int band = patches.sideBySide(tile, 1 + tile % 3);
      for (PositionGrid grid : new PositionGrid[] {uniform, grouped}) {
        same(
            simd,
            scalar,
            AT + band * tilePitch,
            (lanes, out, scratch) ->
                lanes.input(patches, tile, band, 2, channels, out, AT, tilePitch, grid, scratch));
      }
      tiles = band;
    }
  }

  private static void checkOutputGradients(
      int channels, WinogradShape s, WinogradGradientLanes simd, WinogradGradientLanes scalar) {
    int c = s.oc();
    WinogradBands pixels = WinogradBands.ofOutput(s, numbers(2 * s.oh() * s.ow() * c));
    PositionGrid grid = PositionGrid.uniform(s.tile().gradients(), c);
    int tilePitch = grid.size() + 1;
    int tiles;
    for (int first = s.tiles() / 2; first < s.tiles(); first += tiles) {
      int tile = first;
      int band = pixels.sideBySide(tile, 1 + tile % 3);
      same(
          simd,
          scalar,
          AT + band * tilePitch,
          (lanes, out, scratch) ->
              lanes.outputGradient(
                  pixels, tile, band, 2, channels, out, AT, tilePitch, grid, scratch));
      tiles = band;
    }
  }

  private static void checkOutputs(
      int channels, WinogradTile tile, WinogradLanes simd, WinogradLanes scalar) {
    int m = tile.m();
    int pitch = channels + 3;
    int row = 7 * pitch;
    float[] bias = numbers(AT + channels);
    PositionGrid grid = PositionGrid.uniform(tile.sums(), pitch);
    float[] positions = numbers(AT + grid.size());
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

  private static void checkWeight(
      int channels, WinogradTile tile, WinogradLanes simd, WinogradLanes scalar) {
    int pitch = channels + 3;
    float[] taps = numbers(AT + 9 * pitch);
    PositionGrid grid = PositionGrid.uniform(tile.weights(), pitch);
    for (int sign : new int[] {1, -1}) {
      int at = sign == 1 ? AT : AT + 8 * pitch;
      same(
          simd,
          scalar,
          AT + grid.size(),
          (lanes, out, scratch) ->
              lanes.weight(channels, taps, at, sign * pitch, out, AT, grid, scratch));
    }
  }

  private static void checkWeightGradient(
      int channels, WinogradTile tile, WinogradGradientLanes simd, WinogradGradientLanes scalar) {
    int pitch = channels + 3;
    PositionGrid grid = PositionGrid.uniform(tile.weights(), pitch);
    float[] values = numbers(AT + grid.size());
    same(
        simd,
        scalar,
        AT + 9 * pitch,
        (lanes, out, scratch) ->
            lanes.weightGradient(channels, values, AT, grid, out, AT, pitch, scratch));
  }

  private static <T extends WinogradLanes> void same(T simd, T scalar, int size, Call<T> call) {
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
