package io.lanewise.kernels.gemm;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tile of {@link SimdMicroKernel12}, which on its way reads one float of each half cache line
 * of memory that is wanted soon. Java has no prefetch; one load for 24 multiply-adds is hidden
 * behind them, and a run of such loads sets off the prefetcher of the processor.
 *
 * <p>What was read is summed up as integers and returned, or the JIT would drop the loads.
 */
final class SimdAheadKernel {
  private static final int COLUMN_PITCH = MicroKernel.COLUMN_PITCH;
  private static final int AHEAD = MicroKernel.AHEAD;
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final int NR = 2 * L;

  private SimdAheadKernel() {}

  static int byColumns(
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
    int read = 0;
    FloatVector none = zero(F);
    FloatVector c0a = none;
    FloatVector c0b = none;
    FloatVector c1a = none;
    FloatVector c1b = none;
    FloatVector c2a = none;
    FloatVector c2b = none;
    FloatVector c3a = none;
    FloatVector c3b = none;
    FloatVector c4a = none;
    FloatVector c4b = none;
    FloatVector c5a = none;
    FloatVector c5b = none;
    FloatVector c6a = none;
    FloatVector c6b = none;
    FloatVector c7a = none;
    FloatVector c7b = none;
    FloatVector c8a = none;
    FloatVector c8b = none;
    FloatVector c9a = none;
    FloatVector c9b = none;
    FloatVector c10a = none;
    FloatVector c10b = none;
    FloatVector c11a = none;
    FloatVector c11b = none;
    for (int k = 0; k < depth; k++) {
      FloatVector ba = fromArray(F, b, bAt + k * NR);
      FloatVector bb = fromArray(F, b, bAt + k * NR + L);
      read += Float.floatToRawIntBits(ahead[aheadAt + k * AHEAD]);
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
    return read;
  }
}
