package io.lanewise.jmh;

import io.lanewise.kernels.gemm.Gemm;
import io.lanewise.kernels.shape.GemmShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Matrix products, packing included. */
public class GemmBenchmark extends KernelBenchmark {
  @Param("m256n256k256")
  private String shape;

  private GemmShape gemm;
  private float[] a;
  private float[] b;
  private float[] c;

  static Work work(String method, String shape) {
    GemmShape gemm = GemmShape.parse(shape);
    return new Work(gemm.flops(), gemm.bytes());
  }

  @Override
  protected void prepare() {
    gemm = GemmShape.parse(shape);
    int m = gemm.m();
    int n = gemm.n();
    int k = gemm.k();
    a = Data.integers(gemm.aSize(), 1);
    b = Data.integers(gemm.bSize(), 2);
    c = new float[gemm.cSize()];
    nn();
    check("nn", k, 1, n, 1);
    nt();
    check("nt", k, 1, 1, k);
    tn();
    check("tn", 1, m, n, 1);
  }

  /** Checks values of C, given how far apart in A and B what follows by row, column and k is. */
  private void check(String what, int aRow, int aK, int bK, int bColumn) {
    for (int at = 0; at < gemm.cSize(); at += Data.stride(gemm.cSize(), 1000)) {
      double sum = 0;
      double magnitude = 0;
      for (int k = 0; k < gemm.k(); k++) {
        double x = a[at / gemm.n() * aRow + k * aK];
        double y = b[k * bK + at % gemm.n() * bColumn];
        sum += x * y;
        magnitude += Math.abs(x * y);
      }
      Data.check(what + " " + gemm, at, c[at], sum, magnitude);
    }
  }

  /** C = A * B. */
  @Benchmark
  public void nn() {
    Gemm.nn(gemm, a, b, c, workspace(), parallel());
  }

  /** C = A * B^T. */
  @Benchmark
  public void nt() {
    Gemm.nt(gemm, a, b, c, workspace(), parallel());
  }

  /** C = A^T * B. */
  @Benchmark
  public void tn() {
    Gemm.tn(gemm, a, b, c, workspace(), parallel());
  }
}
