package io.lanewise.kernels.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sliding tiles give the bits of one fused chain per value, and write their tile alone. */
class SlidingKernelTest {
  private static final int A_AT = 3;
  private static final int B_SIZE = 500;
  private static final int C_AT = 5;

  static Stream<SlidingKernel> kernels() {
    return Stream.of(new ScalarSlidingKernel(), new SimdSlidingKernel());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void givesTheBitsOfOneChain(SlidingKernel kernel) {
    Random random = new Random(1);
    for (int rows : new int[] {SlidingKernel.HIGH, SlidingKernel.LOW}) {
      for (int depth : new int[] {1, 2, 9, 300}) {
        check(kernel, rows, depth, random, false);
        check(kernel, rows, depth, random, true);
      }
    }
  }

  private static void check(
      SlidingKernel kernel, int rows, int depth, Random random, boolean sameRunTwice) {
    int lanes = kernel.lanes();
    int ldc = 2 * lanes + 7;
    int[] runsAt = {random.nextInt(100), random.nextInt(100)};
    int[] runsTo = {C_AT, C_AT + lanes + 1};
    if (sameRunTwice) {
      runsAt[1] = runsAt[0];
      runsTo[1] = runsTo[0];
    }
    float[] a = values(A_AT + rows * depth, random);
    float[] b = values(B_SIZE, random);
    float[] c = values(C_AT + rows * ldc, random);
    int[] table = random.ints(depth, 0, B_SIZE - 100 - lanes).toArray();
    float[] expected = c.clone();
    for (int run = 0; run < 2; run++) {
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < lanes; j++) {
          float sum = 0;
          for (int k = 0; k < depth; k++) {
            sum = Math.fma(a[A_AT + k * rows + r], b[runsAt[run] + table[k] + j], sum);
          }
          expected[runsTo[run] + r * ldc + j] = sum;
        }
      }
    }
    kernel.multiply(
        rows, depth, a, A_AT, table, b, runsAt[0], runsAt[1], c, runsTo[0], runsTo[1], ldc);
    assertArrayEquals(expected, c, rows + " rows, depth " + depth);
  }

  /** Wherever the arrays end, and nothing but the panel. */
  @ParameterizedTest
  @MethodSource("kernels")
  void packsWhatLiesApart(SlidingKernel kernel) {
    Random random = new Random(2);
    for (int rows : new int[] {SlidingKernel.HIGH, SlidingKernel.LOW, 1, 3, 20}) {
      for (int depth : new int[] {1, 2, 3, 7, 40}) {
        for (int lda : new int[] {rows, rows + 1, 2 * rows, 20}) {
          for (int behind : new int[] {0, 1, 5, 20}) {
            float[] a = values(A_AT + (depth - 1) * lda + rows + behind, random);
            float[] panel = values(C_AT + depth * rows + behind, random);
            float[] expected = panel.clone();
            for (int k = 0; k < depth; k++) {
              System.arraycopy(a, A_AT + k * lda, expected, C_AT + k * rows, rows);
            }
            kernel.pack(rows, depth, a, A_AT, lda, panel, C_AT);
            assertArrayEquals(expected, panel, rows + " rows, depth " + depth + ", lda " + lda);
          }
        }
      }
    }
  }

  @Test
  void panelsCoverAllRows() {
    assertEquals(20, SlidingGemm.paddedRows(20));
    assertEquals(16, SlidingGemm.paddedRows(16));
    for (int m = 1; m <= 64; m++) {
      int padded = SlidingGemm.paddedRows(m);
      assertTrue(padded >= m && padded < m + SlidingKernel.LOW, m + " rows take " + padded);
    }
  }

  private static float[] values(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
