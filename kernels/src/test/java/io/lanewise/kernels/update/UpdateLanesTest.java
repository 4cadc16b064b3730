package io.lanewise.kernels.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The twins of {@link UpdateLanes} give the same bits. */
class UpdateLanesTest {
  private static final Regularization DECAY = new Regularization(0.03, 0.2);
  private static final float SCALE = 0.7f;
  private static final float[] SPECIAL = {
    0,
    -0f,
    1,
    -1,
    Float.MIN_VALUE,
    -Float.MIN_NORMAL,
    1e-30f,
    1e30f,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  /** One method of the interface, on two arrays of state. */
  private record Pass(String name, Runner runner) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  private interface Runner {
    void run(
        UpdateLanes lanes, float[] grad, float[] value, float[] a, float[] b, int at, int count);
  }

  static Stream<Pass> passes() {
    SgdUpdate.Settings sgd = new SgdUpdate.Settings(0.1, 0.9, true);
    AdagradUpdate.Settings adagrad = new AdagradUpdate.Settings(0.1, 1e-10);
    AdadeltaUpdate.Settings adadelta = new AdadeltaUpdate.Settings(0.9, 0.95, 1e-6);
    RmspropUpdate.Settings rmsprop = new RmspropUpdate.Settings(0.1, 0.99, 1e-8, 0.9);
    AdamUpdate.Settings adam = new AdamUpdate.Settings(0.1, 0.9, 0.999, 1e-8, 3);
    return Stream.of(
        new Pass("sgd", (l, g, w, a, b, at, n) -> l.sgd(sgd, DECAY, SCALE, g, w, at, n)),
        new Pass(
            "momentum", (l, g, w, a, b, at, n) -> l.momentum(sgd, DECAY, SCALE, g, w, a, at, n)),
        new Pass(
            "nesterov", (l, g, w, a, b, at, n) -> l.nesterov(sgd, DECAY, SCALE, g, w, a, at, n)),
        new Pass(
            "adagrad", (l, g, w, a, b, at, n) -> l.adagrad(adagrad, DECAY, SCALE, g, w, a, at, n)),
        new Pass(
            "adadelta",
            (l, g, w, a, b, at, n) -> l.adadelta(adadelta, DECAY, SCALE, g, w, a, b, at, n)),
        new Pass(
            "rmsprop", (l, g, w, a, b, at, n) -> l.rmsprop(rmsprop, DECAY, SCALE, g, w, a, at, n)),
        new Pass(
            "rmspropMomentum",
            (l, g, w, a, b, at, n) -> l.rmspropMomentum(rmsprop, DECAY, SCALE, g, w, a, b, at, n)),
        new Pass(
            "adam",
            (l, g, w, a, b, at, n) -> l.adam(adam, 0.99f, DECAY, SCALE, g, w, a, b, at, n)));
  }

  @ParameterizedTest
  @MethodSource("passes")
  void twinsGiveTheSameBits(Pass pass) {
    Random random = new Random(1);
    for (int count = 0; count <= 3 * 16 + 1; count++) {
      for (int at : new int[] {0, 1, 5}) {
        compare(pass, random, at, count);
      }
    }
    for (int i = 0; i < 8; i++) {
      compare(pass, random, 3, 10_000);
    }
  }

  @Test
  void everyPassIsListed() {
    assertEquals(
        Stream.of(UpdateLanes.class.getDeclaredMethods())
            .filter(method -> !java.lang.reflect.Modifier.isStatic(method.getModifiers()))
            .count(),
        passes().count());
  }

  private static void compare(Pass pass, Random random, int at, int count) {
    float[][] simd = new float[4][at + count + 7];
    float[][] scalar = new float[4][];
    for (int array = 0; array < 4; array++) {
      for (int i = 0; i < simd[array].length; i++) {
        simd[array][i] = draw(random);
      }
      scalar[array] = simd[array].clone();
    }
    pass.runner.run(new SimdUpdateLanes(), simd[0], simd[1], simd[2], simd[3], at, count);
    pass.runner.run(new ScalarUpdateLanes(), scalar[0], scalar[1], scalar[2], scalar[3], at, count);
    for (int array = 0; array < 4; array++) {
      for (int i = 0; i < simd[array].length; i++) {
        if (Float.floatToIntBits(simd[array][i]) != Float.floatToIntBits(scalar[array][i])) {
          assertEquals(
              scalar[array][i],
              simd[array][i],
              pass + " array " + array + "[" + i + "] of " + count);
        }
      }
    }
  }

  private static float draw(Random random) {
    return random.nextInt(4) == 0
        ? SPECIAL[random.nextInt(SPECIAL.length)]
        : (float) random.nextGaussian();
  }
}
