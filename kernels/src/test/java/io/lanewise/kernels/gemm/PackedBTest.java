package io.lanewise.kernels.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What packed matrices take: whole panels, and one row more that micro-kernels read. */
class PackedBTest {
  private static final int NR = MicroKernel.ACTIVE.nr();

  @Test
  void matricesShareTheRowBehindTheLast() {
    assertEquals(7 * 2 * NR, PackedB.pitch(7, NR + 1));
    assertEquals(7 * 2 * NR + NR, PackedB.size(7, NR + 1));
    assertEquals(3 * 7 * 2 * NR + NR, PackedB.size(3, 7, NR + 1));
  }

  @Test
  void moreThanOneArraySaysHowMuch() {
    int k = 1 << 20;
    long floats = 5L * k * 64 * NR + NR;
    String message =
        assertThrows(IllegalArgumentException.class, () -> PackedB.size(5, k, 64 * NR))
            .getMessage();
    assertTrue(message.contains("5 packed matrices"), message);
    assertTrue(message.contains(k + " x " + 64 * NR), message);
    assertTrue(message.contains(Long.toString(floats)), message);
    assertThrows(IllegalArgumentException.class, () -> PackedB.size(1 << 30, 1 << 30, 1 << 30));
  }
}
