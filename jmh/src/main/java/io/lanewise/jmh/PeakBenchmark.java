package io.lanewise.jmh;

import io.lanewise.kernels.peak.PeakLanes;
import io.lanewise.kernels.shape.FlatShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The machine's limits: multiply-adds in registers, and a triad over arrays of all sizes. */
public class PeakBenchmark extends KernelBenchmark {
  private static final int ROUNDS = 1_000_000;
  private static final int LEAST_ELEMENTS = 1 << 22;

  /** Floats in each array of the triad, of all threads together. */
  @Param("size2048")
  private String shape;

  private float[][] a;
  private float[][] b;
  private float[][] out;
  private float[] ends;
  private int passes;

  static Work work(String method, String shape, int threads) {
    int size = FlatShape.parse(shape).size() / threads;
    return method.equals("fma")
        ? new Work(threads * PeakLanes.ACTIVE.fmaFlops(ROUNDS), 0)
        : new Work(0, 12L * size * passes(size) * threads, 12L * size * threads);
  }

  private static int passes(int size) {
    return Math.max(1, LEAST_ELEMENTS / size);
  }

  @Override
  protected void prepare() {
    int threads = parallel().threads();
    int size = FlatShape.parse(shape).size() / threads;
    passes = passes(size);
    a = new float[threads][];
    b = new float[threads][];
    out = new float[threads][size];
    ends = new float[threads];
    for (int i = 0; i < threads; i++) {
      a[i] = Data.gaussian(size, 1 + i);
      b[i] = Data.gaussian(size, -1 - i);
    }
    fma();
    triad();
    double sum = 0;
    for (int chain = 0; chain < PeakLanes.CHAINS; chain++) {
      double x = chain;
      for (int i = 0; i < ROUNDS; i++) {
        x = x * 0.5 + 1;
      }
      sum += x;
    }
    for (int i = 0; i < threads; i++) {
      Data.check("fma", i, ends[i], sum);
      for (int at = 0; at < size; at += Data.stride(size, 1000)) {
        double product = 0.5 * b[i][at];
        double magnitude = Math.abs(product) + Math.abs(a[i][at]);
        Data.check("triad", at, out[i][at], product + a[i][at], magnitude);
      }
    }
  }

  /** Independent chains of x = 0.5 x + 1 on each thread. */
  @Benchmark
  public void fma() {
    parallel().forEach(ends.length, thread -> ends[thread] = PeakLanes.ACTIVE.fma(ROUNDS, 0.5f, 1));
  }

  /** out = 0.5 b + a, over and over where the arrays are small. */
  @Benchmark
  public void triad() {
    parallel()
        .forEach(
            ends.length,
            thread -> {
              for (int pass = 0; pass < passes; pass++) {
                float[] to = out[thread];
                PeakLanes.ACTIVE.triad(a[thread], 0.5f, b[thread], to, 0, to.length);
              }
            });
  }
}
