package io.lanewise.jmh;

import io.lanewise.kernels.activation.Gelu;
import io.lanewise.kernels.activation.Relu;
import io.lanewise.kernels.elementwise.Add;
import io.lanewise.kernels.shape.FlatShape;
import java.util.function.IntToDoubleFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Loops over values: from nothing but traffic (add, rectifier) to polynomials (GELU). */
public class ElementwiseBenchmark extends KernelBenchmark {
  @Param("size65536")
  private String shape;

  private FlatShape flat;
  private float[] a;
  private float[] b;
  private float[] out;

  static Work work(String method, String shape) {
    int arrays = method.equals("reluForward") || method.equals("geluForward") ? 2 : 3;
    return Work.floats((long) arrays * FlatShape.parse(shape).size());
  }

  @Override
  protected void prepare() {
    flat = FlatShape.parse(shape);
    a = Data.gaussian(flat.size(), 1);
    b = Data.gaussian(flat.size(), 2);
    out = new float[flat.size()];
    add();
    check("add", i -> (double) a[i] + b[i]);
    reluForward();
    check("reluForward", i -> a[i] > 0 ? a[i] : 0);
    reluBackward();
    check("reluBackward", i -> b[i] > 0 ? a[i] : 0);
    geluForward();
    check("geluForward", i -> a[i] * normalBelow(a[i]));
    geluBackward();
    check("geluBackward", i -> a[i] * (normalBelow(b[i]) + b[i] * density(b[i])));
  }

  private void check(String what, IntToDoubleFunction right) {
    for (int at = 0; at < out.length; at += Data.stride(out.length, 1000)) {
      double magnitude = Math.abs((double) a[at]) + Math.abs((double) b[at]);
      Data.check(what + " " + flat, at, out[at], right.applyAsDouble(at), magnitude);
    }
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The normal distribution function: half, and the density's integral from 0 by trapezoids. */
  private static double normalBelow(double x) {
    int pieces = 2000;
    double sum = (density(0) + density(x)) / 2;
    for (int i = 1; i < pieces; i++) {
      sum += density(x * i / pieces);
    }
    return 0.5 + sum * x / pieces;
  }

  /** out = a + b. */
  @Benchmark
  public void add() {
    Add.forward(flat, a, b, out, parallel());
  }

  /** out = max(a, 0). */
  @Benchmark
  public void reluForward() {
    Relu.forward(flat, a, out, parallel());
  }

  /** out = a where b is above 0. */
  @Benchmark
  public void reluBackward() {
    Relu.backward(flat, a, b, out, parallel());
  }

  /** out = gelu(a). */
  @Benchmark
  public void geluForward() {
    Gelu.forward(flat, a, out, parallel());
  }

  /** out = a * gelu'(b). */
  @Benchmark
  public void geluBackward() {
    Gelu.backward(flat, a, b, out, parallel());
  }
}
