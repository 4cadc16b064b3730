package io.lanewise.jmh;

import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.OptimizerSpec;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.shape.FlatShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The update of one parameter by each optimiser at its defaults, with L2. */
public class UpdateBenchmark extends KernelBenchmark {
  private static final double L2 = 0.1;
  private static final int STEPS = 2;

  @Param("size1048576")
  private String shape;

  private final Map<String, Optimizer> optimizers = new HashMap<>();

  static Work work(String method, String shape) {
    int state =
        switch (method) {
          case "sgd" -> 0;
          case "adadelta", "adam", "adamw" -> 2;
          default -> 1;
        };
    return Work.floats((3L + 2 * state) * FlatShape.parse(shape).size());
  }

  @Override
  protected void prepare() {
    int size = FlatShape.parse(shape).size();
    float[] start = Data.integers(size, 1);
    float[] gradient = Data.integers(size, 2);
    for (int i = 0; i < size; i++) {
      start[i] /= 2;
      gradient[i] = 0.6f + gradient[i] / 10;
    }
    for (String name : OptimizerSpec.names()) {
      Parameter parameter = new Parameter(name, Shape.of(size), true);
      parameter.set(start);
      System.arraycopy(gradient, 0, parameter.grad(), 0, size);
      OptimizerSpec spec = new OptimizerSpec(name, null, null, null, null, 0, L2);
      Optimizer optimizer = spec.create(List.of(parameter));
      for (int step = 0; step < STEPS; step++) {
        optimizer.step(parallel());
      }
      for (int at = 0; at < size; at += Data.stride(size, 1000)) {
        double moved = plain(name, spec.rate(), start[at], gradient[at]) - start[at];
        double found = (double) parameter.value()[at] - start[at];
        Data.check(name, at, found, moved, Math.abs(moved) + Math.ulp(1f) / 2e-4);
      }
      optimizers.put(name, optimizer);
    }
  }

  /** A value after some steps by PyTorch's formulas. */
  private static double plain(String name, double rate, double start, double gradient) {
    double w = start;
    double s = 0;
    double u = 0;
    for (int t = 1; t <= STEPS; t++) {
      double g = name.equals("adamw") ? gradient : gradient + L2 * w;
      switch (name) {
        case "sgd" -> w -= rate * g;
        case "momentum", "nesterov" -> {
          s = 0.9 * s + g;
          w -= rate * (name.equals("momentum") ? s : g + 0.9 * s);
        }
        case "adagrad" -> {
          s += g * g;
          w -= rate * g / (Math.sqrt(s) + 1e-10);
        }
        case "adadelta" -> {
          s = 0.95 * s + 0.05 * g * g;
          double d = Math.sqrt(u + 1e-8) / Math.sqrt(s + 1e-8) * g;
          u = 0.95 * u + 0.05 * d * d;
          w -= rate * d;
        }
        case "rmsprop" -> {
          s = 0.99 * s + 0.01 * g * g;
          w -= rate * g / (Math.sqrt(s) + 1e-8);
        }
        case "adam", "adamw" -> {
          w *= name.equals("adamw") ? 1 - rate * L2 : 1;
          u = 0.9 * u + 0.1 * g;
          s = 0.999 * s + 0.001 * g * g;
          double mean = u / (1 - Math.pow(0.9, t));
          double square = s / (1 - Math.pow(0.999, t));
          w -= rate * mean / (Math.sqrt(square) + 1e-8);
        }
        default -> throw new IllegalStateException("no plain loop for " + name);
      }
    }
    return w;
  }

  /** w -= rate * g. */
  @Benchmark
  public void sgd() {
    optimizers.get("sgd").step(parallel());
  }

  /** With momentum 0.9. */
  @Benchmark
  public void momentum() {
    optimizers.get("momentum").step(parallel());
  }

  /** With momentum 0.9 taken ahead. */
  @Benchmark
  public void nesterov() {
    optimizers.get("nesterov").step(parallel());
  }

  /** Rates by the sum of squares. */
  @Benchmark
  public void adagrad() {
    optimizers.get("adagrad").step(parallel());
  }

  /** Rates by two running averages. */
  @Benchmark
  public void adadelta() {
    optimizers.get("adadelta").step(parallel());
  }

  /** Rates by a running average. */
  @Benchmark
  public void rmsprop() {
    optimizers.get("rmsprop").step(parallel());
  }

  /** Mean and mean square. */
  @Benchmark
  public void adam() {
    optimizers.get("adam").step(parallel());
  }

  /** Adam with decoupled decay. */
  @Benchmark
  public void adamw() {
    optimizers.get("adamw").step(parallel());
  }
}
