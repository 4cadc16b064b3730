package io.lanewise.kernels.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.norm.LocalResponseNorm.Settings;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefLocalResponseNorm;
import io.lanewise.kernels.shape.ChannelShape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LocalResponseNormTest {
  private static final List<Settings> SETTINGS =
      List.of(
          new Settings(5, 0.5f, 0.75f, 2),
          new Settings(4, 1, 0.75f, 1),
          new Settings(3, 0.25f, 0.5f, 1),
          new Settings(100, 0.25f, 1.3f, 2));

  /** A shape and the constants of the formula. */
  record Case(ChannelShape shape, Settings settings) {
    @Override
    public String toString() {
      return shape + " " + settings;
    }
  }

  private abstract static class Contract extends KernelContract<Case> {
    @Override
    protected List<Case> shapes() {
      return Grids.channels().stream()
          .flatMap(s -> SETTINGS.stream().map(settings -> new Case(s, settings)))
          .toList();
    }

    @Override
    protected String text(Case c) {
      return c.shape().toString();
    }

    @Override
    protected boolean isExactOnIntegers(Case c) {
      return false;
    }
  }

  @Nested
  @Covers(owner = LocalResponseNorm.class, method = "forward")
  class Forward extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      arrays.input("input", c.shape().size());
      arrays.output("output", c.shape().size());
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      LocalResponseNorm.forward(
          c.shape(), c.settings(), v.floats("input"), v.floats("output"), workspace, parallel);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      d.set("output", RefLocalResponseNorm.forward(c.shape(), c.settings(), d.of("input")));
    }

    /** All terms of a sum are positive, so relative errors add up. */
    @Override
    protected Bound bound(Case c, String array) {
      return Bound.ulps(c.settings().size() + 6);
    }
  }

  @Nested
  @Covers(owner = LocalResponseNorm.class, method = "backward")
  class Backward extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      arrays.input("gradOutput", c.shape().size());
      arrays.input("input", c.shape().size());
      arrays.output("gradInput", c.shape().size());
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      LocalResponseNorm.backward(
          c.shape(),
          c.settings(),
          v.floats("gradOutput"),
          v.floats("input"),
          v.floats("gradInput"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      d.set(
          "gradInput",
          RefLocalResponseNorm.backward(
              c.shape(), c.settings(), d.of("gradOutput"), d.of("input")));
    }

    /** With factors below 1 and sums of at most size * |g x| of values below 5. */
    @Override
    protected Bound bound(Case c, String array) {
      return Bound.absolute(Bound.ROUNDING * 40 * (c.settings().size() + 8));
    }

    @Override
    protected List<Gradient> gradients(Case c) {
      return List.of(
          Gradient.of(
              "input",
              c.shape().size(),
              x -> RefLocalResponseNorm.forward(c.shape(), c.settings(), x),
              (x, g) -> RefLocalResponseNorm.backward(c.shape(), c.settings(), g, x)));
    }
  }

  @Test
  void twinsGiveTheSameBits() {
    Random random = new Random(1);
    float[] sums = new float[4 * 71];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = 9 * random.nextFloat();
    }
    float[] expected = sums.clone();
    new ScalarPowerLanes().threeQuarters(0.3f, 2, expected, 3, 75, 147, 67);
    new SimdPowerLanes().threeQuarters(0.3f, 2, sums, 3, 75, 147, 67);
    assertArrayEquals(expected, sums);
  }

  @Test
  void refusesConstantsThatDivideByZero() {
    String error =
        assertThrows(IllegalArgumentException.class, () -> new Settings(5, 1, 0.75f, 0))
            .getMessage();
    assertTrue(error.contains("k 0.0; needs"), error);
    assertThrows(IllegalArgumentException.class, () -> new Settings(0, 1, 0.75f, 1));
  }

  /** A window over all channels of equal values: {@code x / (k + alpha * x^2)^beta}. */
  @Test
  void theMiddleOfEqualChannels() {
    float[] x = new float[5];
    Arrays.fill(x, 2);
    float[] y = new float[5];
    LocalResponseNorm.forward(
        new ChannelShape(1, 5),
        new Settings(5, 3.5f, 0.75f, 2),
        x,
        y,
        new Workspace(Parallel.serial()),
        Parallel.serial());
    assertArrayEquals(new float[] {2 / 8f}, new float[] {y[2]}); // (2 + 3.5 * 4)^0.75 = 8
  }
}
