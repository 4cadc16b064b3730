package io.lanewise.kernels.activation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The twins of {@link ActivationLanes} give the same bits, wherever a run starts and ends. */
class ActivationLanesTest {
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

  private final ActivationLanes simd = new SimdActivationLanes();
  private final ActivationLanes scalar = new ScalarActivationLanes();

  /** One loop of either twin on two arrays. */
  private interface Loop {
    void run(ActivationLanes lanes, float[] x, float[] g, float[] out, int at, int count);
  }

  @Test
  void relu() {
    check((lanes, x, g, out, at, count) -> lanes.relu(x, out, at, count));
  }

  @Test
  void reluBackward() {
    check((lanes, x, g, out, at, count) -> lanes.reluBackward(g, x, out, at, count));
  }

  @Test
  void leakyRelu() {
    check((lanes, x, g, out, at, count) -> lanes.leakyRelu(0.1f, x, out, at, count));
  }

  @Test
  void leakyReluBackward() {
    check((lanes, x, g, out, at, count) -> lanes.leakyReluBackward(0.1f, g, x, out, at, count));
  }

  @Test
  void sigmoid() {
    check((lanes, x, g, out, at, count) -> lanes.sigmoid(x, out, at, count));
  }

  @Test
  void sigmoidBackward() {
    check((lanes, x, g, out, at, count) -> lanes.sigmoidBackward(g, x, out, at, count));
  }

  @Test
  void tanh() {
    check((lanes, x, g, out, at, count) -> lanes.tanh(x, out, at, count));
  }

  @Test
  void tanhBackward() {
    check((lanes, x, g, out, at, count) -> lanes.tanhBackward(g, x, out, at, count));
  }

  @Test
  void gelu() {
    check((lanes, x, g, out, at, count) -> lanes.gelu(x, out, at, count));
  }

  @Test
  void geluBackward() {
    check((lanes, x, g, out, at, count) -> lanes.geluBackward(g, x, out, at, count));
  }

  @Test
  void silu() {
    check((lanes, x, g, out, at, count) -> lanes.silu(x, out, at, count));
  }

  @Test
  void siluBackward() {
    check((lanes, x, g, out, at, count) -> lanes.siluBackward(g, x, out, at, count));
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
