package io.lanewise.kernels.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefGroupNorm;
import io.lanewise.kernels.shape.GroupShape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GroupNormTest {
  private static final float EPS = 1e-3f;

  private static List<GroupShape> grid() {
    return Stream.of(
            "n1rows1c2_g1",
            "n2rows3c4_g2",
            "n3rows5c6_g6",
            "n2rows7c9_g3",
            "n70rows1c5_g1",
            "n3rows4c17_g1",
            "n4rows9c33_g11",
            "n2rows64c16_g4",
            "n150rows9c48_g8",
            "n3rows1024c64_g32",
            "n9000rows1c24_g1",
            "n2rows1c1000_g1")
        .map(GroupShape::parse)
        .toList();
  }

  /** Roundings on the way of a value through a sum: rows of a chain, channels, few more. */
  private static double roundings(GroupShape s) {
    return Bound.ROUNDING * (Math.min(s.rows(), 1024) + 64 + 20);
  }

  private static double[] statistics(GroupShape s, double[] x) {
    double[] mean = RefGroupNorm.mean(s, x);
    double[] statistics = Arrays.copyOf(mean, 2 * mean.length);
    System.arraycopy(RefGroupNorm.invStd(s, EPS, x), 0, statistics, mean.length, mean.length);
    return statistics;
  }

  private static double[] invStd(GroupShape s, Doubles d) {
    int half = s.n() * s.groups();
    return Arrays.copyOfRange(d.of("statistics"), half, 2 * half);
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  @Nested
  @Covers(owner = GroupNorm.class, method = "forward")
  class Forward extends KernelContract<GroupShape> {
    @Override
    protected List<GroupShape> shapes() {
      return grid();
    }

    @Override
    protected boolean isExactOnIntegers(GroupShape s) {
      return false;
    }

    @Override
    protected void declare(GroupShape s, Signature arrays) {
      arrays.input("input", s.size());
      arrays.input("scale", s.c());
      arrays.input("bias", s.c());
      arrays.output("statistics", GroupNorm.statisticsSize(s));
      arrays.output("output", s.size());
    }

    @Override
    protected void run(GroupShape s, Values v, Workspace workspace, Parallel parallel) {
      GroupNorm.forward(
          s,
          EPS,
          v.floats("input"),
          v.floats("scale"),
          v.floats("bias"),
          v.floats("statistics"),
          v.floats("output"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(GroupShape s, Doubles d) {
      double[] x = d.of("input");
      d.set("statistics", statistics(s, x));
      d.set("output", RefGroupNorm.forward(s, EPS, x, d.of("scale"), d.of("bias")));
    }

    @Override
    protected Bound bound(GroupShape s, String array) {
      throw new AssertionError("bounds says it");
    }

    @Override
    protected double[] bounds(GroupShape s, String array, Doubles d, double[] magnitudes) {
      double spread = largest(d.of("input"));
      double steep = largest(invStd(s, d));
      double meanError = roundings(s) * spread;
      double invStdError = roundings(s) * 2 * spread * spread * steep * steep * steep;
      double outputError =
          largest(d.of("scale"))
                  * (2 * steep * meanError + 2 * spread * invStdError + 4 * roundings(s) * spread)
              + Bound.ROUNDING * 4 * largest(d.of("bias"));
      double[] bounds = new double[magnitudes.length];
      boolean saved = array.equals("statistics");
      double savedError = meanError + invStdError + Bound.ROUNDING * 2 * steep;
      Arrays.fill(bounds, saved ? savedError : outputError);
      return bounds;
    }
  }

  @Nested
  @Covers(owner = GroupNorm.class, method = "backward")
  class Backward extends KernelContract<GroupShape> {
    @Override
    protected List<GroupShape> shapes() {
      return grid();
    }

    @Override
    protected boolean isExactOnIntegers(GroupShape s) {
      return false;
    }

    @Override
    protected void declare(GroupShape s, Signature arrays) {
      arrays.input("gradOutput", s.size());
      arrays.input("input", s.size());
      arrays.input("scale", s.c());
      arrays
          .input("statistics", GroupNorm.statisticsSize(s))
          .filled((v, random) -> fill(v, statistics(s, input(v))));
      arrays.output("gradInput", s.size());
      arrays.added("gradScale", s.c());
      arrays.added("gradBias", s.c());
    }

    private static double[] input(Values v) {
      float[] x = v.floats("input");
      double[] input = new double[x.length];
      Arrays.setAll(input, i -> x[i]);
      return input;
    }

    private static void fill(Values v, double[] values) {
      for (int i = 0; i < values.length; i++) {
        v.floats("statistics")[i] = (float) values[i];
      }
    }

    @Override
    protected void run(GroupShape s, Values v, Workspace workspace, Parallel parallel) {
      GroupNorm.backward(
          s,
          v.floats("gradOutput"),
          v.floats("input"),
          v.floats("scale"),
          v.floats("statistics"),
          v.floats("gradInput"),
          v.floats("gradScale"),
          v.floats("gradBias"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(GroupShape s, Doubles d) {
      double[] g = d.of("gradOutput");
      double[] x = d.of("input");
      double[] mean = Arrays.copyOf(d.of("statistics"), s.n() * s.groups());
      double[] invStd = invStd(s, d);
      d.set("gradInput", RefGroupNorm.backwardInput(s, g, x, d.of("scale"), mean, invStd));
      d.set("gradScale", RefGroupNorm.backwardScale(s, g, x, mean, invStd));
      d.set("gradBias", RefGroupNorm.backwardBias(s, g));
    }

    @Override
    protected Bound bound(GroupShape s, String array) {
      throw new AssertionError("bounds says it");
    }

    @Override
    protected double[] bounds(GroupShape s, String array, Doubles d, double[] magnitudes) {
      double gradient = largest(d.of("gradOutput"));
      double steep = largest(invStd(s, d));
      double h = 2 * largest(d.of("input")) * steep;
      double samples = Bound.ROUNDING * (Math.min(s.n(), 1400) + 64);
      double sum = (roundings(s) + samples) * s.n() * s.rows() * gradient;
      double[] bounds = new double[magnitudes.length];
      for (int i = 0; i < bounds.length; i++) {
        double rounding = Bound.ROUNDING * magnitudes[i];
        bounds[i] =
            switch (array) {
              case "gradBias" -> sum + rounding;
              case "gradScale" -> sum * h + rounding;
              default -> 4 * roundings(s) * largest(d.of("scale")) * steep * gradient * (1 + h * h);
            };
      }
      return bounds;
    }

    @Override
    protected List<Gradient> gradients(GroupShape s) {
      Random random = new Random(7);
      double[] input = draw(random, s.size());
      double[] scale = draw(random, s.c());
      double[] bias = draw(random, s.c());
      double[] mean = RefGroupNorm.mean(s, input);
      double[] invStd = RefGroupNorm.invStd(s, EPS, input);
      return List.of(
          Gradient.of(
              "input",
              s.size(),
              x -> RefGroupNorm.forward(s, EPS, x, scale, bias),
              (x, g) ->
                  RefGroupNorm.backwardInput(
                      s, g, x, scale, RefGroupNorm.mean(s, x), RefGroupNorm.invStd(s, EPS, x))),
          Gradient.of(
              "scale",
              s.c(),
              x -> RefGroupNorm.forward(s, EPS, input, x, bias),
              (x, g) -> RefGroupNorm.backwardScale(s, g, input, mean, invStd)),
          Gradient.of(
              "bias",
              s.c(),
              x -> RefGroupNorm.forward(s, EPS, input, scale, x),
              (x, g) -> RefGroupNorm.backwardBias(s, g)));
    }

    private static double[] draw(Random random, int size) {
      double[] values = new double[size];
      Arrays.setAll(values, i -> random.nextGaussian());
      return values;
    }
  }

  @Test
  void aMeanFarFromZeroCostsNoDigits() {
    GroupShape shape = new GroupShape(2, 400, 6, 2);
    Random random = new Random(3);
    float[] x = new float[shape.size()];
    double[] exact = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (10_000 + random.nextGaussian());
      exact[i] = x[i];
    }
    float[] statistics = new float[8];
    float[] ones = {1, 1, 1, 1, 1, 1};
    GroupNorm.forward(
        shape,
        0,
        x,
        ones,
        new float[6],
        statistics,
        new float[x.length],
        new Workspace(Parallel.serial()),
        Parallel.serial());
    for (int g = 0; g < 4; g++) {
      assertEquals(RefGroupNorm.invStd(shape, 0, exact)[g], statistics[4 + g], 1e-5);
    }
  }

  @Test
  void groupsDivideTheChannels() {
    String error =
        assertThrows(IllegalArgumentException.class, () -> new GroupShape(1, 4, 10, 3))
            .getMessage();
    assertTrue(error.contains("n1rows4c10_g3: 10 channels do not split into 3"), error);
  }

  @Test
  void statisticsFitAnArray() {
    int half = 1 << 30;
    String error =
        assertThrows(IllegalArgumentException.class, () -> new GroupShape(half, 1, 1, 1))
            .getMessage();
    assertTrue(error.contains("statistics 2*n*groups needs more than 2^31 - 9 floats"), error);
  }
}
