package io.lanewise.kernels.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The twins of {@link NormLanes} give the same bits, wherever a run starts and ends. */
class NormLanesTest {
  private static final int AT = 3;

  private final NormLanes simd = new SimdNormLanes();
  private final NormLanes scalar = new ScalarNormLanes();

  /** One loop of either twin on inputs, constants and what it writes. */
  private interface Loop {
    void run(NormLanes lanes, float[][] in, float[] tiled, int period, int count, float[][] out);
  }

  @Test
  void addDeviations() {
    check((l, in, t, p, n, out) -> l.addDeviations(in[0], AT, n, p, t, out[0]));
  }

  @Test
  void normalize() {
    for (boolean relu : new boolean[] {false, true}) {
      check((l, in, t, p, n, out) -> l.normalize(in[0], null, AT, n, p, t, relu, out[0]));
      check((l, in, t, p, n, out) -> l.normalize(in[0], in[1], AT, n, p, t, relu, out[0]));
    }
  }

  @Test
  void addGradients() {
    for (boolean relu : new boolean[] {false, true}) {
      check((l, in, t, p, n, out) -> l.addGradients(in[0], in[1], AT, n, p, t, relu, out[0]));
    }
    check(
        (l, in, t, p, n, out) ->
            l.addMaskedGradients(in[0], in[1], in[2], AT, n, p, t, out[1], out[0]));
  }

  @Test
  void gradient() {
    for (boolean relu : new boolean[] {false, true}) {
      check((l, in, t, p, n, out) -> l.gradient(in[0], in[1], AT, n, p, t, relu, out[0]));
    }
  }

  private void check(Loop loop) {
    Random random = new Random(5);
    for (int period : new int[] {1, 5, 16, 33, 64}) {
      for (int count : new int[] {1, 4, period, 3 * period, 9 * period + period / 2}) {
        int size = AT + count + 2 * period + 5;
        float[][] in = new float[3][size];
        for (float[] array : in) {
          for (int i = 0; i < size; i++) {
            array[i] = random.nextInt(9) == 0 ? 0 : (float) random.nextGaussian();
          }
        }
        in[0][AT + count / 2] = Float.NaN;
        float[] tiled = new float[NormLanes.CONSTANTS * period];
        for (int i = 0; i < tiled.length; i++) {
          tiled[i] = (float) random.nextGaussian();
        }
        float[][] expected = {in[2].clone(), in[2].clone()};
        float[][] found = {in[2].clone(), in[2].clone()};
        loop.run(scalar, in, tiled, period, count, expected);
        loop.run(simd, in, tiled, period, count, found);
        for (int i = 0; i < 2; i++) {
          assertArrayEquals(expected[i], found[i], "period " + period + ", count " + count);
        }
      }
    }
  }
}
