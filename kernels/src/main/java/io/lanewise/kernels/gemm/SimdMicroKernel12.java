package io.lanewise.kernels.gemm;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MicroKernel} with a tile of 12 rows by 2 vectors, for 32 vector registers: 24
 * accumulators, 2 rows of B and a broadcast.
 *
 * <p>Accumulators are local variables, written out: C2 keeps them in registers only so. An array of
 * vectors, or a species passed as an argument, was 50 times slower. They start at zero and are only
 * stored: when they also met C here, first before and then behind the loop, C2 came to its node
 * limit ({@code NodeCountInliningCutoff}) in some runs and boxed the last rows.
 *
 * <p>By rows, a step loads the row of B that the next one needs. C2 orders a loop's instructions as
 * their operands get ready, and where it took B last, it loaded all 12 broadcasts before it and
 * spilled accumulators: JDK 25 in 5 of 12 processes, at 80 to 94 % of the speed. With B there from
 * the start, each broadcast is used at once.
 */
final class SimdMicroKernel12 implements MicroKernel {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final int MR = 12;
  private static final int NR = 2 * L;

  @Override
  public int mr() {
    return MR;
  }

  /** One tile of 12 rows costs as much as three of 4. */
  @Override
  public int tileRows(int left) {
    return left > 2 * SimdMicroKernel4.MR ? MR : SimdMicroKernel4.MR;
  }

  @Override
  public int nr() {
    return NR;
  }

  @Override
  public void byRows(
      int rows,
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc) {
    boolean few = rows <= SimdMicroKernel4.MR;
    if (few && half) {
      SimdMicroKernel4.byRows1v(depth, a, aAt, b, bAt, c, cAt, ldc);
    } else if (few) {
      SimdMicroKernel4.byRows2v(depth, a, aAt, b, bAt, c, cAt, ldc);
    } else if (half) {
      byRows1v(depth, a, aAt, b, bAt, c, cAt, ldc);
    } else {
      byRows2v(depth, a, aAt, b, bAt, c, cAt, ldc);
    }
  }

  private static void byRows2v(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
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
    FloatVector c10a = zero(F);
    FloatVector c10b = zero(F);
    FloatVector c11a = zero(F);
    FloatVector c11b = zero(F);
    FloatVector ba = fromArray(F, b, bAt);
    FloatVector bb = fromArray(F, b, bAt + L);
    for (int k = 0; k < depth; k++) {
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
      FloatVector a4 = broadcast(F, a[aAt + 4 * ROW_PITCH + k]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      FloatVector a5 = broadcast(F, a[aAt + 5 * ROW_PITCH + k]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
      FloatVector a6 = broadcast(F, a[aAt + 6 * ROW_PITCH + k]);
      c6a = a6.fma(ba, c6a);
      c6b = a6.fma(bb, c6b);
      FloatVector a7 = broadcast(F, a[aAt + 7 * ROW_PITCH + k]);
      c7a = a7.fma(ba, c7a);
      c7b = a7.fma(bb, c7b);
      FloatVector a8 = broadcast(F, a[aAt + 8 * ROW_PITCH + k]);
      c8a = a8.fma(ba, c8a);
      c8b = a8.fma(bb, c8b);
      FloatVector a9 = broadcast(F, a[aAt + 9 * ROW_PITCH + k]);
      c9a = a9.fma(ba, c9a);
      c9b = a9.fma(bb, c9b);
      FloatVector a10 = broadcast(F, a[aAt + 10 * ROW_PITCH + k]);
      c10a = a10.fma(ba, c10a);
      c10b = a10.fma(bb, c10b);
      FloatVector a11 = broadcast(F, a[aAt + 11 * ROW_PITCH + k]);
      c11a = a11.fma(ba, c11a);
      c11b = a11.fma(bb, c11b);
      ba = fromArray(F, b, bAt + NR + k * NR);
      bb = fromArray(F, b, bAt + NR + k * NR + L);
    }
    c0a.intoArray(c, cAt);
    c0b.intoArray(c, cAt + L);
    c1a.intoArray(c, cAt + ldc);
    c1b.intoArray(c, cAt + ldc + L);
    c2a.intoArray(c, cAt + 2 * ldc);
    c2b.intoArray(c, cAt + 2 * ldc + L);
    c3a.intoArray(c, cAt + 3 * ldc);
    c3b.intoArray(c, cAt + 3 * ldc + L);
    c4a.intoArray(c, cAt + 4 * ldc);
    c4b.intoArray(c, cAt + 4 * ldc + L);
    c5a.intoArray(c, cAt + 5 * ldc);
    c5b.intoArray(c, cAt + 5 * ldc + L);
    c6a.intoArray(c, cAt + 6 * ldc);
    c6b.intoArray(c, cAt + 6 * ldc + L);
    c7a.intoArray(c, cAt + 7 * ldc);
    c7b.intoArray(c, cAt + 7 * ldc + L);
    c8a.intoArray(c, cAt + 8 * ldc);
    c8b.intoArray(c, cAt + 8 * ldc + L);
    c9a.intoArray(c, cAt + 9 * ldc);
    c9b.intoArray(c, cAt + 9 * ldc + L);
    c10a.intoArray(c, cAt + 10 * ldc);
    c10b.intoArray(c, cAt + 10 * ldc + L);
    c11a.intoArray(c, cAt + 11 * ldc);
    c11b.intoArray(c, cAt + 11 * ldc + L);
  }

  private static void byRows1v(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c4a = zero(F);
    FloatVector c5a = zero(F);
    FloatVector c6a = zero(F);
    FloatVector c7a = zero(F);
    FloatVector c8a = zero(F);
    FloatVector c9a = zero(F);
    FloatVector c10a = zero(F);
    FloatVector c11a = zero(F);
    for (int k = 0; k < depth; k++) {
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      c0a = broadcast(F, a[aAt + k]).fma(ba, c0a);
      c1a = broadcast(F, a[aAt + 1 * ROW_PITCH + k]).fma(ba, c1a);
      c2a = broadcast(F, a[aAt + 2 * ROW_PITCH + k]).fma(ba, c2a);
      c3a = broadcast(F, a[aAt + 3 * ROW_PITCH + k]).fma(ba, c3a);
      c4a = broadcast(F, a[aAt + 4 * ROW_PITCH + k]).fma(ba, c4a);
      c5a = broadcast(F, a[aAt + 5 * ROW_PITCH + k]).fma(ba, c5a);
      c6a = broadcast(F, a[aAt + 6 * ROW_PITCH + k]).fma(ba, c6a);
      c7a = broadcast(F, a[aAt + 7 * ROW_PITCH + k]).fma(ba, c7a);
      c8a = broadcast(F, a[aAt + 8 * ROW_PITCH + k]).fma(ba, c8a);
      c9a = broadcast(F, a[aAt + 9 * ROW_PITCH + k]).fma(ba, c9a);
      c10a = broadcast(F, a[aAt + 10 * ROW_PITCH + k]).fma(ba, c10a);
      c11a = broadcast(F, a[aAt + 11 * ROW_PITCH + k]).fma(ba, c11a);
    }
    c0a.intoArray(c, cAt);
    c1a.intoArray(c, cAt + ldc);
    c2a.intoArray(c, cAt + 2 * ldc);
    c3a.intoArray(c, cAt + 3 * ldc);
    c4a.intoArray(c, cAt + 4 * ldc);
    c5a.intoArray(c, cAt + 5 * ldc);
    c6a.intoArray(c, cAt + 6 * ldc);
    c7a.intoArray(c, cAt + 7 * ldc);
    c8a.intoArray(c, cAt + 8 * ldc);
    c9a.intoArray(c, cAt + 9 * ldc);
    c10a.intoArray(c, cAt + 10 * ldc);
    c11a.intoArray(c, cAt + 11 * ldc);
  }

  @Override
  public int byColumnsAhead(
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int ldc,
      float[] ahead,
      int aheadAt) {
    return SimdAheadKernel.byColumns(depth, a, aAt, b, bAt, c, cAt, ldc, ahead, aheadAt);
  }

  @Override
  public void byColumns(
      int rows,
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc) {
    boolean few = rows <= SimdMicroKernel4.MR;
    if (few && half) {
      SimdMicroKernel4.byColumns1v(depth, a, aAt, b, bAt, c, cAt, ldc);
    } else if (few) {
      SimdMicroKernel4.byColumns2v(depth, a, aAt, b, bAt, c, cAt, ldc);
    } else if (half) {
      byColumns1v(depth, a, aAt, b, bAt, c, cAt, ldc);
    } else {
      byColumns2v(depth, a, aAt, b, bAt, c, cAt, ldc);
    }
  }

  private static void byColumns2v(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
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
    FloatVector c10a = zero(F);
    FloatVector c10b = zero(F);
    FloatVector c11a = zero(F);
    FloatVector c11b = zero(F);
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
      FloatVector a4 = broadcast(F, a[aAt + k * COLUMN_PITCH + 4]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      FloatVector a5 = broadcast(F, a[aAt + k * COLUMN_PITCH + 5]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
      FloatVector a6 = broadcast(F, a[aAt + k * COLUMN_PITCH + 6]);
      c6a = a6.fma(ba, c6a);
      c6b = a6.fma(bb, c6b);
      FloatVector a7 = broadcast(F, a[aAt + k * COLUMN_PITCH + 7]);
      c7a = a7.fma(ba, c7a);
      c7b = a7.fma(bb, c7b);
      FloatVector a8 = broadcast(F, a[aAt + k * COLUMN_PITCH + 8]);
      c8a = a8.fma(ba, c8a);
      c8b = a8.fma(bb, c8b);
      FloatVector a9 = broadcast(F, a[aAt + k * COLUMN_PITCH + 9]);
      c9a = a9.fma(ba, c9a);
      c9b = a9.fma(bb, c9b);
      FloatVector a10 = broadcast(F, a[aAt + k * COLUMN_PITCH + 10]);
      c10a = a10.fma(ba, c10a);
      c10b = a10.fma(bb, c10b);
      FloatVector a11 = broadcast(F, a[aAt + k * COLUMN_PITCH + 11]);
      c11a = a11.fma(ba, c11a);
      c11b = a11.fma(bb, c11b);
    }
    c0a.intoArray(c, cAt);
    c0b.intoArray(c, cAt + L);
    c1a.intoArray(c, cAt + ldc);
    c1b.intoArray(c, cAt + ldc + L);
    c2a.intoArray(c, cAt + 2 * ldc);
    c2b.intoArray(c, cAt + 2 * ldc + L);
    c3a.intoArray(c, cAt + 3 * ldc);
    c3b.intoArray(c, cAt + 3 * ldc + L);
    c4a.intoArray(c, cAt + 4 * ldc);
    c4b.intoArray(c, cAt + 4 * ldc + L);
    c5a.intoArray(c, cAt + 5 * ldc);
    c5b.intoArray(c, cAt + 5 * ldc + L);
    c6a.intoArray(c, cAt + 6 * ldc);
    c6b.intoArray(c, cAt + 6 * ldc + L);
    c7a.intoArray(c, cAt + 7 * ldc);
    c7b.intoArray(c, cAt + 7 * ldc + L);
    c8a.intoArray(c, cAt + 8 * ldc);
    c8b.intoArray(c, cAt + 8 * ldc + L);
    c9a.intoArray(c, cAt + 9 * ldc);
    c9b.intoArray(c, cAt + 9 * ldc + L);
    c10a.intoArray(c, cAt + 10 * ldc);
    c10b.intoArray(c, cAt + 10 * ldc + L);
    c11a.intoArray(c, cAt + 11 * ldc);
    c11b.intoArray(c, cAt + 11 * ldc + L);
  }

  private static void byColumns1v(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c4a = zero(F);
    FloatVector c5a = zero(F);
    FloatVector c6a = zero(F);
    FloatVector c7a = zero(F);
    FloatVector c8a = zero(F);
    FloatVector c9a = zero(F);
    FloatVector c10a = zero(F);
    FloatVector c11a = zero(F);
    for (int k = 0; k < depth; k++) {
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      c0a = broadcast(F, a[aAt + k * COLUMN_PITCH]).fma(ba, c0a);
      c1a = broadcast(F, a[aAt + k * COLUMN_PITCH + 1]).fma(ba, c1a);
      c2a = broadcast(F, a[aAt + k * COLUMN_PITCH + 2]).fma(ba, c2a);
      c3a = broadcast(F, a[aAt + k * COLUMN_PITCH + 3]).fma(ba, c3a);
      c4a = broadcast(F, a[aAt + k * COLUMN_PITCH + 4]).fma(ba, c4a);
      c5a = broadcast(F, a[aAt + k * COLUMN_PITCH + 5]).fma(ba, c5a);
      c6a = broadcast(F, a[aAt + k * COLUMN_PITCH + 6]).fma(ba, c6a);
      c7a = broadcast(F, a[aAt + k * COLUMN_PITCH + 7]).fma(ba, c7a);
      c8a = broadcast(F, a[aAt + k * COLUMN_PITCH + 8]).fma(ba, c8a);
      c9a = broadcast(F, a[aAt + k * COLUMN_PITCH + 9]).fma(ba, c9a);
      c10a = broadcast(F, a[aAt + k * COLUMN_PITCH + 10]).fma(ba, c10a);
      c11a = broadcast(F, a[aAt + k * COLUMN_PITCH + 11]).fma(ba, c11a);
    }
    c0a.intoArray(c, cAt);
    c1a.intoArray(c, cAt + ldc);
    c2a.intoArray(c, cAt + 2 * ldc);
    c3a.intoArray(c, cAt + 3 * ldc);
    c4a.intoArray(c, cAt + 4 * ldc);
    c5a.intoArray(c, cAt + 5 * ldc);
    c6a.intoArray(c, cAt + 6 * ldc);
    c7a.intoArray(c, cAt + 7 * ldc);
    c8a.intoArray(c, cAt + 8 * ldc);
    c9a.intoArray(c, cAt + 9 * ldc);
    c10a.intoArray(c, cAt + 10 * ldc);
    c11a.intoArray(c, cAt + 11 * ldc);
  }

  @Override
  public void byTable(
      int rows,
      int depth,
      int[] table,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      boolean half,
      float[] c,
      int cAt,
      int ldc) {
    boolean few = rows <= SimdMicroKernel4.MR;
    if (few && half) {
      SimdMicroKernel4.byTable1v(depth, table, a, aAt, b, bAt, c, cAt, ldc);
    } else if (few) {
      SimdMicroKernel4.byTable2v(depth, table, a, aAt, b, bAt, c, cAt, ldc);
    } else if (half) {
      byTable1v(depth, table, a, aAt, b, bAt, c, cAt, ldc);
    } else {
      byTable2v(depth, table, a, aAt, b, bAt, c, cAt, ldc);
    }
  }

  private static void byTable2v(
      int depth, int[] table, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
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
    FloatVector c10a = zero(F);
    FloatVector c10b = zero(F);
    FloatVector c11a = zero(F);
    FloatVector c11b = zero(F);
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
      FloatVector a4 = broadcast(F, a[at + 4]);
      c4a = a4.fma(ba, c4a);
      c4b = a4.fma(bb, c4b);
      FloatVector a5 = broadcast(F, a[at + 5]);
      c5a = a5.fma(ba, c5a);
      c5b = a5.fma(bb, c5b);
      FloatVector a6 = broadcast(F, a[at + 6]);
      c6a = a6.fma(ba, c6a);
      c6b = a6.fma(bb, c6b);
      FloatVector a7 = broadcast(F, a[at + 7]);
      c7a = a7.fma(ba, c7a);
      c7b = a7.fma(bb, c7b);
      FloatVector a8 = broadcast(F, a[at + 8]);
      c8a = a8.fma(ba, c8a);
      c8b = a8.fma(bb, c8b);
      FloatVector a9 = broadcast(F, a[at + 9]);
      c9a = a9.fma(ba, c9a);
      c9b = a9.fma(bb, c9b);
      FloatVector a10 = broadcast(F, a[at + 10]);
      c10a = a10.fma(ba, c10a);
      c10b = a10.fma(bb, c10b);
      FloatVector a11 = broadcast(F, a[at + 11]);
      c11a = a11.fma(ba, c11a);
      c11b = a11.fma(bb, c11b);
    }
    c0a.intoArray(c, cAt);
    c0b.intoArray(c, cAt + L);
    c1a.intoArray(c, cAt + ldc);
    c1b.intoArray(c, cAt + ldc + L);
    c2a.intoArray(c, cAt + 2 * ldc);
    c2b.intoArray(c, cAt + 2 * ldc + L);
    c3a.intoArray(c, cAt + 3 * ldc);
    c3b.intoArray(c, cAt + 3 * ldc + L);
    c4a.intoArray(c, cAt + 4 * ldc);
    c4b.intoArray(c, cAt + 4 * ldc + L);
    c5a.intoArray(c, cAt + 5 * ldc);
    c5b.intoArray(c, cAt + 5 * ldc + L);
    c6a.intoArray(c, cAt + 6 * ldc);
    c6b.intoArray(c, cAt + 6 * ldc + L);
    c7a.intoArray(c, cAt + 7 * ldc);
    c7b.intoArray(c, cAt + 7 * ldc + L);
    c8a.intoArray(c, cAt + 8 * ldc);
    c8b.intoArray(c, cAt + 8 * ldc + L);
    c9a.intoArray(c, cAt + 9 * ldc);
    c9b.intoArray(c, cAt + 9 * ldc + L);
    c10a.intoArray(c, cAt + 10 * ldc);
    c10b.intoArray(c, cAt + 10 * ldc + L);
    c11a.intoArray(c, cAt + 11 * ldc);
    c11b.intoArray(c, cAt + 11 * ldc + L);
  }

  private static void byTable1v(
      int depth, int[] table, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc) {
    FloatVector c0a = zero(F);
    FloatVector c1a = zero(F);
    FloatVector c2a = zero(F);
    FloatVector c3a = zero(F);
    FloatVector c4a = zero(F);
    FloatVector c5a = zero(F);
    FloatVector c6a = zero(F);
    FloatVector c7a = zero(F);
    FloatVector c8a = zero(F);
    FloatVector c9a = zero(F);
    FloatVector c10a = zero(F);
    FloatVector c11a = zero(F);
    for (int k = 0; k < depth; k++) {
      int at = aAt + table[k];
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      c0a = broadcast(F, a[at]).fma(ba, c0a);
      c1a = broadcast(F, a[at + 1]).fma(ba, c1a);
      c2a = broadcast(F, a[at + 2]).fma(ba, c2a);
      c3a = broadcast(F, a[at + 3]).fma(ba, c3a);
      c4a = broadcast(F, a[at + 4]).fma(ba, c4a);
      c5a = broadcast(F, a[at + 5]).fma(ba, c5a);
      c6a = broadcast(F, a[at + 6]).fma(ba, c6a);
      c7a = broadcast(F, a[at + 7]).fma(ba, c7a);
      c8a = broadcast(F, a[at + 8]).fma(ba, c8a);
      c9a = broadcast(F, a[at + 9]).fma(ba, c9a);
      c10a = broadcast(F, a[at + 10]).fma(ba, c10a);
      c11a = broadcast(F, a[at + 11]).fma(ba, c11a);
    }
    c0a.intoArray(c, cAt);
    c1a.intoArray(c, cAt + ldc);
    c2a.intoArray(c, cAt + 2 * ldc);
    c3a.intoArray(c, cAt + 3 * ldc);
    c4a.intoArray(c, cAt + 4 * ldc);
    c5a.intoArray(c, cAt + 5 * ldc);
    c6a.intoArray(c, cAt + 6 * ldc);
    c7a.intoArray(c, cAt + 7 * ldc);
    c8a.intoArray(c, cAt + 8 * ldc);
    c9a.intoArray(c, cAt + 9 * ldc);
    c10a.intoArray(c, cAt + 10 * ldc);
    c11a.intoArray(c, cAt + 11 * ldc);
  }
}
