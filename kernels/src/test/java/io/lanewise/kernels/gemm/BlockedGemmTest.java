package io.lanewise.kernels.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How often a product that is added reads its operands, and that its cuts do not change bits. */
class BlockedGemmTest {
  private static final int M = 27;
  private static final int N = 5 * MicroKernel.ACTIVE.nr() / 2;
  private static final int K = 4 * MicroKernel.ROW_PITCH;

  private final float[] a = values(K * M);
  private final float[] b = values(K * N);
  private int valuesOfA;
  private int valuesOfB;

  @Test
  void oneThreadPacksEachOperandOnce() {
    float[] alone = product(false);
    assertEquals(M * K, valuesOfA);
    assertEquals(K * N, valuesOfB);
    assertArrayEquals(product(true), alone);
  }

  private float[] product(boolean shared) {
    valuesOfA = 0;
    valuesOfB = 0;
    MatrixBlocks stored = new MatrixBlocks(a, 0, M, true);
    BlockSource countedA =
        new BlockSource() {
          @Override
          public Layout layout() {
            return stored.layout();
          }

          @Override
          public void pack(int row, int rows, int k, int depth, float[] block) {
            valuesOfA += rows * depth;
            stored.pack(row, rows, k, depth, block);
          }
        };
    PanelSource storedB = PanelSource.stored(b, 0, N);
    PanelSource countedB =
        (k, depth, column, columns, panel, at, pitch) -> {
          valuesOfB += depth * columns;
          storedB.pack(k, depth, column, columns, panel, at, pitch);
        };
    float[] c = values(M * N);
    BlockedGemm.add(
        M,
        N,
        K,
        countedA,
        countedB,
        Destination.plain(c, 0, N),
        shared,
        new Workspace(Parallel.serial()),
        Parallel.serial());
    return c;
  }

  private static float[] values(int count) {
    Random random = new Random(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - .5f;
    }
    return values;
  }
}
