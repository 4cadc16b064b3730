package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

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
import io.lanewise.kernels.reference.RefConv2d;
import io.lanewise.kernels.reference.RefRows;
import io.lanewise.kernels.reference.RefTiles;
import io.lanewise.kernels.reference.RefWinograd;
import io.lanewise.kernels.settings.Setting;
import io.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions of {@link Conv2d} where the plan says Winograd, for all tiles. */
class WinogradTest {
  /** A shape and how to compute it. */
  record Tiled(ConvShape shape, ConvAlgorithm algorithm) {
    ConvPlan plan() {
      return ConvPlan.all(algorithm);
    }

    boolean alongRows() {
      return algorithm == ConvAlgorithm.WINOGRAD_ROWS;
    }

    RefTiles reference(boolean absolute) {
      return alongRows()
          ? new RefRows(shape, absolute)
          : new RefWinograd(shape, algorithm == ConvAlgorithm.WINOGRAD_2X2 ? 2 : 4, absolute);
    }

    /** Roundings of a value on its way through the three transforms, at most. */
    int transforms() {
      return alongRows() ? 13 : 24;
    }

    /** What the gradient of a tap sums over, at most. */
    int gradients() {
      return alongRows() ? shape.n() * shape.oh() * ((shape.ow() + 3) / 4) : shape.pixels();
    }

    /** Rows of taps that a product sums over. */
    int rows() {
      return alongRows() ? 5 : 1;
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
        "n2h7w10c16_oc16_k3s1p1",
        "n1h1w1c1_oc1_k3s2p1",
        "n5h2w3c3_oc15_k3s2p1",
        "n1h4w5c15_oc16_k3s2p1",
        "n5h7w6c16_oc17_k3s2p1",
        "n1h9w8c17_oc33_k3s2p1",
        "n5h5w1c33_oc3_k3s2p1",
        "n2h7w10c16_oc16_k3s2p1x1x0x0",
        "n2h6w8c9_oc8_k3s2p1x1x2x3",
        "n2h5w9c17_oc16_k3s2p1x1x0x0",
        "n1h4w5c16_oc17_k3s2p1x1x9x8",
        "n2h1w1c17_oc33_k3s2p1",
        "n1h8w8c16_oc16_k3s2p1_ceil",
        "n1h5w5c1_oc1_k5s1p0",
        "n2h5w6c3_oc4_k5s1p1",
        "n1h8w8c3_oc16_k5s1p2",
        "n3h8w8c20_oc20_k5s1p2",
        "n2h9w7c17_oc15_k5s1p2",
        "n5h4w5c2_oc9_k5s1p2",
        "n2h7w10c5_oc3_k5s1p0x1x2x0",
        "n2h3w3c3_oc5_k5s1p4",
        "n2h9w7c5_oc32_k5s1p2",
        "n3h5w10c4_oc48_k5s1p0x1x2x0",
        "n1h4w1c9_oc8_k5s1p6",
        "n2h1w1c8_oc8_k5s1p7x2x9x3");
  }

  /**
   * All shapes at the width of the machine, or in long grids; at other widths, whose blocks are cut
   * likewise, every other of the large ones: 256 bits the first, 128 bits and scalars the second.
   */
  private static List<Tiled> shapes(List<Tiled> large) {
    String lanes = Setting.LANES.value();
    boolean all = Grids.full() || lanes.equals("auto");
    int offset = lanes.equals("256") ? 0 : 1;
    IntStream some = IntStream.range(0, large.size()).filter(i -> all || i % 2 == offset);
    return Stream.concat(small().stream(), some.mapToObj(large::get)).toList();
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
        "n1h3w2c340_oc330_k3s1p1",
        "n1h8w11c50_oc31_k3s2p1",
        "n1h7w6c64_oc65_k3s2p1",
        "n1h9w8c86_oc33_k3s2p1",
        "n1h6w9c129_oc7_k3s2p1",
        "n1h7w6c260_oc33_k3s2p1",
        "n1h5w4c5_oc300_k3s2p1",
        "n10h50w49c8_oc9_k3s2p1",
        "n4h49w51c16_oc16_k3s2p1",
        "n270h2w2c13_oc1005_k3s2p1",
        "n1h3w2c505_oc500_k3s2p1",
        "n9h32w32c3_oc16_k5s1p2",
        "n6h16w16c16_oc20_k5s1p2",
        "n17h8w8c20_oc20_k5s1p2",
        "n35h9w9c4_oc8_k5s1p2",
        "n33h6w5c7_oc8_k5s1p2",
        "n2h40w33c3_oc17_k5s1p2",
        "n1h3w600c2_oc5_k5s1p2",
        "n3h18w31c7_oc45_k5s1p2",
        "n2h7w9c52_oc32_k5s1p2",
        "n1h9w13c40_oc33_k5s1p2");
  }

  private static List<Tiled> tiled(String... texts) {
    return Stream.of(texts)
        .map(ConvShape::parse)
        .flatMap(
            shape ->
                Stream.of(ConvAlgorithm.values())
                    .filter(algorithm -> algorithm != ConvAlgorithm.DIRECT)
                    .filter(
                        algorithm ->
                            algorithm == ConvAlgorithm.WINOGRAD_ROWS
                                ? RowTiles.fit(shape)
                                : WinogradTile.fits(algorithm, shape))
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

    /**
     * {@code (terms + K) * 2^-24} times the sums of absolute values, see {@link Winograd} and
     * {@link RowConv2d}.
     */
    @Override
    protected double[] bounds(Tiled t, String array, Doubles d, double[] magnitudes) {
      double[] bounds = sums(t, d);
      for (int i = 0; i < bounds.length; i++) {
        bounds[i] = (terms(t) + t.transforms()) * Bound.ROUNDING * (bounds[i] + magnitudes[i]);
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
      return t.reference(true)
          .forward(RefWinograd.magnitudes(d.of("input")), RefWinograd.magnitudes(d.of("weight")));
    }

    @Override
    int terms(Tiled t) {
      return t.rows() * t.shape().c();
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

    @Override
    double[] sums(Tiled t, Doubles d) {
      return t.reference(true)
          .backwardInput(
              RefWinograd.magnitudes(d.of("gradOutput")), RefWinograd.magnitudes(d.of("weight")));
    }

    @Override
    int terms(Tiled t) {
      return t.rows() * t.shape().oc();
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
      return t.reference(true)
          .backwardWeight(
              RefWinograd.magnitudes(d.of("gradOutput")), RefWinograd.magnitudes(d.of("input")));
    }

    @Override
    int terms(Tiled t) {
      return t.gradients();
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
    double[] input = random(s.inputSize());
    double[] weight = random(s.weightSize());
    double[] gradOutput = random(s.outputSize());
    RefTiles winograd = t.reference(false);
    assertArrayEquals(
        RefConv2d.forward(s, input, weight, null), winograd.forward(input, weight), 1e-12);
    assertArrayEquals(
        RefConv2d.backwardInput(s, gradOutput, weight),
        winograd.backwardInput(gradOutput, weight),
        1e-12);
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
    float[] gradOutput = floats(many.outputSize());
    float[] weight = floats(many.weightSize());
    float[] outputs = forward(many, t.plan(), input, weight);
    float[] gradients = backwardInput(many, t.plan(), gradOutput, weight);
    for (int img = 0; img < 5; img++) {
      float[] output = forward(one, t.plan(), image(input, img), weight);
      assertArrayEquals(output, image(outputs, img));
      float[] gradient = backwardInput(one, t.plan(), image(gradOutput, img), weight);
      assertArrayEquals(gradient, image(gradients, img));
    }
  }

  private static float[] image(float[] five, int img) {
    int size = five.length / 5;
    return Arrays.copyOfRange(five, img * size, (img + 1) * size);
  }

  private static float[] forward(ConvShape s, ConvPlan plan, float[] input, float[] weight) {
    float[] output = new float[s.outputSize()];
    Workspace workspace = new Workspace(Parallel.serial());
    Conv2d.forward(
        s, plan, Epilogue.NONE, input, weight, null, output, workspace, Parallel.serial());
    return output;
  }

  private static float[] backwardInput(
      ConvShape s, ConvPlan plan, float[] gradOutput, float[] weight) {
    float[] gradInput = new float[s.inputSize()];
    Workspace workspace = new Workspace(Parallel.serial());
    Conv2d.backwardInput(s, plan, gradOutput, weight, gradInput, workspace, Parallel.serial());
    return gradInput;
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
