package io.lanewise.kernels.peak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.parallel.Parallel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The yardsticks do the work that is counted, and the twins the same. */
class PeakLanesTest {
  private static final PeakLanes SIMD = new SimdPeakLanes();
  private static final PeakLanes SCALAR = new ScalarPeakLanes();

  @Test
  void chainsOfMultiplyAdds() {
    for (int rounds : new int[] {0, 1, 2, 7, 100}) {
      float sum = 0;
      for (int chain = 0; chain < PeakLanes.CHAINS; chain++) {
        float x = chain;
        for (int i = 0; i < rounds; i++) {
          x = Math.fma(x, 0.7f, 1.3f);
        }
        sum += x;
      }
      assertEquals(sum, SCALAR.fma(rounds, 0.7f, 1.3f));
      assertEquals(sum, SIMD.fma(rounds, 0.7f, 1.3f));
    }
    assertEquals(2 * 12 * 5, SCALAR.fmaFlops(5));
    assertEquals(0, SIMD.fmaFlops(5) % SCALAR.fmaFlops(5));
  }

  @Test
  void triadOfAnyRun() {
    for (int at : new int[] {0, 3}) {
      for (int count = 0; count < 70; count++) {
        float[] a = new float[80];
        float[] b = new float[80];
        float[] expected = new float[80];
        for (int i = 0; i < a.length; i++) {
          a[i] = 0.1f * i;
          b[i] = 3 - 0.3f * i;
          expected[i] = i < at || i >= at + count ? -1 : Math.fma(0.7f, b[i], a[i]);
        }
        for (PeakLanes lanes : new PeakLanes[] {SCALAR, SIMD}) {
          float[] out = new float[80];
          Arrays.fill(out, -1);
          lanes.triad(a, 0.7f, b, out, at, count);
          assertArrayEquals(expected, out);
        }
      }
    }
  }

  @Test
  void peaksAreMeasuredOnceAndByPowersOfTwo() {
    try (Parallel parallel = Parallel.of(3)) {
      Peaks peaks = new Peaks(parallel);
      assertTrue(peaks.fma() > 0);
      assertEquals(peaks.fma(), peaks.fma());
      assertTrue(peaks.bandwidth(1) > 0);
      assertEquals(peaks.bandwidth(1), peaks.bandwidth(3 << 13));
      assertEquals(peaks.bandwidth(100_000), peaks.bandwidth(150_000));
    }
  }
}
