package io.lanewise.kernels.gemm;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The small tile of {@link SimdMicroKernel12}, 4 rows by 2 vectors, for the last rows of a block: 8
 * accumulators are just enough to hide the latency of two multiply-adds a cycle.
 */
final class SimdMicroKernel4 {
  static final int MR = 4;

  private static final int ROW_PITCH = MicroKernel.ROW_PITCH;
  private static final int COLUMN_PITCH = MicroKernel.COLUMN_PITCH;
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final int NR = 2 * L;

  private SimdMicroKernel4() {}

  static void byRows2v(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c0b = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c1b = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c2b = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c3b = zero(F);
    for (int k = 0; k < depth; k++) {
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      FloatVector bb = fromArray(F, b, bAt + k * NR + L);
      FloatVector a0 = broadcast(F, a[aAt + k]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      FloatVector a1 = broadcast(F, a[aAt + 1 * ROW_PITCH + k]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      FloatVector a2 = broadcast(F, a[aAt + 2 * ROW_PITCH + k]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = broadcast(F, a[aAt + 3 * ROW_PITCH + k]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
    }
    c0a.intoArray(c, cAt);
    c0b.intoArray(c, cAt + L);
    c1a.intoArray(c, cAt + ldc);
    c1b.intoArray(c, cAt + ldc + L);
    c2a.intoArray(c, cAt + 2 * ldc);
    c2b.intoArray(c, cAt + 2 * ldc + L);
    c3a.intoArray(c, cAt + 3 * ldc);
    c3b.intoArray(c, cAt + 3 * ldc + L);
  }

  static void byRows1v(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c3a = zero(F);
    for (int k = 0; k < depth; k++) {
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      c0a = broadcast(F, a[aAt + k]).fma(ba, c0a);
      c1a = broadcast(F, a[aAt + 1 * ROW_PITCH + k]).fma(ba, c1a);
      c2a = broadcast(F, a[aAt + 2 * ROW_PITCH + k]).fma(ba, c2a);
      c3a = broadcast(F, a[aAt + 3 * ROW_PITCH + k]).fma(ba, c3a);
    }
    c0a.intoArray(c, cAt);
    c1a.intoArray(c, cAt + ldc);
    c2a.intoArray(c, cAt + 2 * ldc);
    c3a.intoArray(c, cAt + 3 * ldc);
  }

  static void byColumns2v(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c0b = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c1b = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c2b = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c3b = zero(F);
    for (int k = 0; k < depth; k++) {
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      FloatVector bb = fromArray(F, b, bAt + k * NR + L);
      FloatVector a0 = broadcast(F, a[aAt + k * COLUMN_PITCH]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      FloatVector a1 = broadcast(F, a[aAt + k * COLUMN_PITCH + 1]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      FloatVector a2 = broadcast(F, a[aAt + k * COLUMN_PITCH + 2]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = broadcast(F, a[aAt + k * COLUMN_PITCH + 3]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
    }
    c0a.intoArray(c, cAt);
    c0b.intoArray(c, cAt + L);
    c1a.intoArray(c, cAt + ldc);
    c1b.intoArray(c, cAt + ldc + L);
    c2a.intoArray(c, cAt + 2 * ldc);
    c2b.intoArray(c, cAt + 2 * ldc + L);
    c3a.intoArray(c, cAt + 3 * ldc);
    c3b.intoArray(c, cAt + 3 * ldc + L);
  }

  static void byColumns1v(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c3a = zero(F);
    for (int k = 0; k < depth; k++) {
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      c0a = broadcast(F, a[aAt + k * COLUMN_PITCH]).fma(ba, c0a);
      c1a = broadcast(F, a[aAt + k * COLUMN_PITCH + 1]).fma(ba, c1a);
      c2a = broadcast(F, a[aAt + k * COLUMN_PITCH + 2]).fma(ba, c2a);
      c3a = broadcast(F, a[aAt + k * COLUMN_PITCH + 3]).fma(ba, c3a);
    }
    c0a.intoArray(c, cAt);
    c1a.intoArray(c, cAt + ldc);
    c2a.intoArray(c, cAt + 2 * ldc);
    c3a.intoArray(c, cAt + 3 * ldc);
  }

  static void byTable2v(
      int depth, int[] table, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c0b = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c1b = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c2b = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c3b = zero(F);
    for (int k = 0; k < depth; k++) {
      int at = aAt + table[k];
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      FloatVector bb = fromArray(F, b, bAt + k * NR + L);
      FloatVector a0 = broadcast(F, a[at]);
      c0a = a0.fma(ba, c0a);
      c0b = a0.fma(bb, c0b);
      FloatVector a1 = broadcast(F, a[at + 1]);
      c1a = a1.fma(ba, c1a);
      c1b = a1.fma(bb, c1b);
      FloatVector a2 = broadcast(F, a[at + 2]);
      c2a = a2.fma(ba, c2a);
      c2b = a2.fma(bb, c2b);
      FloatVector a3 = broadcast(F, a[at + 3]);
      c3a = a3.fma(ba, c3a);
      c3b = a3.fma(bb, c3b);
    }
    c0a.intoArray(c, cAt);
    c0b.intoArray(c, cAt + L);
    c1a.intoArray(c, cAt + ldc);
    c1b.intoArray(c, cAt + ldc + L);
    c2a.intoArray(c, cAt + 2 * ldc);
    c2b.intoArray(c, cAt + 2 * ldc + L);
    c3a.intoArray(c, cAt + 3 * ldc);
    c3b.intoArray(c, cAt + 3 * ldc + L);
  }

  static void byTable1v(
      int depth, int[] table, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c3a = zero(F);
    for (int k = 0; k < depth; k++) {
      int at = aAt + table[k];
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      c0a = broadcast(F, a[at]).fma(ba, c0a);
      c1a = broadcast(F, a[at + 1]).fma(ba, c1a);
      c2a = broadcast(F, a[at + 2]).fma(ba, c2a);
      c3a = broadcast(F, a[at + 3]).fma(ba, c3a);
    }
    c0a.intoArray(c, cAt);
    c1a.intoArray(c, cAt + ldc);
    c2a.intoArray(c, cAt + 2 * ldc);
    c3a.intoArray(c, cAt + 3 * ldc);
  }
}
