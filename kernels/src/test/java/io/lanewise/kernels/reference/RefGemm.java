package io.lanewise.kernels.reference;

import io.lanewise.kernels.shape.GemmShape;

/**
 * Matrix products in double, from the definition {@code c[i,j] = sum over p of a[i,p] * b[p,j]}.
 */
public final class RefGemm {
  private RefGemm() {}

  /** A is {@code [m, k]}, B is {@code [k, n]}. */
  public static double[] nn(GemmShape s, double[] a, double[] b) {
    double[] c = new double[s.cSize()];
    for (int i = 0; i < s.m(); i++) {
      for (int j = 0; j < s.n(); j++) {
        for (int p = 0; p < s.k(); p++) {
          c[i * s.n() + j] += a[i * s.k() + p] * b[p * s.n() + j];
        }
      }
    }
    return c;
  }

  /** A is {@code [m, k]}, B is {@code [n, k]}. */
  public static double[] nt(GemmShape s, double[] a, double[] b) {
    double[] c = new double[s.cSize()];
    for (int i = 0; i < s.m(); i++) {
      for (int j = 0; j < s.n(); j++) {
        for (int p = 0; p < s.k(); p++) {
          c[i * s.n() + j] += a[i * s.k() + p] * b[j * s.k() + p];
        }
      }
    }
    return c;
  }

  /** A is {@code [k, m]}, B is {@code [k, n]}. */
  public static double[] tn(GemmShape s, double[] a, double[] b) {
    double[] c = new double[s.cSize()];
    for (int i = 0; i < s.m(); i++) {
      for (int j = 0; j < s.n(); j++) {
        for (int p = 0; p < s.k(); p++) {
          c[i * s.n() + j] += a[p * s.m() + i] * b[p * s.n() + j];
        }
      }
    }
    return c;
  }
}
