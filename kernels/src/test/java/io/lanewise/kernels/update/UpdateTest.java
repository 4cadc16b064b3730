package io.lanewise.kernels.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefUpdate;
import io.lanewise.kernels.shape.FlatShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class UpdateTest {
  private static final Regularization DECAY = new Regularization(0.03, 0.2);
  private static final float SCALE = 0.7f;

  /** What the steps have in common. */
  abstract static class Step extends KernelContract<FlatShape> {
    @Override
    protected final List<FlatShape> shapes() {
      return Grids.flat().stream().filter(shape -> shape.size() < 100_000).toList();
    }

    @Override
    protected final void declare(FlatShape s, Signature arrays) {
      arrays.input("grad", s.size());
      // Every third value is 0, whose sign is 0.
      arrays
          .updated("value", s.size())
          .drawn((random, i) -> i % 3 == 2 ? 0 : random.nextGaussian())
          .drawnExactly((random, i) -> random.nextInt(7) - 3);
      declareState(s, arrays);
    }

    protected abstract void declareState(FlatShape s, Signature arrays);

    /** Values and terms of their sums are below 8 in magnitude; 8 roundings of such numbers. */
    @Override
    protected Bound bound(FlatShape s, String array) {
      return Bound.absolute(8 * 8 * Bound.ROUNDING);
    }

    @Override
    protected boolean isExactOnIntegers(FlatShape s) {
      return false;
    }
  }

  /** Descent whose factors are powers of two, so that small integers give exact results. */
  abstract static class SgdStep extends Step {
    private static final Regularization HALVES = new Regularization(0.5, 0.25);
    private final SgdUpdate.Settings settings;

    SgdStep(double momentum, boolean nesterov) {
      this.settings = new SgdUpdate.Settings(0.125, momentum, nesterov);
    }

    @Override
    protected void declareState(FlatShape s, Signature arrays) {
      if (settings.momentum() > 0) {
        arrays.updated("velocity", s.size());
      }
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      float[] velocity = settings.momentum() > 0 ? v.floats("velocity") : null;
      SgdUpdate.step(
          s, settings, HALVES, 0.5f, v.floats("grad"), v.floats("value"), velocity, parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      double[] velocity = settings.momentum() > 0 ? d.of("velocity") : null;
      RefUpdate.sgd(settings, HALVES, 0.5, d.of("grad"), d.of("value"), velocity);
    }

    @Override
    protected boolean isExactOnIntegers(FlatShape s) {
      return true;
    }
  }

  @Nested
  @Covers(owner = SgdUpdate.class, method = "step")
  class PlainSgd extends SgdStep {
    PlainSgd() {
      super(0, false);
    }
  }

  @Nested
  @Covers(owner = SgdUpdate.class, method = "step")
  class MomentumSgd extends SgdStep {
    MomentumSgd() {
      super(0.5, false);
    }
  }

  @Nested
  @Covers(owner = SgdUpdate.class, method = "step")
  class NesterovSgd extends SgdStep {
    NesterovSgd() {
      super(0.5, true);
    }
  }

  @Nested
  @Covers(owner = AdagradUpdate.class, method = "step")
  class Adagrad extends Step {
    private final AdagradUpdate.Settings settings = new AdagradUpdate.Settings(0.1, 0.01);

    @Override
    protected void declareState(FlatShape s, Signature arrays) {
      arrays.updated("squareSum", s.size()).between(0, 4);
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      AdagradUpdate.step(
          s,
          settings,
          DECAY,
          SCALE,
          v.floats("grad"),
          v.floats("value"),
          v.floats("squareSum"),
          parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      RefUpdate.adagrad(settings, DECAY, SCALE, d.of("grad"), d.of("value"), d.of("squareSum"));
    }
  }

  @Nested
  @Covers(owner = AdadeltaUpdate.class, method = "step")
  class Adadelta extends Step {
    private final AdadeltaUpdate.Settings settings = new AdadeltaUpdate.Settings(0.3, 0.8, 0.01);

    @Override
    protected void declareState(FlatShape s, Signature arrays) {
      arrays.updated("squareAverage", s.size()).between(0, 4);
      arrays.updated("deltaAverage", s.size()).between(0, 4);
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      AdadeltaUpdate.step(
          s,
          settings,
          DECAY,
          SCALE,
          v.floats("grad"),
          v.floats("value"),
          v.floats("squareAverage"),
          v.floats("deltaAverage"),
          parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      RefUpdate.adadelta(
          settings,
          DECAY,
          SCALE,
          d.of("grad"),
          d.of("value"),
          d.of("squareAverage"),
          d.of("deltaAverage"));
    }
  }

  abstract static class RmspropStep extends Step {
    private final RmspropUpdate.Settings settings;

    RmspropStep(double momentum) {
      this.settings = new RmspropUpdate.Settings(0.1, 0.9, 0.01, momentum);
    }

    @Override
    protected void declareState(FlatShape s, Signature arrays) {
      arrays.updated("squareAverage", s.size()).between(0, 4);
      if (settings.momentum() > 0) {
        arrays.updated("velocity", s.size());
      }
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      RmspropUpdate.step(
          s,
          settings,
          DECAY,
          SCALE,
          v.floats("grad"),
          v.floats("value"),
          v.floats("squareAverage"),
          settings.momentum() > 0 ? v.floats("velocity") : null,
          parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      RefUpdate.rmsprop(
          settings,
          DECAY,
          SCALE,
          d.of("grad"),
          d.of("value"),
          d.of("squareAverage"),
          settings.momentum() > 0 ? d.of("velocity") : null);
    }
  }

  @Nested
  @Covers(owner = RmspropUpdate.class, method = "step")
  class PlainRmsprop extends RmspropStep {
    PlainRmsprop() {
      super(0);
    }
  }

  @Nested
  @Covers(owner = RmspropUpdate.class, method = "step")
  class MomentumRmsprop extends RmspropStep {
    MomentumRmsprop() {
      super(0.9);
    }
  }

  abstract static class AdamStep extends Step {
    static final AdamUpdate.Settings SETTINGS = new AdamUpdate.Settings(0.01, 0.9, 0.99, 1e-3, 7);

    @Override
    protected void declareState(FlatShape s, Signature arrays) {
      arrays.updated("firstMoment", s.size());
      arrays.updated("secondMoment", s.size()).between(0.01, 4);
    }
  }

  @Nested
  @Covers(owner = AdamUpdate.class, method = "step")
  class Adam extends AdamStep {
    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      AdamUpdate.step(
          s,
          SETTINGS,
          DECAY,
          SCALE,
          v.floats("grad"),
          v.floats("value"),
          v.floats("firstMoment"),
          v.floats("secondMoment"),
          parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      RefUpdate.adam(
          SETTINGS,
          DECAY,
          SCALE,
          d.of("grad"),
          d.of("value"),
          d.of("firstMoment"),
          d.of("secondMoment"));
    }
  }

  @Nested
  @Covers(owner = AdamWUpdate.class, method = "step")
  class AdamW extends AdamStep {
    private final AdamWUpdate.Settings settings = new AdamWUpdate.Settings(SETTINGS, 3);

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      AdamWUpdate.step(
          s,
          settings,
          DECAY,
          SCALE,
          v.floats("grad"),
          v.floats("value"),
          v.floats("firstMoment"),
          v.floats("secondMoment"),
          parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      RefUpdate.adamW(
          settings,
          DECAY,
          SCALE,
          d.of("grad"),
          d.of("value"),
          d.of("firstMoment"),
          d.of("secondMoment"));
    }
  }

  @Test
  void zeroGradientsAndStatesStayZero() {
    FlatShape shape = new FlatShape(19);
    float[] zero = new float[19];
    float[] value = new float[19];
    float[] a = new float[19];
    float[] b = new float[19];
    Regularization none = Regularization.NONE;
    Parallel serial = Parallel.serial();
    AdagradUpdate.step(
        shape, new AdagradUpdate.Settings(0.1, 1e-10), none, 1, zero, value, a, serial);
    AdadeltaUpdate.step(
        shape, new AdadeltaUpdate.Settings(1, 0.9, 1e-6), none, 1, zero, value, a, b, serial);
    RmspropUpdate.step(
        shape, new RmspropUpdate.Settings(0.1, 0.9, 1e-8, 0.9), none, 1, zero, value, a, b, serial);
    AdamUpdate.step(
        shape,
        new AdamUpdate.Settings(0.1, 0.9, 0.99, 1e-8, 1),
        none,
        1,
        zero,
        value,
        a,
        b,
        serial);
    assertArrayEquals(new float[19], value);
    assertArrayEquals(new float[19], a);
    assertArrayEquals(new float[19], b);
  }

  @Test
  void decayingStatesEndAtZero() {
    FlatShape shape = new FlatShape(19);
    float[] zero = new float[19];
    float[][] states = new float[7][19];
    for (float[] state : states) {
      Arrays.fill(state, Float.MIN_NORMAL);
    }
    Regularization none = Regularization.NONE;
    Parallel serial = Parallel.serial();
    SgdUpdate.step(
        shape,
        new SgdUpdate.Settings(1, 0.9, true),
        none,
        1,
        zero,
        new float[19],
        states[0],
        serial);
    AdadeltaUpdate.step(
        shape,
        new AdadeltaUpdate.Settings(1, 0.9, 1e-6),
        none,
        1,
        zero,
        new float[19],
        states[1],
        states[2],
        serial);
    RmspropUpdate.step(
        shape,
        new RmspropUpdate.Settings(1, 0.9, 1e-8, 0.9),
        none,
        1,
        zero,
        new float[19],
        states[3],
        states[4],
        serial);
    AdamUpdate.step(
        shape,
        new AdamUpdate.Settings(1, 0.9, 0.999, 1e-8, 1),
        none,
        1,
        zero,
        new float[19],
        states[5],
        states[6],
        serial);
    assertArrayEquals(new float[7][19], states);
  }

  @Test
  void adamTakesALongRun() {
    FlatShape shape = new FlatShape(1);
    float[] value = {1};
    AdamUpdate.step(
        shape,
        new AdamUpdate.Settings(0.5, 0.9, 0.999, 1e-8, Long.MAX_VALUE),
        Regularization.NONE,
        1,
        new float[] {1},
        value,
        new float[] {1},
        new float[] {1},
        Parallel.serial());
    assertEquals(0.5f, value[0], 1e-6f);
  }

  @Test
  void refusesWrongSettings() {
    refuses(
        () -> new Regularization(-1, 0),
        "regularization: l1 is -1.0, needs a finite number of at least 0");
    refuses(
        () -> new Regularization(0, Double.NaN),
        "regularization: l2 is NaN, needs a finite number of at least 0");
    refuses(
        () -> new SgdUpdate.Settings(Double.POSITIVE_INFINITY, 0, false),
        "sgd: learningRate is Infinity, needs a finite number of at least 0");
    refuses(
        () -> new SgdUpdate.Settings(0.1, 1, false),
        "sgd: momentum is 1.0, needs at least 0 and less than 1");
    refuses(
        () -> new SgdUpdate.Settings(0.1, 0, true),
        "sgd: momentum is 0, nesterov needs it above 0");
    refuses(
        () -> new AdagradUpdate.Settings(0.1, 0),
        "adagrad: eps is 0.0, needs a finite number above 0");
    refuses(
        () -> new AdadeltaUpdate.Settings(1, 0.9, 1e-60),
        "adadelta: eps is 1.0E-60, needs a finite number above 0");
    refuses(
        () -> new RmspropUpdate.Settings(1, -0.1, 1e-8, 0),
        "rmsprop: alpha is -0.1, needs at least 0 and less than 1");
    refuses(
        () -> new AdamUpdate.Settings(1, 0.9, 0.999, 1e-8, 0), "adam: step is 0, needs at least 1");
    refuses(
        () -> new AdamWUpdate.Settings(new AdamUpdate.Settings(1, 0.9, 0.999, 1e-8, 1), -0.01),
        "adamw: weightDecay is -0.01, needs a finite number of at least 0");
  }

  private static void refuses(Executable settings, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, settings).getMessage());
  }
}
