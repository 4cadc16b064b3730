package io.lanewise.kernels.activation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.UnaryBackwardContract;
import io.lanewise.kernels.contract.UnaryContract;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.reference.RefActivation;
import io.lanewise.kernels.shape.FlatShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The activations: the kernel contract of each direction, and what they make of NaN and zero. */
class ActivationTest {
  private static final float SLOPE = 0.25f;

  /** Relative error of up to two products and one sum, with the last result rounded. */
  private static final Bound THREE_ROUNDINGS =
      (expected, magnitude) -> 0x3.1p-24 * Math.abs(expected);

  /**
   * A derivative with an absolute error of 2e-7, times the gradient; the magnitude is at least half
   * the absolute gradient, as these derivatives are at least 1/2 for positive inputs.
   */
  private static final Bound ABSOLUTE_DERIVATIVE =
      (expected, magnitude) -> 4e-7 * magnitude + 0x1p-24 * Math.abs(expected);

  @Nested
  @Covers(owner = Relu.class, method = "forward")
  class ReluForward extends UnaryContract {
    ReluForward() {
      super(Relu::forward, RefActivation::relu, Bound.exact(), true);
    }
  }

  @Nested
  @Covers(owner = Relu.class, method = "backward")
  class ReluBackward extends UnaryBackwardContract {
    ReluBackward() {
      super(
          "output",
          Relu::backward,
          RefActivation::reluBackward,
          RefActivation::relu,
          Bound.exact(),
          true);
    }
  }

  @Test
  void reluRunsInPlace() {
    int size = 70_001;
    FlatShape shape = new FlatShape(size);
    Random random = new Random(1);
    float[] input = new float[size];
    float[] gradient = new float[size];
    for (int i = 0; i < size; i++) {
      input[i] = (float) random.nextGaussian();
      gradient[i] = (float) random.nextGaussian();
    }
    float[] output = new float[size];
    float[] gradInput = new float[size];
    try (Parallel parallel = Parallel.of(2)) {
      Relu.forward(shape, input, output, parallel);
      Relu.backward(shape, gradient, output, gradInput, parallel);
      Relu.forward(shape, input, input, parallel);
      Relu.backward(shape, gradient, input, gradient, parallel);
    }
    assertArrayEquals(output, input);
    assertArrayEquals(gradInput, gradient);
  }

  @Nested
  @Covers(owner = LeakyRelu.class, method = "forward")
  class LeakyReluForward extends UnaryContract {
    LeakyReluForward() {
      super(
          (s, x, y, p) -> LeakyRelu.forward(s, SLOPE, x, y, p),
          x -> RefActivation.leakyRelu(SLOPE, x),
          Bound.ulps(0.51),
          true);
    }
  }

  @Nested
  @Covers(owner = LeakyRelu.class, method = "backward")
  class LeakyReluBackward extends UnaryBackwardContract {
    LeakyReluBackward() {
      super(
          "input",
          (s, g, x, d, p) -> LeakyRelu.backward(s, SLOPE, g, x, d, p),
          (g, x) -> RefActivation.leakyReluBackward(SLOPE, g, x),
          x -> RefActivation.leakyRelu(SLOPE, x),
          Bound.ulps(0.51),
          true);
    }
  }

  @Nested
  @Covers(owner = Sigmoid.class, method = "forward")
  class SigmoidForward extends UnaryContract {
    SigmoidForward() {
      super(Sigmoid::forward, RefActivation::sigmoid, Bound.ulps(2.5), false);
    }
  }

  @Nested
  @Covers(owner = Sigmoid.class, method = "backward")
  class SigmoidBackward extends UnaryBackwardContract {
    SigmoidBackward() {
      super(
          "output",
          Sigmoid::backward,
          RefActivation::sigmoidBackward,
          RefActivation::sigmoid,
          THREE_ROUNDINGS,
          true);
    }
  }

  @Nested
  @Covers(owner = Tanh.class, method = "forward")
  class TanhForward extends UnaryContract {
    TanhForward() {
      super(Tanh::forward, RefActivation::tanh, Bound.ulps(2.5), false);
    }
  }

  @Nested
  @Covers(owner = Tanh.class, method = "backward")
  class TanhBackward extends UnaryBackwardContract {
    TanhBackward() {
      super(
          "output",
          Tanh::backward,
          RefActivation::tanhBackward,
          RefActivation::tanh,
          THREE_ROUNDINGS,
          true);
    }
  }

  @Nested
  @Covers(owner = Gelu.class, method = "forward")
  class GeluForward extends UnaryContract {
    GeluForward() {
      super(Gelu::forward, RefActivation::gelu, Bound.ulps(4).plus(Bound.absolute(8.5e-7)), false);
    }
  }

  @Nested
  @Covers(owner = Gelu.class, method = "backward")
  class GeluBackward extends UnaryBackwardContract {
    GeluBackward() {
      super(
          "input",
          Gelu::backward,
          RefActivation::geluBackward,
          RefActivation::gelu,
          ABSOLUTE_DERIVATIVE,
          false);
    }
  }

  @Nested
  @Covers(owner = Silu.class, method = "forward")
  class SiluForward extends UnaryContract {
    SiluForward() {
      super(Silu::forward, RefActivation::silu, Bound.ulps(2.5), false);
    }
  }

  @Nested
  @Covers(owner = Silu.class, method = "backward")
  class SiluBackward extends UnaryBackwardContract {
    SiluBackward() {
      super(
          "input",
          Silu::backward,
          RefActivation::siluBackward,
          RefActivation::silu,
          ABSOLUTE_DERIVATIVE,
          false);
    }
  }

  @Test
  void nanStaysNan() {
    float[] nan = filled(Float.NaN);
    assertAll(Float.NaN, nan, Relu::forward);
    assertAll(Float.NaN, nan, (s, x, y, p) -> LeakyRelu.forward(s, SLOPE, x, y, p));
    assertAll(Float.NaN, nan, Sigmoid::forward);
    assertAll(Float.NaN, nan, Tanh::forward);
    assertAll(Float.NaN, nan, Gelu::forward);
    assertAll(Float.NaN, nan, Silu::forward);
    float[] one = filled(1);
    assertAll(Float.NaN, nan, (s, x, y, p) -> Gelu.backward(s, one, x, y, p));
    assertAll(Float.NaN, nan, (s, x, y, p) -> Silu.backward(s, one, x, y, p));
  }

  @Test
  void gradientAtZero() {
    float[] zero = filled(0);
    float[] one = filled(1);
    assertAll(0, zero, (s, x, y, p) -> Relu.backward(s, one, x, y, p));
    assertAll(SLOPE, zero, (s, x, y, p) -> LeakyRelu.backward(s, SLOPE, one, x, y, p));
    assertAll(0.5f, zero, (s, x, y, p) -> Silu.backward(s, one, x, y, p));
  }

  @Test
  void reluOfMinusZeroIsZero() {
    assertAll(0, filled(-0f), Relu::forward);
  }

  @Test
  void infinities() {
    float[] high = filled(Float.POSITIVE_INFINITY);
    float[] low = filled(Float.NEGATIVE_INFINITY);
    float[] one = filled(1);
    assertAll(Float.POSITIVE_INFINITY, high, Gelu::forward);
    assertAll(0, low, Gelu::forward);
    assertAll(Float.POSITIVE_INFINITY, high, Silu::forward);
    assertAll(0, low, Silu::forward);
    assertAll(1, high, (s, x, y, p) -> Gelu.backward(s, one, x, y, p));
    assertAll(0, low, (s, x, y, p) -> Gelu.backward(s, one, x, y, p));
    assertAll(1, high, (s, x, y, p) -> Silu.backward(s, one, x, y, p));
    assertAll(0, low, (s, x, y, p) -> Silu.backward(s, one, x, y, p));
  }

  private static float[] filled(float value) {
    float[] array = new float[37];
    Arrays.fill(array, value);
    return array;
  }

  private static void assertAll(float expected, float[] input, UnaryContract.Kernel kernel) {
    float[] output = new float[input.length];
    kernel.run(new FlatShape(input.length), input, output, Parallel.serial());
    for (float value : output) {
      assertEquals(expected, value);
    }
  }
}
