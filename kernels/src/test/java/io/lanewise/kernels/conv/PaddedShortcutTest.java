package io.lanewise.kernels.conv;

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
import io.lanewise.kernels.reference.RefConv2d;
import io.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The reference is the 1x1 convolution whose weight is the identity among zeros. */
class PaddedShortcutTest {
  private abstract static class Contract extends KernelContract<ConvShape> {
    @Override
    protected List<ConvShape> shapes() {
      return Stream.of(
              "n1h1w1c1_oc1_k1s1p0",
              "n2h5w4c3_oc6_k1s2p0",
              "n3h7w9c4_oc4_k1s3x2p0",
              "n5h16w16c32_oc64_k1s2p0",
              "n9h32w32c16_oc32_k1s2p0")
          .map(ConvShape::parse)
          .toList();
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.exact();
    }

    @Override
    protected boolean referenceKnowsNaN(ConvShape s) {
      return false;
    }

    /** The weight of the convolution that the shortcut stands for, most of it zeros. */
    static double[] identity(ConvShape s) {
      double[] weight = new double[s.weightSize()];
      for (int ic = 0; ic < s.c(); ic++) {
        weight[ic * s.oc() + (s.oc() - s.c()) / 2 + ic] = 1;
      }
      return weight;
    }

    static double[] forward(ConvShape s, double[] input) {
      return RefConv2d.forward(s, input, identity(s), null);
    }

    static double[] backward(ConvShape s, double[] gradOutput) {
      return RefConv2d.backwardInput(s, gradOutput, identity(s));
    }
  }

  @Nested
  @Covers(owner = PaddedShortcut.class, method = "forward")
  class Forward extends Contract {
    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("input", s.inputSize());
      arrays.output("output", s.outputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      PaddedShortcut.forward(s, v.floats("input"), v.floats("output"), parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("output", forward(s, d.of("input")));
    }
  }

  @Nested
  @Covers(owner = PaddedShortcut.class, method = "backward")
  class Backward extends Contract {
    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("gradOutput", s.outputSize());
      arrays.output("gradInput", s.inputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      PaddedShortcut.backward(s, v.floats("gradOutput"), v.floats("gradInput"), parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("gradInput", backward(s, d.of("gradOutput")));
    }

    @Override
    protected List<Gradient> gradients(ConvShape s) {
      return List.of(
          Gradient.linear("input", s.inputSize(), x -> forward(s, x), g -> backward(s, g)));
    }
  }

  @Test
  void refusesOtherShapes() {
    for (String text :
        List.of(
            "n1h4w4c2_oc2_k2s2p0",
            "n1h4w4c2_oc4_k1s2p1",
            "n1h4w4c2_oc1_k1s2p0",
            "n1h4w4c2_oc4_k1s2p0_g2")) {
      ConvShape shape = ConvShape.parse(text);
      float[] array = new float[shape.inputSize() + shape.outputSize()];
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class,
              () -> PaddedShortcut.forward(shape, array, array, Parallel.serial()));
      assertTrue(error.getMessage().startsWith(text + ": a shortcut needs"), error.getMessage());
    }
  }
}
