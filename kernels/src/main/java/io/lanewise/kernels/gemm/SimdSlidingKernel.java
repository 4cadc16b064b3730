package io.lanewise.kernels.gemm;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SlidingKernel} on vectors. 512-bit lanes have 32 registers, so a tile is computed at once,
 * and of a run that comes twice only one; otherwise, with 16 registers, by halves of its rows.
 * Accumulators are local variables, written out, as in {@link SimdMicroKernel12}.
 */
final class SimdSlidingKernel implements SlidingKernel {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final boolean MANY_REGISTERS = F.vectorBitSize() == 512;

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public void multiply(
      int rows,
      int depth,
      float[] a,
      int aAt,
      int[] table,
      float[] b,
      int firstAt,
      int secondAt,
      float[] c,
      int cFirst,
      int cSecond,
      int ldc) {
    if (MANY_REGISTERS && cFirst == cSecond) {
      if (rows == HIGH) {
        single10(depth, a, aAt, table, b, firstAt, c, cFirst, ldc);
      } else {
        single8(depth, a, aAt, table, b, firstAt, c, cFirst, ldc);
      }
    } else if (MANY_REGISTERS && rows == HIGH) {
      multiply10(depth, a, aAt, table, b, firstAt, secondAt, c, cFirst, cSecond, ldc);
    } else if (MANY_REGISTERS) {
      multiply8(depth, a, aAt, table, b, firstAt, secondAt, c, cFirst, cSecond, ldc);
    } else if (rows == HIGH) {
      for (int r = 0; r < HIGH; r += HIGH / 2) {
        int row = r * ldc;
        multiply5(
            depth, a, aAt + r, table, b, firstAt, secondAt, c, cFirst + row, cSecond + row, ldc);
      }
    } else {
      for (int r = 0; r < LOW; r += LOW / 2) {
        int row = r * ldc;
        multiply4(
            depth, a, aAt + r, table, b, firstAt, secondAt, c, cFirst + row, cSecond + row, ldc);
      }
    }
  }

  /**
   * Whole vectors, step after step: what a vector writes beyond its step, the next step writes
   * again. The last steps, whose vectors would leave the panel or the array, are copied as they
   * are.
   */
  @Override
  public void pack(int rows, int depth, float[] a, int aAt, int lda, float[] panel, int panelAt) {
    int width = (rows + L - 1) / L * L;
    int read = (a.length - aAt - width + lda) / lda;
    int written = depth - (width - 1) / rows;
    int safe = Math.max(0, Math.min(depth, Math.min(read, written)));
    for (int k = 0; k < safe; k++) {
      for (int r = 0; r < rows; r += L) {
        fromArray(F, a, aAt + k * lda + r).intoArray(panel, panelAt + k * rows + r);
      }
    }
    int rest = depth - safe;
    SlidingKernel.super.pack(rows, rest, a, aAt + safe * lda, lda, panel, panelAt + safe * rows);
  }

  private static void multiply10(
      int depth,
      float[] a,
      int aAt,
      int[] table,
      float[] b,
      int firstAt,
      int secondAt,
      float[] c,
      int cFirst,
      int cSecond,
      int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c0b = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c1b = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c2b = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c3b = zero(F);
    FloatVector c4a = zero(F);
    FloatVector c4b = zero(F);
    FloatVector c5a = zero(F);
    FloatVector c5b = zero(F);
    FloatVector c6a = zero(F);
    FloatVector c6b = zero(F);
    FloatVector c7a = zero(F);
    FloatVector c7b = zero(F);
    FloatVector c8a = zero(F);
    FloatVector c8b = zero(F);
    FloatVector c9a = zero(F);
    FloatVector c9b = zero(F);
    for (int k = 0; k < depth; k++) {
      int at = table[k];
      FloatVector ba = fromArray(F, b, firstAt + at);
      FloatVector bb = fromArray(F, b, secondAt + at);
      FloatVector a0 = broadcast(F, a[aAt + k * HIGH]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      FloatVector a1 = broadcast(F, a[aAt + k * HIGH + 1]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      FloatVector a2 = broadcast(F, a[aAt + k * HIGH + 2]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = broadcast(F, a[aAt + k * HIGH + 3]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
      FloatVector a4 = broadcast(F, a[aAt + k * HIGH + 4]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      FloatVector a5 = broadcast(F, a[aAt + k * HIGH + 5]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
      FloatVector a6 = broadcast(F, a[aAt + k * HIGH + 6]);
      c6a = a6.fma(ba, c6a);
      c6b = a6.fma(bb, c6b);
      FloatVector a7 = broadcast(F, a[aAt + k * HIGH + 7]);
      c7a = a7.fma(ba, c7a);
      c7b = a7.fma(bb, c7b);
      FloatVector a8 = broadcast(F, a[aAt + k * HIGH + 8]);
      c8a = a8.fma(ba, c8a);
      c8b = a8.fma(bb, c8b);
      FloatVector a9 = broadcast(F, a[aAt + k * HIGH + 9]);
      c9a = a9.fma(ba, c9a);
      c9b = a9.fma(bb, c9b);
    }
    c0a.intoArray(c, cFirst);
    c1a.intoArray(c, cFirst + ldc);
    c2a.intoArray(c, cFirst + 2 * ldc);
    c3a.intoArray(c, cFirst + 3 * ldc);
    c4a.intoArray(c, cFirst + 4 * ldc);
    c5a.intoArray(c, cFirst + 5 * ldc);
    c6a.intoArray(c, cFirst + 6 * ldc);
    c7a.intoArray(c, cFirst + 7 * ldc);
    c8a.intoArray(c, cFirst + 8 * ldc);
    c9a.intoArray(c, cFirst + 9 * ldc);
    c0b.intoArray(c, cSecond);
    c1b.intoArray(c, cSecond + ldc);
    c2b.intoArray(c, cSecond + 2 * ldc);
    c3b.intoArray(c, cSecond + 3 * ldc);
    c4b.intoArray(c, cSecond + 4 * ldc);
    c5b.intoArray(c, cSecond + 5 * ldc);
    c6b.intoArray(c, cSecond + 6 * ldc);
    c7b.intoArray(c, cSecond + 7 * ldc);
    c8b.intoArray(c, cSecond + 8 * ldc);
    c9b.intoArray(c, cSecond + 9 * ldc);
  }

  private static void multiply8(
      int depth,
      float[] a,
      int aAt,
      int[] table,
      float[] b,
      int firstAt,
      int secondAt,
      float[] c,
      int cFirst,
      int cSecond,
      int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c0b = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c1b = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c2b = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c3b = zero(F);
    FloatVector c4a = zero(F);
    FloatVector c4b = zero(F);
    FloatVector c5a = zero(F);
    FloatVector c5b = zero(F);
    FloatVector c6a = zero(F);
    FloatVector c6b = zero(F);
    FloatVector c7a = zero(F);
    FloatVector c7b = zero(F);
    for (int k = 0; k < depth; k++) {
      int at = table[k];
      FloatVector ba = fromArray(F, b, firstAt + at);
      FloatVector bb = fromArray(F, b, secondAt + at);
      FloatVector a0 = broadcast(F, a[aAt + k * LOW]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      FloatVector a1 = broadcast(F, a[aAt + k * LOW + 1]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      FloatVector a2 = broadcast(F, a[aAt + k * LOW + 2]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = broadcast(F, a[aAt + k * LOW + 3]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
      FloatVector a4 = broadcast(F, a[aAt + k * LOW + 4]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      FloatVector a5 = broadcast(F, a[aAt + k * LOW + 5]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
      FloatVector a6 = broadcast(F, a[aAt + k * LOW + 6]);
      c6a = a6.fma(ba, c6a);
      c6b = a6.fma(bb, c6b);
      FloatVector a7 = broadcast(F, a[aAt + k * LOW + 7]);
      c7a = a7.fma(ba, c7a);
      c7b = a7.fma(bb, c7b);
    }
    c0a.intoArray(c, cFirst);
    c1a.intoArray(c, cFirst + ldc);
    c2a.intoArray(c, cFirst + 2 * ldc);
    c3a.intoArray(c, cFirst + 3 * ldc);
    c4a.intoArray(c, cFirst + 4 * ldc);
    c5a.intoArray(c, cFirst + 5 * ldc);
    c6a.intoArray(c, cFirst + 6 * ldc);
    c7a.intoArray(c, cFirst + 7 * ldc);
    c0b.intoArray(c, cSecond);
    c1b.intoArray(c, cSecond + ldc);
    c2b.intoArray(c, cSecond + 2 * ldc);
    c3b.intoArray(c, cSecond + 3 * ldc);
    c4b.intoArray(c, cSecond + 4 * ldc);
    c5b.intoArray(c, cSecond + 5 * ldc);
    c6b.intoArray(c, cSecond + 6 * ldc);
    c7b.intoArray(c, cSecond + 7 * ldc);
  }

  private static void multiply5(
      int depth,
      float[] a,
      int aAt,
      int[] table,
      float[] b,
      int firstAt,
      int secondAt,
      float[] c,
      int cFirst,
      int cSecond,
      int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c0b = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c1b = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c2b = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c3b = zero(F);
    FloatVector c4a = zero(F);
    FloatVector c4b = zero(F);
    for (int k = 0; k < depth; k++) {
      int at = table[k];
      FloatVector ba = fromArray(F, b, firstAt + at);
      FloatVector bb = fromArray(F, b, secondAt + at);
      FloatVector a0 = broadcast(F, a[aAt + k * HIGH]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      FloatVector a1 = broadcast(F, a[aAt + k * HIGH + 1]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      FloatVector a2 = broadcast(F, a[aAt + k * HIGH + 2]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = broadcast(F, a[aAt + k * HIGH + 3]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
      FloatVector a4 = broadcast(F, a[aAt + k * HIGH + 4]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
    }
    c0a.intoArray(c, cFirst);
    c1a.intoArray(c, cFirst + ldc);
    c2a.intoArray(c, cFirst + 2 * ldc);
    c3a.intoArray(c, cFirst + 3 * ldc);
    c4a.intoArray(c, cFirst + 4 * ldc);
    c0b.intoArray(c, cSecond);
    c1b.intoArray(c, cSecond + ldc);
    c2b.intoArray(c, cSecond + 2 * ldc);
    c3b.intoArray(c, cSecond + 3 * ldc);
    c4b.intoArray(c, cSecond + 4 * ldc);
  }

  private static void multiply4(
      int depth,
      float[] a,
      int aAt,
      int[] table,
      float[] b,
      int firstAt,
      int secondAt,
      float[] c,
      int cFirst,
      int cSecond,
      int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c0b = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c1b = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c2b = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c3b = zero(F);
    for (int k = 0; k < depth; k++) {
      int at = table[k];
      FloatVector ba = fromArray(F, b, firstAt + at);
      FloatVector bb = fromArray(F, b, secondAt + at);
      FloatVector a0 = broadcast(F, a[aAt + k * LOW]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      FloatVector a1 = broadcast(F, a[aAt + k * LOW + 1]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      FloatVector a2 = broadcast(F, a[aAt + k * LOW + 2]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = broadcast(F, a[aAt + k * LOW + 3]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
    }
    c0a.intoArray(c, cFirst);
    c1a.intoArray(c, cFirst + ldc);
    c2a.intoArray(c, cFirst + 2 * ldc);
    c3a.intoArray(c, cFirst + 3 * ldc);
    c0b.intoArray(c, cSecond);
    c1b.intoArray(c, cSecond + ldc);
    c2b.intoArray(c, cSecond + 2 * ldc);
    c3b.intoArray(c, cSecond + 3 * ldc);
  }

  private static void single10(
      int depth, float[] a, int aAt, int[] table, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0 = zero(F);
    FloatVector c1 = zero(F);
    FloatVector c2 = zero(F);
    FloatVector c3 = zero(F);
    FloatVector c4 = zero(F);
    FloatVector c5 = zero(F);
    FloatVector c6 = zero(F);
    FloatVector c7 = zero(F);
    FloatVector c8 = zero(F);
    FloatVector c9 = zero(F);
    for (int k = 0; k < depth; k++) {
      FloatVector row = fromArray(F, b, bAt + table[k]);
      c0 = broadcast(F, a[aAt + k * HIGH]).fma(row, c0);
      c1 = broadcast(F, a[aAt + k * HIGH + 1]).fma(row, c1);
      c2 = broadcast(F, a[aAt + k * HIGH + 2]).fma(row, c2);
      c3 = broadcast(F, a[aAt + k * HIGH + 3]).fma(row, c3);
      c4 = broadcast(F, a[aAt + k * HIGH + 4]).fma(row, c4);
      c5 = broadcast(F, a[aAt + k * HIGH + 5]).fma(row, c5);
      c6 = broadcast(F, a[aAt + k * HIGH + 6]).fma(row, c6);
      c7 = broadcast(F, a[aAt + k * HIGH + 7]).fma(row, c7);
      c8 = broadcast(F, a[aAt + k * HIGH + 8]).fma(row, c8);
      c9 = broadcast(F, a[aAt + k * HIGH + 9]).fma(row, c9);
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + ldc);
    c2.intoArray(c, cAt + 2 * ldc);
    c3.intoArray(c, cAt + 3 * ldc);
    c4.intoArray(c, cAt + 4 * ldc);
    c5.intoArray(c, cAt + 5 * ldc);
    c6.intoArray(c, cAt + 6 * ldc);
    c7.intoArray(c, cAt + 7 * ldc);
    c8.intoArray(c, cAt + 8 * ldc);
    c9.intoArray(c, cAt + 9 * ldc);
  }

  private static void single8(
      int depth, float[] a, int aAt, int[] table, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0 = zero(F);
    FloatVector c1 = zero(F);
    FloatVector c2 = zero(F);
    FloatVector c3 = zero(F);
    FloatVector c4 = zero(F);
    FloatVector c5 = zero(F);
    FloatVector c6 = zero(F);
    FloatVector c7 = zero(F);
    for (int k = 0; k < depth; k++) {
      FloatVector row = fromArray(F, b, bAt + table[k]);
      c0 = broadcast(F, a[aAt + k * LOW]).fma(row, c0);
      c1 = broadcast(F, a[aAt + k * LOW + 1]).fma(row, c1);
      c2 = broadcast(F, a[aAt + k * LOW + 2]).fma(row, c2);
      c3 = broadcast(F, a[aAt + k * LOW + 3]).fma(row, c3);
      c4 = broadcast(F, a[aAt + k * LOW + 4]).fma(row, c4);
      c5 = broadcast(F, a[aAt + k * LOW + 5]).fma(row, c5);
      c6 = broadcast(F, a[aAt + k * LOW + 6]).fma(row, c6);
      c7 = broadcast(F, a[aAt + k * LOW + 7]).fma(row, c7);
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + ldc);
    c2.intoArray(c, cAt + 2 * ldc);
    c3.intoArray(c, cAt + 3 * ldc);
    c4.intoArray(c, cAt + 4 * ldc);
    c5.intoArray(c, cAt + 5 * ldc);
    c6.intoArray(c, cAt + 6 * ldc);
    c7.intoArray(c, cAt + 7 * ldc);
  }
}
