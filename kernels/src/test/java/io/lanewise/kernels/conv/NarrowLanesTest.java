package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The twins of {@link NarrowLanes} give the same bits. */
class NarrowLanesTest {
  private static final int AT = 5;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 104, 256})
  void sumsOverTiles(int tiles) {
    float[] v = numbers(AT + tiles * 16);
    float[] p = numbers(AT + tiles * 16 + 1);
    float[] simd = new float[AT + 16 * 16];
    float[] scalar = new float[AT + 16 * 16];
    new SimdNarrowLanes().sumOverTiles(tiles, v, AT, p, AT, simd, AT);
    new ScalarNarrowLanes().sumOverTiles(tiles, v, AT, p, AT, scalar, AT);
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
