package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The twins give the same bits, {@link NarrowLanes} and {@link PatchLanes}. */
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

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 16, 17, 96, 101})
  void rowsOfPatches(int inside) {
    float[] image = numbers(AT + inside);
    for (int before : new int[] {0, 3, 16, 33}) {
      for (int after : new int[] {0, 5, 32}) {
        float[] simd = numbers(AT + before + inside + after + 1);
        float[] scalar = simd.clone();
        new SimdPatchLanes().copyRow(before, inside, after, image, AT, simd, AT);
        new ScalarPatchLanes().copyRow(before, inside, after, image, AT, scalar, AT);
        assertArrayEquals(scalar, simd);
      }
    }
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
