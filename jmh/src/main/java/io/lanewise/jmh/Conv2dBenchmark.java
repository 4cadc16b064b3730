package io.lanewise.jmh;

import io.lanewise.kernels.conv.Conv2d;
import io.lanewise.kernels.conv.ConvAlgorithm;
import io.lanewise.kernels.conv.ConvPlan;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The three large directions of a convolution; {@code -p shape=...} takes any conv text. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Conv2dBenchmark {
  @Param({"n64h32w32c64_oc64_k3s1p1", "n64h16w16c128_oc128_k3s1p1", "n64h32w32c3_oc16_k5s1p2"})
  private String shape;

  /** {@code AUTO} or a {@link ConvAlgorithm}. */
  @Param("AUTO")
  private String algorithm;

  @Param("1")
  private int threads;

  private ConvShape conv;
  private ConvPlan plan;
  private float[] input;
  private float[] weight;
  private float[] output;
  private float[] gradOutput;
  private float[] gradInput;
  private float[] gradWeight;
  private Workspace workspace;
  private Parallel parallel;

  /** Makes the arrays; checks a value of forward and that its adjoints agree with it. */
  @Setup
  public void setUp() {
    conv = ConvShape.parse(shape);
    plan =
        algorithm.equals("AUTO")
            ? ConvPlan.of(conv)
            : ConvPlan.all(ConvAlgorithm.valueOf(algorithm));
    input = Data.integers(conv.inputSize(), 1);
    weight = Data.integers(conv.weightSize(), 2);
    gradOutput = Data.integers(conv.outputSize(), 3);
    output = new float[conv.outputSize()];
    gradInput = new float[conv.inputSize()];
    gradWeight = new float[conv.weightSize()];
    parallel = Parallel.of(threads);
    workspace = new Workspace(parallel);
    forward();
    backwardInput();
    backwardWeight();
    double forward = dot(output, gradOutput);
    same(dot(gradInput, input), forward, conv.outputSize());
    same(dot(gradWeight, weight), forward, conv.outputSize());
    same(output[0], firstOutput(), 1);
  }

  /** Whole numbers give exact sums, but for the fractions in Winograd's matrices. */
  private void same(double found, double right, int outputs) {
    boolean exact = plan.equals(ConvPlan.all(ConvAlgorithm.DIRECT));
    double scale = Math.sqrt((double) outputs * conv.patchSize());
    if (Math.abs(found - right) > (exact ? 0 : 1e-3 * scale)) {
      throw new IllegalStateException(
          conv + ": found " + found + ", needs " + right + "; not timed");
    }
  }

  private double firstOutput() {
    int c = conv.c() / conv.groups();
    double sum = 0;
    for (int ky = 0; ky < conv.window().kh(); ky++) {
      for (int kx = 0; kx < conv.window().kw(); kx++) {
        int iy = ky * conv.window().dilationH() - conv.window().padTop();
        int ix = kx * conv.window().dilationW() - conv.window().padLeft();
        if (iy < 0 || iy >= conv.h() || ix < 0 || ix >= conv.w()) {
          continue;
        }
        for (int ch = 0; ch < c; ch++) {
          double x = input[(iy * conv.w() + ix) * conv.c() + ch];
          sum += x * weight[((ky * conv.window().kw() + kx) * c + ch) * conv.oc()];
        }
      }
    }
    return sum;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** output = input * weight. */
  @Benchmark
  public void forward() {
    Conv2d.forward(conv, plan, Epilogue.NONE, input, weight, null, output, workspace, parallel);
  }

  /** gradInput = gradOutput * rotated weight. */
  @Benchmark
  public void backwardInput() {
    Conv2d.backwardInput(conv, plan, gradOutput, weight, gradInput, workspace, parallel);
  }

  /** gradWeight += input patches^T * gradOutput. */
  @Benchmark
  public void backwardWeight() {
    Conv2d.backwardWeight(conv, plan, gradOutput, input, gradWeight, workspace, parallel);
  }

  /** Ends the threads. */
  @TearDown
  public void tearDown() {
    parallel.close();
  }
}
