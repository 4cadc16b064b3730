package io.lanewise.engine.init;

import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import java.util.Arrays;

/** Sets the first values of a parameter. */
public interface Initializer {
  /**
   * Fills an array.
   *
   * @param values to be overwritten
   * @param fanIn inputs that one output reads: kh*kw*c/groups, or the rows of a weight matrix
   * @param fanOut outputs that one input reaches: kh*kw*oc/groups, or the columns
   * @param random draws
   */
  void fill(float[] values, int fanIn, int fanOut, Seeds random);

  /** Fills a weight, whose last dimension counts outputs: {@code [..., inputs, outputs]}. */
  default void fill(Parameter weight, Seeds random) {
    Shape shape = weight.shape();
    int outputs = shape.dim(shape.rank() - 1);
    int inputs = shape.rank() < 2 ? 1 : shape.dim(shape.rank() - 2);
    fill(weight.value(), shape.size() / outputs, shape.size() / inputs, random);
  }

  /** Normal with variance 2 / fan-in, for layers before a rectifier (He et al., 2015). */
  static Initializer he() {
    return (values, fanIn, fanOut, random) -> gaussian(values, Math.sqrt(2.0 / fanIn), random);
  }

  /** Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010). */
  static Initializer xavier() {
    return (values, fanIn, fanOut, random) -> {
      uniform(values, Math.sqrt(6.0 / (fanIn + fanOut)), random);
    };
  }

  /** Normal with the given standard deviation around zero. */
  static Initializer gaussian(double deviation) {
    return (values, fanIn, fanOut, random) -> gaussian(values, deviation, random);
  }

  /** Normal with variance 1 / fan-in, ConvNetJS's choice. */
  static Initializer gaussianFanIn() {
    return (values, fanIn, fanOut, random) -> gaussian(values, Math.sqrt(1.0 / fanIn), random);
  }

  /** Uniform from -limit to limit. */
  static Initializer uniform(double limit) {
    return (values, fanIn, fanOut, random) -> uniform(values, limit, random);
  }

  /** Uniform from -1/sqrt(fan-in) to 1/sqrt(fan-in), PyTorch's default for layers. */
  static Initializer uniformFanIn() {
    return (values, fanIn, fanOut, random) -> uniform(values, Math.sqrt(1.0 / fanIn), random);
  }

  /**
   * Filters that pass one input channel on, the first filter the first channel and so on, as far as
   * there are both (Zagoruyko and Komodakis, "DiracNets", 2017; PyTorch's {@code dirac_} on the
   * first filters): 1 at the middle of the window, else 0. Filters beyond the input channels are
   * left to another initializer.
   */
  static Initializer dirac(Initializer others) {
    return new Dirac(others);
  }

  /** Columns at right angles to each other and of length 1 (Saxe et al., 2013). */
  static Initializer orthogonal() {
    return new Orthogonal();
  }

  /** The same value everywhere. */
  static Initializer constant(float value) {
    return (values, fanIn, fanOut, random) -> Arrays.fill(values, value);
  }

  /** Zero everywhere. */
  static Initializer zeros() {
    return constant(0);
  }

  private static void uniform(float[] values, double limit, Seeds random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (limit * (2 * random.nextDouble() - 1));
    }
  }

  private static void gaussian(float[] values, double deviation, Seeds random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }
}
