package io.lanewise.kernels.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  private enum Layout {
    ROWS,
    COLUMNS,
    TABLE,
    COLUMNS_AHEAD;

    boolean suits(MicroKernel kernel, int rows, boolean half) {
      return this != COLUMNS_AHEAD || (rows == kernel.mr() && !half);
    }
  }

  @ParameterizedTest
  @MethodSource("microKernels")
  void givesTheBitsOfOneChain(MicroKernel kernel) {
    Random random = new Random(1);
    for (int depth : DEPTHS) {
      for (Layout layout : Layout.values()) {
        for (boolean half : new boolean[] {true, false}) {
          for (int rows : new int[] {kernel.mr(), kernel.tileRows(1)}) {
            if (layout.suits(kernel, rows, half)) {
              check(kernel, depth, rows, layout, half, random);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("microKernels")
  void tilesCoverWhatIsLeft(MicroKernel kernel) {
    assertEquals(kernel.mr(), kernel.tileRows(3 * kernel.mr()));
    for (int left = 1; left <= kernel.mr(); left++) {
      int covered = 0;
      while (covered < left) {
        covered += kernel.tileRows(left - covered);
      }
      assertTrue(covered < left + kernel.tileRows(1), left + " rows take " + covered);
    }
  }

  private static void check(
      MicroKernel kernel, int depth, int rows, Layout layout, boolean half, Random random) {
    int nr = kernel.nr();
    int ldc = nr + 11;
    float[] a = values(A_AT + MicroKernel.ROW_PITCH * MicroKernel.COLUMN_PITCH, random);
    float[] b = values(B_AT + depth * nr + nr, random);
    float[] c = values(C_AT + kernel.mr() * ldc, random);
    int[] table = random.ints(depth, 0, a.length - A_AT - kernel.mr()).toArray();
    float[] expected = c.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < (half ? nr / 2 : nr); j++) {
        float sum = 0;
        for (int k = 0; k < depth; k++) {
          int aAt =
              switch (layout) {
                case ROWS -> i * MicroKernel.ROW_PITCH + k;
                case COLUMNS, COLUMNS_AHEAD -> k * MicroKernel.COLUMN_PITCH + i;
                case TABLE -> table[k] + i;
              };
          sum = Math.fma(a[A_AT + aAt], b[B_AT + k * nr + j], sum);
        }
        expected[C_AT + i * ldc + j] = sum;
      }
    }
    switch (layout) {
      case ROWS -> kernel.byRows(rows, depth, a, A_AT, b, B_AT, half, c, C_AT, ldc);
      case COLUMNS -> kernel.byColumns(rows, depth, a, A_AT, b, B_AT, half, c, C_AT, ldc);
      case TABLE -> kernel.byTable(rows, depth, table, a, A_AT, b, B_AT, half, c, C_AT, ldc);
      case COLUMNS_AHEAD -> kernel.byColumnsAhead(depth, a, A_AT, b, B_AT, c, C_AT, ldc, a, A_AT);
    }
    for (int i = 0; i < c.length; i++) {
      int at = i - C_AT;
      assertEquals(
          Float.floatToRawIntBits(expected[i]),
          Float.floatToRawIntBits(c[i]),
          () ->
              String.format(
                  "%s, depth %d, %d by %s, %s width, at row %d, column %d",
                  kernel.getClass().getSimpleName(),
                  depth,
                  rows,
                  layout,
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
