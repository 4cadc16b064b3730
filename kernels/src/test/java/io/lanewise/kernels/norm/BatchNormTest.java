package io.lanewise.kernels.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reduce.ChannelBlocks;
import io.lanewise.kernels.reference.RefBatchNorm;
import io.lanewise.kernels.shape.ChannelShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BatchNormTest {
  private static final float EPS = 1e-3f;

  /** A shape, with or without rectifier and residual. */
  record Case(ChannelShape shape, Epilogue epilogue, boolean adds) {
    boolean relu() {
      return epilogue == Epilogue.RELU;
    }

    /** Roundings on the way of a value through a sum: places of a period, blocks, and few more. */
    double roundings() {
      int period = ChannelBlocks.period(shape.c());
      int rows = ChannelBlocks.rows(shape).length(0);
      int chain = (rows * shape.c() + period - 1) / period;
      return Bound.ROUNDING * (chain + period / shape.c() + ChannelBlocks.rows(shape).count() + 12);
    }

    @Override
    public String toString() {
      return shape + (adds ? " residual" : "") + (relu() ? " relu" : "");
    }
  }

  private abstract static class Contract extends KernelContract<Case> {
    @Override
    protected List<Case> shapes() {
      List<Case> cases = new ArrayList<>();
      List<ChannelShape> shapes = Grids.channels();
      shapes.add(ChannelShape.parse("rows1500c48"));
      for (boolean adds : new boolean[] {false, true}) {
        for (ChannelShape shape : shapes) {
          cases.add(new Case(shape, Epilogue.NONE, adds));
          cases.add(new Case(shape, Epilogue.RELU, adds));
        }
      }
      return cases;
    }

    @Override
    protected String text(Case c) {
      return c.shape().toString();
    }

    @Override
    protected boolean isExactOnIntegers(Case c) {
      return false;
    }

    @Override
    protected Bound bound(Case c, String array) {
      throw new AssertionError("bounds says it");
    }

    static void declareChannels(Case c, Signature arrays) {
      arrays.input("scale", c.shape().c());
      arrays.input("bias", c.shape().c());
    }

    static double[] forward(Case c, Doubles d, double[] mean, double[] variance) {
      double[] residual = c.adds() ? d.of("residual") : null;
      return RefBatchNorm.forward(
          c.shape(),
          EPS,
          c.relu(),
          d.of("input"),
          residual,
          d.of("scale"),
          d.of("bias"),
          mean,
          variance);
    }

    /** What roundings do to an output, and errors of mean and variance besides. */
    static double outputBound(Case c, Doubles d, int i, double meanError, double varianceError) {
      int j = i % c.shape().c();
      double invStd = 1 / Math.sqrt(d.of("variance")[j] + EPS);
      double x = d.of("input")[i];
      double mean = d.of("mean")[j];
      double factor = Math.abs(d.of("scale")[j]) * invStd;
      double size =
          factor * (Math.abs(x) + Math.abs(mean))
              + Math.abs(d.of("bias")[j])
              + (c.adds() ? Math.abs(d.of("residual")[i]) : 0);
      return 4 * Bound.ROUNDING * size
          + factor * meanError
          + factor * Math.abs(x - mean) * varianceError * invStd * invStd;
    }

    /** The largest distance of an input of a channel from its mean, plus the mean. */
    static double[] spread(Case c, Doubles d) {
      double[] spread = new double[c.shape().c()];
      double[] x = d.of("input");
      for (int i = 0; i < x.length; i++) {
        spread[i % spread.length] = Math.max(spread[i % spread.length], Math.abs(x[i]));
      }
      return spread;
    }
  }

  @Nested
  @Covers(owner = BatchNorm.class, method = "forwardTrain")
  class ForwardTrain extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      arrays.input("input", c.shape().size());
      if (c.adds()) {
        arrays.input("residual", c.shape().size());
      }
      declareChannels(c, arrays);
      arrays.output("mean", c.shape().c());
      arrays.output("variance", c.shape().c());
      arrays.output("output", c.shape().size());
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      BatchNorm.forwardTrain(
          c.shape(),
          EPS,
          c.epilogue(),
          v.floats("input"),
          c.adds() ? v.floats("residual") : null,
          v.floats("scale"),
          v.floats("bias"),
          v.floats("mean"),
          v.floats("variance"),
          v.floats("output"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      d.set("mean", RefBatchNorm.mean(c.shape(), d.of("input")));
      d.set("variance", RefBatchNorm.variance(c.shape(), d.of("input")));
      d.set("output", forward(c, d, d.of("mean"), d.of("variance")));
    }

    @Override
    protected double[] bounds(Case c, String array, Doubles d, double[] magnitudes) {
      double[] bounds = new double[magnitudes.length];
      double[] spread = spread(c, d);
      for (int i = 0; i < bounds.length; i++) {
        int j = i % spread.length;
        double meanError = 2 * c.roundings() * spread[j];
        double varianceError = 8 * c.roundings() * spread[j] * spread[j];
        bounds[i] =
            switch (array) {
              case "mean" -> meanError;
              case "variance" -> varianceError;
              default -> outputBound(c, d, i, meanError, varianceError);
            };
      }
      return bounds;
    }
  }

  @Nested
  @Covers(owner = BatchNorm.class, method = "forwardEval")
  class ForwardEval extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      arrays.input("input", c.shape().size());
      if (c.adds()) {
        arrays.input("residual", c.shape().size());
      }
      declareChannels(c, arrays);
      arrays.input("mean", c.shape().c());
      arrays.input("variance", c.shape().c()).between(0.01, 3);
      arrays.output("output", c.shape().size());
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      BatchNorm.forwardEval(
          c.shape(),
          EPS,
          c.epilogue(),
          v.floats("input"),
          c.adds() ? v.floats("residual") : null,
          v.floats("scale"),
          v.floats("bias"),
          v.floats("mean"),
          v.floats("variance"),
          v.floats("output"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      d.set("output", forward(c, d, d.of("mean"), d.of("variance")));
    }

    @Override
    protected double[] bounds(Case c, String array, Doubles d, double[] magnitudes) {
      double[] bounds = new double[magnitudes.length];
      Arrays.setAll(bounds, i -> outputBound(c, d, i, 0, 0));
      return bounds;
    }
  }

  @Nested
  @Covers(owner = BatchNorm.class, method = "backward")
  class Backward extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      int size = c.shape().size();
      arrays.input("gradOutput", size);
      arrays.input("input", size);
      if (c.adds()) {
        arrays.input("output", size);
      }
      declareChannels(c, arrays);
      arrays
          .input("mean", c.shape().c())
          .filled((v, random) -> statistic(c, v, "mean", RefBatchNorm::mean));
      arrays
          .input("variance", c.shape().c())
          .filled((v, random) -> statistic(c, v, "variance", RefBatchNorm::variance));
      arrays.output("gradInput", size);
      if (c.adds()) {
        arrays.output("gradResidual", size);
      }
      arrays.added("gradScale", c.shape().c());
      arrays.added("gradBias", c.shape().c());
    }

    private interface Statistic {
      double[] of(ChannelShape shape, double[] input);
    }

    private static void statistic(Case c, Values v, String name, Statistic statistic) {
      double[] input = new double[c.shape().size()];
      Arrays.setAll(input, i -> v.floats("input")[i]);
      double[] values = statistic.of(c.shape(), input);
      for (int j = 0; j < values.length; j++) {
        v.floats(name)[j] = (float) values[j];
      }
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      BatchNorm.backward(
          c.shape(),
          EPS,
          c.epilogue(),
          v.floats("gradOutput"),
          v.floats("input"),
          c.adds() ? v.floats("output") : null,
          v.floats("scale"),
          v.floats("bias"),
          v.floats("mean"),
          v.floats("variance"),
          v.floats("gradInput"),
          c.adds() ? v.floats("gradResidual") : null,
          v.floats("gradScale"),
          v.floats("gradBias"),
          workspace,
          parallel);
    }

    private double[] masked(Case c, Doubles d) {
      double[] output = c.adds() ? d.of("output") : forward(c, d, d.of("mean"), d.of("variance"));
      return RefBatchNorm.mask(c.relu(), d.of("gradOutput"), output);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      ChannelShape s = c.shape();
      double[] masked = masked(c, d);
      double[] x = d.of("input");
      double[] mean = d.of("mean");
      double[] variance = d.of("variance");
      d.set(
          "gradInput",
          RefBatchNorm.backwardInput(s, EPS, masked, x, d.of("scale"), mean, variance));
      if (c.adds()) {
        d.set("gradResidual", masked);
      }
      d.set("gradScale", RefBatchNorm.backwardScale(s, EPS, masked, x, mean, variance));
      d.set("gradBias", RefBatchNorm.backwardBias(s, masked));
    }

    @Override
    protected double[] bounds(Case c, String array, Doubles d, double[] magnitudes) {
      int channels = c.shape().c();
      double[] x = d.of("input");
      double[] masked = masked(c, d);
      double[] biasError = new double[channels];
      double[] scaleError = new double[channels];
      for (int i = 0; i < x.length; i++) {
        int j = i % channels;
        double h = (Math.abs(x[i]) + Math.abs(d.of("mean")[j])) * invStd(d, j);
        biasError[j] += c.roundings() * Math.abs(masked[i]);
        scaleError[j] += c.roundings() * Math.abs(masked[i]) * h;
      }
      double[] bounds = new double[magnitudes.length];
      for (int i = 0; i < bounds.length; i++) {
        int j = i % channels;
        bounds[i] =
            switch (array) {
              case "gradResidual" -> 0;
              case "gradBias" -> biasError[j] + Bound.ROUNDING * magnitudes[i];
              case "gradScale" -> scaleError[j] + Bound.ROUNDING * magnitudes[i];
              default -> {
                double h = (Math.abs(x[i]) + Math.abs(d.of("mean")[j])) * invStd(d, j);
                double rows = c.shape().rows();
                yield Math.abs(d.of("scale")[j])
                    * invStd(d, j)
                    * (4 * Bound.ROUNDING * Math.abs(masked[i])
                        + 2 * biasError[j] / rows
                        + 2 * h * scaleError[j] / rows);
              }
            };
      }
      return bounds;
    }

    private double invStd(Doubles d, int j) {
      return 1 / Math.sqrt(d.of("variance")[j] + EPS);
    }

    @Override
    protected List<Gradient> gradients(Case c) {
      ChannelShape s = c.shape();
      Random random = new Random(7);
      double[] input = draw(random, s.size());
      double[] residual = c.adds() ? draw(random, s.size()) : null;
      double[] scale = draw(random, s.c());
      double[] bias = draw(random, s.c());
      Op op = new Op(c);
      return List.of(
          Gradient.of(
              "input",
              s.size(),
              x -> op.forward(x, residual, scale, bias),
              (x, g) ->
                  RefBatchNorm.backwardInput(
                      s,
                      EPS,
                      op.mask(g, x, residual, scale, bias),
                      x,
                      scale,
                      RefBatchNorm.mean(s, x),
                      RefBatchNorm.variance(s, x))),
          Gradient.of(
              "scale",
              s.c(),
              x -> op.forward(input, residual, x, bias),
              (x, g) ->
                  RefBatchNorm.backwardScale(
                      s,
                      EPS,
                      op.mask(g, input, residual, x, bias),
                      input,
                      RefBatchNorm.mean(s, input),
                      RefBatchNorm.variance(s, input))),
          Gradient.of(
              "bias",
              s.c(),
              x -> op.forward(input, residual, scale, x),
              (x, g) -> RefBatchNorm.backwardBias(s, op.mask(g, input, residual, scale, x))));
    }

    private static double[] draw(Random random, int size) {
      double[] values = new double[size];
      Arrays.setAll(values, i -> random.nextGaussian());
      return values;
    }

    private record Op(Case c) {
      double[] forward(double[] input, double[] residual, double[] scale, double[] bias) {
        ChannelShape s = c.shape();
        return RefBatchNorm.forward(
            s,
            EPS,
            c.relu(),
            input,
            residual,
            scale,
            bias,
            RefBatchNorm.mean(s, input),
            RefBatchNorm.variance(s, input));
      }

      double[] mask(double[] g, double[] input, double[] residual, double[] scale, double[] bias) {
        return RefBatchNorm.mask(c.relu(), g, forward(input, residual, scale, bias));
      }
    }
  }

  /** One pass over sums of squares would lose all digits here. */
  @Test
  void aMeanFarFromZeroCostsNoDigits() {
    ChannelShape shape = new ChannelShape(5000, 3);
    Random random = new Random(3);
    float[] x = new float[shape.size()];
    double[] exact = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (10_000 + random.nextGaussian());
      exact[i] = x[i];
    }
    float[] mean = new float[3];
    float[] variance = new float[3];
    train(shape, x, mean, variance);
    for (int j = 0; j < 3; j++) {
      assertEquals(RefBatchNorm.mean(shape, exact)[j], mean[j], 0.0005);
      assertEquals(RefBatchNorm.variance(shape, exact)[j], variance[j], 1e-5);
    }
  }

  @Test
  void aConstantChannelHasNoVariance() {
    ChannelShape shape = new ChannelShape(777, 2);
    float[] x = new float[shape.size()];
    Arrays.fill(x, 0.1f);
    float[] mean = new float[2];
    float[] variance = new float[2];
    train(shape, x, mean, variance);
    assertEquals(0.1f, mean[0], 1e-7f);
    assertEquals(0, variance[1], 1e-12f);
  }

  private static void train(ChannelShape shape, float[] x, float[] mean, float[] variance) {
    float[] ones = new float[shape.c()];
    BatchNorm.forwardTrain(
        shape,
        EPS,
        Epilogue.NONE,
        x,
        null,
        ones,
        ones,
        mean,
        variance,
        new float[shape.size()],
        new Workspace(Parallel.serial()),
        Parallel.serial());
  }

  /** Where gradients may lie on top of each other they come out the same. */
  @Test
  void backwardWorksInPlace() {
    ChannelShape shape = new ChannelShape(2100, 16);
    Random random = new Random(9);
    float[][] drawn = new float[7][shape.size()];
    for (float[] array : drawn) {
      for (int i = 0; i < array.length; i++) {
        array[i] = (float) random.nextGaussian();
      }
    }
    float[] apart = drawn[5];
    float[] residual = drawn[6];
    float[] g = drawn[0].clone();
    backward(shape, drawn, g, null, apart, null);
    backward(shape, drawn, g, null, g, null);
    assertArrayEquals(apart, g);
    g = drawn[0].clone();
    backward(shape, drawn, g, drawn[2], apart, residual);
    float[] inPlace = new float[g.length];
    backward(shape, drawn, g, drawn[2], inPlace, g);
    assertArrayEquals(apart, inPlace);
    assertArrayEquals(residual, g);
    g = drawn[0].clone();
    backward(shape, drawn, g, drawn[2], g, null);
    assertArrayEquals(apart, g);
  }

  private static void backward(
      ChannelShape shape,
      float[][] drawn,
      float[] gradOutput,
      float[] output,
      float[] gradInput,
      float[] gradResidual) {
    float[] variance = new float[16];
    Arrays.fill(variance, 0.7f);
    BatchNorm.backward(
        shape,
        EPS,
        Epilogue.RELU,
        gradOutput,
        drawn[1],
        output,
        drawn[3],
        drawn[4],
        drawn[3],
        variance,
        gradInput,
        gradResidual,
        new float[16],
        new float[16],
        new Workspace(Parallel.serial()),
        Parallel.serial());
  }

  @Test
  void refusesShortArraysOfAResidual() {
    ChannelShape shape = new ChannelShape(2100, 16);
    float[][] drawn = new float[7][shape.size()];
    float[] g = drawn[0];
    float[] shorter = new float[shape.size() - 1];
    IllegalArgumentException noOutput =
        assertThrows(
            IllegalArgumentException.class,
            () -> backward(shape, drawn, g, null, drawn[5], drawn[6]));
    assertEquals("rows2100c16: output is null, needs rows*c = 33600", noOutput.getMessage());
    IllegalArgumentException residual =
        assertThrows(
            IllegalArgumentException.class,
            () -> backward(shape, drawn, g, drawn[2], drawn[5], shorter));
    assertEquals(
        "rows2100c16: gradResidual holds 33599 floats, needs rows*c = 33600",
        residual.getMessage());
  }

  @Test
  void runningStatisticsFollow() {
    float[] mean = {1, 10};
    float[] variance = {2, 20};
    BatchNorm.updateRunning(
        new ChannelShape(5, 2), 0.25f, new float[] {3, -2}, new float[] {4, 8}, mean, variance);
    assertArrayEquals(new float[] {1.5f, 7}, mean);
    assertArrayEquals(new float[] {0.75f * 2 + 0.25f * 5, 0.75f * 20 + 0.25f * 10}, variance);
    BatchNorm.updateRunning(
        new ChannelShape(1, 2), 1, new float[] {3, -2}, new float[] {0, 0}, mean, variance);
    assertArrayEquals(new float[] {3, -2}, mean);
    assertArrayEquals(new float[] {0, 0}, variance);
  }

  @Test
  void refusesToFoldIntoAWeightOfOtherChannels() {
    ChannelShape shape = new ChannelShape(2, 3);
    float[] three = new float[3];
    float[] ten = new float[10];
    Function<float[][], String> fold =
        a ->
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                        BatchNorm.fold(
                            shape, 0, three, three, three, three, a[0], a[1], ten, three))
                .getMessage();
    assertEquals(
        shape + ": weight holds 10 floats, needs a multiple of c = 3",
        fold.apply(new float[][] {ten, null}));
    assertEquals(
        shape + ": weight is null, needs a multiple of c = 3",
        fold.apply(new float[][] {null, null}));
    assertEquals(
        shape + ": layerBias holds 2 floats, needs c = 3",
        fold.apply(new float[][] {new float[9], new float[2]}));
  }

  @Test
  void refusesSettings() {
    ChannelShape shape = new ChannelShape(1, 1);
    float[] one = new float[1];
    Workspace workspace = new Workspace(Parallel.serial());
    IllegalArgumentException eps =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                BatchNorm.forwardEval(
                    shape,
                    -1,
                    Epilogue.NONE,
                    one,
                    null,
                    one,
                    one,
                    one,
                    one,
                    one,
                    workspace,
                    Parallel.serial()));
    assertEquals("rows1c1: eps is -1.0, needs at least 0", eps.getMessage());
    IllegalArgumentException momentum =
        assertThrows(
            IllegalArgumentException.class,
            () -> BatchNorm.updateRunning(shape, 1.5f, one, one, one, one));
    assertEquals("rows1c1: momentum is 1.5, needs 0 to 1", momentum.getMessage());
  }
}
