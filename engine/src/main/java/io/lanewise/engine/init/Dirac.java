package io.lanewise.engine.init;

import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import java.util.Arrays;

/** {@link Initializer#dirac}: it must know the window, so it fills whole weights alone. */
final class Dirac implements Initializer {
  private final Initializer others;

  Dirac(Initializer others) {
    this.others = others;
  }

  @Override
  public void fill(float[] values, int fanIn, int fanOut, Seeds random) {
    throw new UnsupportedOperationException(
        "dirac fills the weights of convolutions, [kh, kw, c, oc], as it must know the window");
  }

  @Override
  public void fill(Parameter weight, Seeds random) {
    Shape shape = weight.shape();
    if (shape.rank() != 4) {
      throw new IllegalArgumentException(
          weight + ": dirac needs the weight of a convolution, [kh, kw, c, oc]");
    }
    others.fill(weight, random);
    int kh = shape.dim(0);
    int kw = shape.dim(1);
    int c = shape.dim(2);
    int oc = shape.dim(3);
    int passing = Math.min(c, oc);
    float[] values = weight.value();
    for (int row = 0; row < kh * kw * c; row++) {
      Arrays.fill(values, row * oc, row * oc + passing, 0);
    }
    int middle = (kh / 2 * kw + kw / 2) * c;
    for (int ch = 0; ch < passing; ch++) {
      values[(middle + ch) * oc + ch] = 1;
    }
  }
}
