package io.lanewise.kernels.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The twins of {@link ElementwiseLanes} give the same bits, wherever a run starts and ends. */
class ElementwiseLanesTest {
  private static final int LONGEST = 3 * 16 + 1;
  private static final int AT = 5;
  private static final float[] SPECIAL = {
    0,
    -0f,
    1,
    -1,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    1e-40f,
    88.7f,
    -87.4f
  };

  private final ElementwiseLanes simd = new SimdElementwiseLanes();
  private final ElementwiseLanes scalar = new ScalarElementwiseLanes();

  /** One loop of either twin on two arrays. */
  private interface Loop {
    void run(ElementwiseLanes lanes, float[] x, float[] g, float[] out, int at, int count);
  }

  @Test
  void shift() {
    check((lanes, x, g, out, at, count) -> lanes.shift(0.3f, x, out, at, count));
  }

  @Test
  void exp() {
    check((lanes, x, g, out, at, count) -> lanes.exp(x, out, at, count));
  }

  @Test
  void square() {
    check((lanes, x, g, out, at, count) -> lanes.square(x, out, at, count));
  }

  @Test
  void squareBackward() {
    check((lanes, x, g, out, at, count) -> lanes.squareBackward(g, x, out, at, count));
  }

  @Test
  void reciprocal() {
    check((lanes, x, g, out, at, count) -> lanes.reciprocal(x, out, at, count));
  }

  @Test
  void reciprocalBackward() {
    check((lanes, x, g, out, at, count) -> lanes.reciprocalBackward(g, x, out, at, count));
  }

  @Test
  void dropout() {
    check(
        (lanes, x, g, out, at, count) ->
            lanes.dropout(0x123456789abcdefL, -1 << 30, 1.5f, 7, x, out, at, count));
  }

  private void check(Loop loop) {
    Random random = new Random(1);
    for (int count = 0; count <= LONGEST; count++) {
      float[] x = draw(random);
      float[] g = draw(random);
      float[] expected = new float[LONGEST + 2 * AT];
      float[] found = new float[LONGEST + 2 * AT];
      loop.run(scalar, x, g, expected, AT, count);
      loop.run(simd, x, g, found, AT, count);
      assertArrayEquals(bits(expected), bits(found), "run of " + count);
    }
  }

  private static float[] draw(Random random) {
    float[] array = new float[LONGEST + 2 * AT];
    for (int i = 0; i < array.length; i++) {
      boolean special = random.nextInt(4) == 0;
      float drawn = (float) (10 * random.nextGaussian());
      array[i] = special ? SPECIAL[random.nextInt(SPECIAL.length)] : drawn;
    }
    return array;
  }

  private static int[] bits(float[] array) {
    int[] bits = new int[array.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(array[i]);
    }
    return bits;
  }
}
