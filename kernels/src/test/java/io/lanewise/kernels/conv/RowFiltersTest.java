package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.lanewise.kernels.gemm.SlidingGemm;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters as rows and filters as columns give the same bits. */
class RowFiltersTest {
  @ParameterizedTest
  @CsvSource({"1, 32, 16", "5, 29, 15", "3, 47, 29", "2, 48, 4", "7, 32, 33", "51, 64, 9"})
  void bothWaysGiveTheSameBits(int c, int oc, int ow) {
    int oh = 5;
    int images = 2;
    RowTiles t = new RowTiles(images, oh, ow, c, oh, ow, oc, 2, 2);
    Random random = new Random(oc);
    float[] u = numbers(random, 8 * t.depth() * oc);
    float[] bias = numbers(random, oc);
    for (boolean rectify : new boolean[] {false, true}) {
      float[] byRows = run(new FilterRows(t), t, u, rectify ? bias : null, rectify);
      float[] byColumns = run(new FilterColumns(t), t, u, rectify ? bias : null, rectify);
      assertArrayEquals(byRows, byColumns);
    }
  }

  @Test
  void filtersThatFillVectorsAreColumns() {
    assertInstanceOf(FilterColumns.class, RowFilters.of(of(51, 32)));
    assertInstanceOf(FilterRows.class, RowFilters.of(of(52, 32)));
    assertInstanceOf(FilterRows.class, RowFilters.of(of(51, 16)));
    assertInstanceOf(FilterColumns.class, RowFilters.of(of(51, 43)));
    assertInstanceOf(FilterRows.class, RowFilters.of(of(51, 42)));
  }

  private static RowTiles of(int c, int oc) {
    return new RowTiles(1, 8, 8, c, 8, 8, oc, 2, 2);
  }

  private static float[] run(
      RowFilters filters, RowTiles t, float[] u, float[] bias, boolean rectify) {
    int tiles = t.oh() * t.tiles();
    int plane = (t.oh() + 4) * t.tiles();
    int product = t.c() * plane;
    int imageSize = 8 * product;
    int sumsAt = t.n() * imageSize + SlidingGemm.OVERHANG;
    int[] table = new int[t.depth()];
    for (int k = 0; k < table.length; k++) {
      table[k] = k % t.c() * plane + k / t.c() * t.tiles();
    }
    float[] scratch = numbers(new Random(t.c()), sumsAt);
    float[] room = new float[sumsAt + filters.sumsSize(t.n() * tiles)];
    System.arraycopy(scratch, 0, room, 0, sumsAt);
    float[] packed = new float[filters.packedSize()];
    for (int p = 0; p < 8; p++) {
      filters.pack(p, u, packed);
    }
    int size = t.n() * t.oh() * t.ow() * t.oc();
    float[] output = new float[size + 1];
    output[size] = 7;
    filters.run(
        table, t.n(), imageSize, product, tiles, room, sumsAt, packed, bias, rectify, output, 0);
    assertEquals(7, output[size]);
    return output;
  }

  private static float[] numbers(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
