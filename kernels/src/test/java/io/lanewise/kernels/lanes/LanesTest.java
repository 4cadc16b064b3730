package io.lanewise.kernels.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The twins give the same bits, at every length and offset, and what each loop's text says. */
class LanesTest {
  private static final Lanes SIMD = new SimdLanes();
  private static final Lanes SCALAR = new ScalarLanes();
  private static final int OFFSETS = 4;
  private static final int ARRAYS = 5;
  private static final float FACTOR = 0.7f;

  /** One loop: arrays 0 to 2 are read, 3 and 4 written. */
  private enum Loop {
    ADD {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.add(v[0], at[0], v[1], at[1], v[3], at[3], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return new float[] {a + b, y};
      }
    },
    MUL {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.mul(v[0], at[0], v[1], at[1], v[3], at[3], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return new float[] {a * b, y};
      }
    },
    MAX {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.max(v[0], at[0], v[1], at[1], v[3], at[3], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return new float[] {Math.max(a, b), y};
      }
    },
    ROUTE {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.route(v[0], at[0], v[1], at[1], v[2], at[2], v[3], at[3], v[4], at[4], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return a >= b ? new float[] {grad, 0} : new float[] {0, grad};
      }
    },
    SCALE {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.scale(FACTOR, v[0], at[0], v[3], at[3], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return new float[] {FACTOR * a, y};
      }
    },
    DIVIDE {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.divide(v[0], at[0], FACTOR, v[3], at[3], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return new float[] {a / FACTOR, y};
      }
    },
    ACCUMULATE {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.accumulate(v[0], at[0], v[3], at[3], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return new float[] {x + a, y};
      }
    },
    ACCUMULATE_PRODUCT {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.accumulateProduct(v[0], at[0], v[1], at[1], v[3], at[3], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return new float[] {Math.fma(a, b, x), y};
      }
    },
    ACCUMULATE_SCALED {
      @Override
      void run(Lanes lanes, float[][] v, int[] at, int count) {
        lanes.accumulateScaled(FACTOR, v[0], at[0], v[3], at[3], count);
      }

      @Override
      float[] expected(float a, float b, float grad, float x, float y) {
        return new float[] {Math.fma(FACTOR, a, x), y};
      }
    };

    abstract void run(Lanes lanes, float[][] v, int[] at, int count);

    /** What becomes of x and y, the old values of arrays 3 and 4. */
    abstract float[] expected(float a, float b, float grad, float x, float y);
  }

  @ParameterizedTest
  @EnumSource(Loop.class)
  void simdAndScalarGiveWhatIsSaid(Loop loop) {
    Random random = new Random(1);
    for (int count = 0; count <= 3 * 16 + 1; count++) {
      for (int round = 0; round < 8; round++) {
        float[][] start = new float[ARRAYS][];
        int[] at = new int[ARRAYS];
        for (int i = 0; i < ARRAYS; i++) {
          at[i] = random.nextInt(OFFSETS);
          start[i] = values(at[i] + count + OFFSETS, random, round % 2 == 1);
        }
        float[][] expected = copy(start);
        for (int i = 0; i < count; i++) {
          float[] results =
              loop.expected(
                  start[0][at[0] + i],
                  start[1][at[1] + i],
                  start[2][at[2] + i],
                  start[3][at[3] + i],
                  start[4][at[4] + i]);
          expected[3][at[3] + i] = results[0];
          expected[4][at[4] + i] = results[1];
        }
        for (Lanes lanes : new Lanes[] {SCALAR, SIMD}) {
          float[][] found = copy(start);
          loop.run(lanes, found, at, count);
          sameBits(expected, found, lanes.getClass().getSimpleName() + " on " + count);
        }
      }
    }
  }

  private static float[][] copy(float[][] arrays) {
    return Stream.of(arrays).map(float[]::clone).toArray(float[][]::new);
  }

  /** Random values, some of them equal in all arrays, and in between infinities, zeros and NaN. */
  private static float[] values(int size, Random random, boolean special) {
    float[] specials = {
      0, -0f, 1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE
    };
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] =
          special && random.nextBoolean()
              ? specials[random.nextInt(specials.length)]
              : (float) random.nextGaussian();
    }
    return values;
  }

  /** Equal bits, where all NaN are one: which operand's NaN goes on is left to the processor. */
  private static void sameBits(float[][] expected, float[][] found, String what) {
    for (int array = 0; array < ARRAYS; array++) {
      for (int i = 0; i < expected[array].length; i++) {
        float e = expected[array][i];
        float f = found[array][i];
        assertEquals(
            Float.floatToIntBits(e),
            Float.floatToIntBits(f),
            () -> what + " values gives " + f + ", needs " + e);
      }
    }
  }
}
