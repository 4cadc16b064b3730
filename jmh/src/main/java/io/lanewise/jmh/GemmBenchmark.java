package io.lanewise.jmh;

import io.lanewise.kernels.gemm.Gemm;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.GemmShape;
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

/** Matrix products; {@code -p shape=...} takes any gemm text. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GemmBenchmark {
  @Param({"m256n256k256", "m1024n1024k1024"})
  private String shape;

  @Param("1")
  private int threads;

  private GemmShape gemm;
  private float[] a;
  private float[] b;
  private float[] c;
  private Workspace workspace;
  private Parallel parallel;

  /** Makes the matrices and checks values of the product. */
  @Setup
  public void setUp() {
    gemm = GemmShape.parse(shape);
    a = Data.integers(gemm.aSize(), 1);
    b = Data.integers(gemm.bSize(), 2);
    c = new float[gemm.cSize()];
    parallel = Parallel.of(threads);
    workspace = new Workspace(parallel);
    nn();
    for (int at = 0; at < gemm.cSize(); at += 97) {
      double sum = 0;
      for (int k = 0; k < gemm.k(); k++) {
        sum += (double) a[at / gemm.n() * gemm.k() + k] * b[k * gemm.n() + at % gemm.n()];
      }
      Data.check(gemm, at, c[at], sum);
    }
  }

  /** C = A * B. */
  @Benchmark
  public void nn() {
    Gemm.nn(gemm, a, b, c, workspace, parallel);
  }

  /** Ends the threads. */
  @TearDown
  public void tearDown() {
    parallel.close();
  }
}
