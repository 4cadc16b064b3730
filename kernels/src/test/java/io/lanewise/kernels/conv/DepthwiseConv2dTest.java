package io.lanewise.kernels.conv;

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
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefConv2d;
import io.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DepthwiseConv2dTest {
  /** Central differences call the reference many times, so only on small shapes. */
  private static final long MOST_GRADIENT_FLOPS = 100_000;

  @Nested
  @Covers(owner = DepthwiseConv2d.class, method = "forward")
  class Forward extends KernelContract<ConvShape> {
    @Override
    protected List<ConvShape> shapes() {
      return grid();
    }

    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("input", s.inputSize());
      arrays.input("weight", s.weightSize());
      arrays.input("bias", s.biasSize()).nullable();
      arrays.output("output", s.outputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      DepthwiseConv2d.forward(
          s,
          v.floats("input"),
          v.floats("weight"),
          v.floats("bias"),
          v.floats("output"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("output", RefConv2d.forward(s, d.of("input"), d.of("weight"), d.of("bias")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.sumOf(s.patchSize());
    }
  }

  @Nested
  @Covers(owner = DepthwiseConv2d.class, method = "backwardInput")
  class BackwardInput extends KernelContract<ConvShape> {
    @Override
    protected List<ConvShape> shapes() {
      return grid();
    }

    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("gradOutput", s.outputSize());
      arrays.input("weight", s.weightSize());
      arrays.output("gradInput", s.inputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      DepthwiseConv2d.backwardInput(
          s,
          v.floats("gradOutput"),
          v.floats("weight"),
          v.floats("gradInput"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("gradInput", RefConv2d.backwardInput(s, d.of("gradOutput"), d.of("weight")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.sumOf(s.patchSize());
    }

    @Override
    protected List<Gradient> gradients(ConvShape s) {
      if (s.flops() > MOST_GRADIENT_FLOPS) {
        return List.of();
      }
      double[] weight = fixed(s.weightSize());
      return List.of(
          Gradient.linear(
              "input",
              s.inputSize(),
              x -> RefConv2d.forward(s, x, weight, null),
              g -> RefConv2d.backwardInput(s, g, weight)));
    }
  }

  @Nested
  @Covers(owner = DepthwiseConv2d.class, method = "backwardWeight")
  class BackwardWeight extends KernelContract<ConvShape> {
    @Override
    protected List<ConvShape> shapes() {
      return grid();
    }

    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("gradOutput", s.outputSize());
      arrays.input("input", s.inputSize());
      arrays.added("gradWeight", s.weightSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      DepthwiseConv2d.backwardWeight(
          s,
          v.floats("gradOutput"),
          v.floats("input"),
          v.floats("gradWeight"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("gradWeight", RefConv2d.backwardWeight(s, d.of("gradOutput"), d.of("input")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.sumOf(s.pixels());
    }

    @Override
    protected List<Gradient> gradients(ConvShape s) {
      if (s.flops() > MOST_GRADIENT_FLOPS) {
        return List.of();
      }
      double[] input = fixed(s.inputSize());
      return List.of(
          Gradient.linear(
              "weight",
              s.weightSize(),
              x -> RefConv2d.forward(s, input, x, null),
              g -> RefConv2d.backwardWeight(s, g, input)));
    }
  }

  @Test
  void refusesAShapeThatIsNotDepthwise() {
    ConvShape shape = ConvShape.parse("n1h3w3c4_oc4_k3s1p1_g2");
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                DepthwiseConv2d.forward(
                    shape,
                    new float[36],
                    new float[72],
                    null,
                    new float[36],
                    new Workspace(Parallel.serial()),
                    Parallel.serial()));
    assertEquals(
        "n1h3w3c4_oc4_k3s1p1_g2: depthwise convolution needs g = oc = c and c > 1", e.getMessage());
  }

  private static double[] fixed(int size) {
    return new Random(size).doubles(size, -1, 1).toArray();
  }

  /** The shared grid, and strides, dilations and paddings in every relation. */
  private static List<ConvShape> grid() {
    List<ConvShape> all = new ArrayList<>(Grids.convDepthwise());
    Stream.of(
            "n1h9w11c17_oc17_k3s2p1_g17",
            "n2h7w13c16_oc16_k4s2p1_g16",
            "n1h9w10c3_oc3_k5s3p2d2_g3",
            "n1h11w12c5_oc5_k4s2p3d2_g5",
            "n1h12w13c4_oc4_k3s4x3p2d6_g4",
            "n1h9w9c16_oc16_k2s4p0_g16",
            "n1h6w7c2_oc2_k1s3p0_g2",
            "n1h3w2c20_oc20_k2s1p3x4_g20",
            "n1h5w5c33_oc33_k3s2p0x1x1x0_g33_ceil",
            "n9h12w12c24_oc24_k7s1p3_g24",
            "n40h8w8c16_oc16_k3s1p1_g16",
            "n3h32w32c40_oc40_k3s1p1_g40",
            "n2h6w8c48_oc48_k3s1p0_g48",
            "n2h2w4c16_oc16_k3s1p1_g16",
            "n3h5w7c20_oc20_k3s1p3x3x0x1_g20",
            "n2h1w6c18_oc18_k3s1p1_g18")
        .map(ConvShape::parse)
        .forEach(all::add);
    return all;
  }
}
