package io.lanewise.kernels.contract;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * What a double reference of a backward direction claims: that {@code backward(x, g)} is the
 * gradient of {@code <forward(x), g>} by x. All else the op reads is fixed.
 */
public final class Gradient {
  private static final int COORDINATES = 40;
  private static final double STEP = 1e-5;

  private final String name;
  private final boolean linear;
  private final Signature.Draw draw;
  private final int size;
  private final UnaryOperator<double[]> forward;
  private final BinaryOperator<double[]> backward;

  private Gradient(
      String name,
      boolean linear,
      Signature.Draw draw,
      int size,
      UnaryOperator<double[]> forward,
      BinaryOperator<double[]> backward) {
    this.name = name;
    this.linear = linear;
    this.draw = draw;
    this.size = size;
    this.forward = forward;
    this.backward = backward;
  }

  /**
   * A claim about any differentiable op, checked by central differences.
   *
   * @param name the variable, for messages
   * @param size number of values in x
   * @param forward the op as a function of x
   * @param backward from x and the gradient of the output to the gradient of x
   */
  public static Gradient of(
      String name, int size, UnaryOperator<double[]> forward, BinaryOperator<double[]> backward) {
    return new Gradient(name, false, (random, i) -> random.nextGaussian(), size, forward, backward);
  }

  /**
   * A claim about an op that is linear in x, checked by the adjoint identity {@code <f(x), g> = <x,
   * f*(g)>}.
   *
   * @param backward from the gradient of the output to the gradient of x
   */
  public static Gradient linear(
      String name, int size, UnaryOperator<double[]> forward, UnaryOperator<double[]> backward) {
    return new Gradient(
        name,
        true,
        (random, i) -> random.nextGaussian(),
        size,
        forward,
        (x, gradOutput) -> backward.apply(gradOutput));
  }

  /** The same claim with x drawn so, for ops that are not defined everywhere. */
  public Gradient drawn(Signature.Draw other) {
    return new Gradient(name, linear, other, size, forward, backward);
  }

  int size() {
    return size;
  }

  void check(Random random) {
    double[] x = new double[size];
    Arrays.setAll(x, i -> draw.at(random, i));
    double[] output = forward.apply(x.clone());
    double[] gradOutput = new double[output.length];
    Arrays.setAll(gradOutput, i -> random.nextGaussian());
    double[] gradient = backward.apply(x.clone(), gradOutput.clone());
    if (gradient.length != size) {
      fail(name + ": the gradient has " + gradient.length + " values, the variable " + size);
    }
    if (linear) {
      double left = dot(output, gradOutput);
      double right = dot(x, gradient);
      double scale = norm(output) * norm(gradOutput) + norm(x) * norm(gradient) + 1e-30;
      if (!(Math.abs(left - right) <= 1e-12 * scale)) {
        fail(name + ": <f(x),g> = " + left + ", but <x,f*(g)> = " + right);
      }
      return;
    }
    double scale = 1 + norm(output) * norm(gradOutput);
    for (int count = 0; count < Math.min(size, COORDINATES); count++) {
      int i = size <= COORDINATES ? count : random.nextInt(size);
      double difference =
          (valueAt(x, i, STEP, gradOutput) - valueAt(x, i, -STEP, gradOutput)) / (2 * STEP);
      if (!(Math.abs(difference - gradient[i]) <= 1e-7 * scale + 1e-7 * Math.abs(gradient[i]))) {
        fail(
            String.format(
                "%s: the gradient at %d is %s, but central differences give %s",
                name, i, gradient[i], difference));
      }
    }
  }

  private double valueAt(double[] x, int i, double step, double[] gradOutput) {
    double[] moved = x.clone();
    moved[i] += step;
    return dot(forward.apply(moved), gradOutput);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
