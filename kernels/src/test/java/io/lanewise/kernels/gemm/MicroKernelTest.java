package io.lanewise.kernels.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every micro-kernel gives the bits of one fused chain per value, and writes its tile alone. */
class MicroKernelTest {
  private static final int[] DEPTHS = {1, 2, 3, 4, 7, 8, 9, 31, 255, MicroKernel.ROW_PITCH};
  private static final int A_AT = 5;
  private static final int B_AT = 3;
  private static final int C_AT = 7;

  static Stream<MicroKernel> microKernels() {
    return Stream.of(new ScalarMicroKernel(), new SimdMicroKernel6(), new SimdMicroKernel12());
  }

  @ParameterizedTest
  @MethodSource("microKernels")
  void givesTheBitsOfOneChain(MicroKernel kernel) {
    Random random = new Random(1);
    for (int depth : DEPTHS) {
      for (boolean rows : new boolean[] {true, false}) {
        for (boolean half : new boolean[] {true, false}) {
          check(kernel, depth, rows, half, random);
        }
      }
    }
  }

  private static void check(
      MicroKernel kernel, int depth, boolean rows, boolean half, Random random) {
    int mr = kernel.mr();
    int nr = kernel.nr();
    int ldc = nr + 11;
    float[] a = values(A_AT + MicroKernel.ROW_PITCH * MicroKernel.COLUMN_PITCH, random);
    float[] b = values(B_AT + depth * nr, random);
    float[] c = values(C_AT + mr * ldc, random);
    float[] expected = c.clone();
    for (int i = 0; i < mr; i++) {
      for (int j = 0; j < (half ? nr / 2 : nr); j++) {
        float sum = 0;
        for (int k = 0; k < depth; k++) {
          int aAt = rows ? i * MicroKernel.ROW_PITCH + k : k * MicroKernel.COLUMN_PITCH + i;
          sum = Math.fma(a[A_AT + aAt], b[B_AT + k * nr + j], sum);
        }
        expected[C_AT + i * ldc + j] = sum;
      }
    }
    if (rows) {
      kernel.byRows(depth, a, A_AT, b, B_AT, half, c, C_AT, ldc);
    } else {
      kernel.byColumns(depth, a, A_AT, b, B_AT, half, c, C_AT, ldc);
    }
    for (int i = 0; i < c.length; i++) {
      int at = i - C_AT;
      assertEquals(
          Float.floatToRawIntBits(expected[i]),
          Float.floatToRawIntBits(c[i]),
          () ->
              String.format(
                  "%s, depth %d, by %s, %s width, at row %d, column %d",
                  kernel.getClass().getSimpleName(),
                  depth,
                  rows ? "rows" : "columns",
                  half ? "half" : "full",
                  at / ldc,
                  at % ldc));
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
