package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefConv2d;
import io.lanewise.kernels.reference.RefWinograd;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions of {@link Conv2d} where the plan says Winograd, for both sizes of tiles. */
class WinogradTest {
  /** Roundings of a value on its way through the three transforms, at most. */
  private static final int TRANSFORMS = 24;

  /** A shape and how to compute it. */
  record Tiled(ConvShape shape, ConvAlgorithm algorithm) {
    ConvPlan plan() {
      return ConvPlan.all(algorithm);
    }

    RefWinograd magnitudes(ConvShape other) {
      return new RefWinograd(other, algorithm == ConvAlgorithm.WINOGRAD_2X2 ? 2 : 4, true);
    }

    @Override
    public String toString() {
      return shape + " " + algorithm;
    }
  }

  static List<Tiled> small() {
    return tiled(
        "n1h3w3c1_oc1_k3s1p0",
        "n2h5w6c3_oc4_k3s1p1",
        "n1h4w4c8_oc8_k3s1p0",
        "n3h9w7c17_oc35_k3s1p1",
        "n2h7w10c15_oc33_k3s1p0x1x2x0",
        "n2h6w5c9_oc12_k3s1p2",
        "n1h5w6c8_oc10_k3s1p3",
        "n1h4w4c9_oc8_k3s1p8",
        "n2h8w1c8_oc9_k3s1p5",
        "n2h1w1c8_oc8_k3s1p6",
        "n2h8w8c32_oc16_k3s1p1",
        "n2h7w10c16_oc16_k3s1p1");
  }

  private static List<Tiled> shapes(List<Tiled> more) {
    return Stream.concat(small().stream(), more.stream()).toList();
  }

  /** Runs of positions of each length, several sums, blocks of tiles, light and heavy weights. */
  private static List<Tiled> blocked() {
    return tiled(
        "n1h8w9c43_oc31_k3s1p1",
        "n1h8w7c86_oc65_k3s1p1",
        "n1h6w9c129_oc7_k3s1p1",
        "n1h6w6c257_oc5_k3s1p1",
        "n1h5w5c5_oc300_k3s1p1",
        "n1h9w9c8_oc130_k3s1p1",
        "n1h6w6c260_oc390_k3s1p1",
        "n10h30w29c8_oc9_k3s1p1",
        "n3h30w29c16_oc16_k3s1p1",
        "n150h3w3c8_oc705_k3s1p0",
        "n13h3w3c8_oc14000_k3s1p0",
        "n1h3w2c340_oc330_k3s1p1");
  }

  private static List<Tiled> tiled(String... texts) {
    return Stream.of(texts)
        .map(ConvShape::parse)
        .flatMap(
            shape ->
                Stream.of(ConvAlgorithm.WINOGRAD_2X2, ConvAlgorithm.WINOGRAD_4X4)
                    .map(algorithm -> new Tiled(shape, algorithm)))
        .toList();
  }

  private static double[] random(int size) {
    return new Random(size).doubles(size, -1, 1).toArray();
  }

  private abstract static class Direction extends KernelContract<Tiled> {
    @Override
    protected List<Tiled> shapes() {
      return WinogradTest.shapes(blocked());
    }

    @Override
    protected String text(Tiled t) {
      return t.shape().toString();
    }

    /** Halves are floats; the sixths and twenty-fourths of the larger tiles are not. */
    @Override
    protected boolean isExactOnIntegers(Tiled t) {
      return t.algorithm() == ConvAlgorithm.WINOGRAD_2X2;
    }

    @Override
    protected Bound bound(Tiled t, String array) {
      throw new UnsupportedOperationException("see bounds");
    }

    /** {@code (terms + K) * 2^-24} times the sums of absolute values, see {@link Winograd}. */
    @Override
    protected double[] bounds(Tiled t, String array, Doubles d, double[] magnitudes) {
      double[] bounds = sums(t, d);
      for (int i = 0; i < bounds.length; i++) {
        bounds[i] = (terms(t) + TRANSFORMS) * Bound.ROUNDING * (bounds[i] + magnitudes[i]);
      }
      return bounds;
    }

    abstract double[] sums(Tiled t, Doubles d);

    abstract int terms(Tiled t);
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "forward")
  class Forward extends Direction {
    @Override
    protected void declare(Tiled t, Signature arrays) {
      arrays.input("input", t.shape().inputSize());
      arrays.input("weight", t.shape().weightSize());
      arrays.input("bias", t.shape().biasSize()).nullable();
      arrays.output("output", t.shape().outputSize());
    }

    @Override
    protected void run(Tiled t, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.forward(
          t.shape(),
          t.plan(),
          Epilogue.RELU,
          v.floats("input"),
          v.floats("weight"),
          v.floats("bias"),
          v.floats("output"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(Tiled t, Doubles d) {
      double[] output = RefConv2d.forward(t.shape(), d.of("input"), d.of("weight"), d.of("bias"));
      d.set("output", Arrays.stream(output).map(y -> Math.max(0, y)).toArray());
    }

    @Override
    double[] sums(Tiled t, Doubles d) {
      return t.magnitudes(t.shape())
          .forward(RefWinograd.magnitudes(d.of("input")), RefWinograd.magnitudes(d.of("weight")));
    }

    @Override
    int terms(Tiled t) {
      return t.shape().c();
    }
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "forwardPacked")
  class ForwardPacked extends Forward {
    @Override
    protected List<Tiled> shapes() {
      return small();
    }

    @Override
    protected void declare(Tiled t, Signature arrays) {
      arrays.input("input", t.shape().inputSize());
      arrays.input("weight", t.shape().weightSize()).unseen();
      arrays
          .input("packedWeight", Conv2d.packedWeightSize(t.shape(), t.plan()))
          .filled(
              (values, random) ->
                  Conv2d.packWeight(
                      t.shape(),
                      t.plan(),
                      values.floats("weight"),
                      values.floats("packedWeight"),
                      new Workspace(Parallel.serial()),
                      Parallel.serial()));
      arrays.input("bias", t.shape().biasSize()).nullable();
      arrays.output("output", t.shape().outputSize());
    }

    @Override
    protected void run(Tiled t, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.forwardPacked(
          t.shape(),
          t.plan(),
          Epilogue.RELU,
          v.floats("input"),
          v.floats("packedWeight"),
          v.floats("bias"),
          v.floats("output"),
          workspace,
          parallel);
    }
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "backwardInput")
  class BackwardInput extends Direction {
    @Override
    protected void declare(Tiled t, Signature arrays) {
      arrays.input("gradOutput", t.shape().outputSize());
      arrays.input("weight", t.shape().weightSize());
      arrays.output("gradInput", t.shape().inputSize());
    }

    @Override
    protected void run(Tiled t, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.backwardInput(
          t.shape(),
          t.plan(),
          v.floats("gradOutput"),
          v.floats("weight"),
          v.floats("gradInput"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(Tiled t, Doubles d) {
      d.set("gradInput", RefConv2d.backwardInput(t.shape(), d.of("gradOutput"), d.of("weight")));
    }

    /** The forward sums of the rotated convolution, on an image cut to what its padding leaves. */
    @Override
    double[] sums(Tiled t, Doubles d) {
      ConvShape s = t.shape();
      int cut = Math.max(0, s.window().padTop() - 2);
      Window window = s.window();
      Window back =
          window.withPadding(
              Math.max(0, 2 - window.padTop()),
              Math.max(0, 2 - window.padLeft()),
              Math.max(0, 2 - window.padBottom()),
              Math.max(0, 2 - window.padRight()));
      int h = s.oh() - 2 * cut;
      int w = s.ow() - 2 * cut;
      ConvShape rotated = ConvShape.of(s.n(), h, w, s.oc(), s.c(), back);
      double[] gradient = new double[rotated.inputSize()];
      double[] weight = new double[s.weightSize()];
      for (int i = 0; i < gradient.length; i++) {
        int o = i % s.oc();
        int x = i / s.oc() % w + cut;
        int y = i / s.oc() / w % h + cut;
        int img = i / s.oc() / w / h;
        int from = ((img * s.oh() + y) * s.ow() + x) * s.oc() + o;
        gradient[i] = Math.abs(d.of("gradOutput")[from]);
      }
      for (int i = 0; i < weight.length; i++) {
        int o = i % s.oc();
        int ch = i / s.oc() % s.c();
        int tap = 8 - i / s.oc() / s.c();
        weight[(tap * s.oc() + o) * s.c() + ch] = Math.abs(d.of("weight")[i]);
      }
      return t.magnitudes(rotated).forward(gradient, weight);
    }

    @Override
    int terms(Tiled t) {
      return t.shape().oc();
    }

    @Override
    protected List<Gradient> gradients(Tiled t) {
      double[] weight = random(t.shape().weightSize());
      return List.of(
          Gradient.linear(
              "input",
              t.shape().inputSize(),
              x -> RefConv2d.forward(t.shape(), x, weight, null),
              g -> RefConv2d.backwardInput(t.shape(), g, weight)));
    }
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "backwardInputRotated")
  class BackwardInputRotated extends BackwardInput {
    @Override
    protected List<Tiled> shapes() {
      return small();
    }

    @Override
    protected void declare(Tiled t, Signature arrays) {
      arrays.input("gradOutput", t.shape().outputSize());
      arrays.input("weight", t.shape().weightSize()).unseen();
      arrays
          .input("rotatedWeight", Conv2d.rotatedWeightSize(t.shape(), t.plan()))
          .filled(
              (values, random) ->
                  Conv2d.rotateWeight(
                      t.shape(),
                      t.plan(),
                      values.floats("weight"),
                      values.floats("rotatedWeight"),
                      new Workspace(Parallel.serial()),
                      Parallel.serial()));
      arrays.output("gradInput", t.shape().inputSize());
    }

    @Override
    protected void run(Tiled t, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.backwardInputRotated(
          t.shape(),
          t.plan(),
          v.floats("gradOutput"),
          v.floats("rotatedWeight"),
          v.floats("gradInput"),
          workspace,
          parallel);
    }
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "backwardWeight")
  class BackwardWeight extends Direction {
    @Override
    protected void declare(Tiled t, Signature arrays) {
      arrays.input("gradOutput", t.shape().outputSize());
      arrays.input("input", t.shape().inputSize());
      arrays.added("gradWeight", t.shape().weightSize());
    }

    @Override
    protected void run(Tiled t, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.backwardWeight(
          t.shape(),
          t.plan(),
          v.floats("gradOutput"),
          v.floats("input"),
          v.floats("gradWeight"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(Tiled t, Doubles d) {
      d.set("gradWeight", RefConv2d.backwardWeight(t.shape(), d.of("gradOutput"), d.of("input")));
    }

    @Override
    double[] sums(Tiled t, Doubles d) {
      return t.magnitudes(t.shape())
          .backwardWeight(
              RefWinograd.magnitudes(d.of("gradOutput")), RefWinograd.magnitudes(d.of("input")));
    }

    @Override
    int terms(Tiled t) {
      return t.shape().pixels();
    }

    @Override
    protected List<Gradient> gradients(Tiled t) {
      double[] input = random(t.shape().inputSize());
      return List.of(
          Gradient.linear(
              "weight",
              t.shape().weightSize(),
              x -> RefConv2d.forward(t.shape(), input, x, null),
              g -> RefConv2d.backwardWeight(t.shape(), g, input)));
    }
  }

  @ParameterizedTest
  @MethodSource("small")
  void theMatricesGiveTheConvolution(Tiled t) {
    ConvShape s = t.shape();
    int m = t.algorithm() == ConvAlgorithm.WINOGRAD_2X2 ? 2 : 4;
    double[] input = random(s.inputSize());
    double[] weight = random(s.weightSize());
    double[] gradOutput = random(s.outputSize());
    RefWinograd winograd = new RefWinograd(s, m, false);
    assertArrayEquals(
        RefConv2d.forward(s, input, weight, null), winograd.forward(input, weight), 1e-12);
    assertArrayEquals(
        RefConv2d.backwardWeight(s, gradOutput, input),
        winograd.backwardWeight(gradOutput, input),
        1e-12);
  }

  @ParameterizedTest
  @MethodSource("small")
  void anImageHasTheSameBitsAloneAndInABatch(Tiled t) {
    ConvShape many = t.shape().withBatch(5);
    ConvShape one = many.withBatch(1);
    float[] input = floats(many.inputSize());
    float[] weight = floats(many.weightSize());
    float[] all = forward(many, t.plan(), input, weight);
    for (int img = 0; img < 5; img++) {
      float[] image = Arrays.copyOfRange(input, img * one.inputSize(), (img + 1) * one.inputSize());
      float[] alone = forward(one, t.plan(), image, weight);
      int at = img * one.outputSize();
      assertArrayEquals(alone, Arrays.copyOfRange(all, at, at + one.outputSize()));
    }
  }

  private static float[] forward(ConvShape s, ConvPlan plan, float[] input, float[] weight) {
    float[] output = new float[s.outputSize()];
    Workspace workspace = new Workspace(Parallel.serial());
    Conv2d.forward(
        s, plan, Epilogue.NONE, input, weight, null, output, workspace, Parallel.serial());
    return output;
  }

  private static float[] floats(int size) {
    Random random = new Random(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
