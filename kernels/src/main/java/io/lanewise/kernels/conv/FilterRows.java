package io.lanewise.kernels.conv;

import static io.lanewise.kernels.conv.RowTiles.PIXELS;
import static io.lanewise.kernels.conv.RowTiles.PRODUCTS;

import io.lanewise.kernels.gemm.SlidingGemm;

/**
 * {@link RowFilters} with filters as rows of the register tile and tiles as its lanes: few filters
 * waste none. What is summed lies in planes, and is joined to channels last in the end.
 */
record FilterRows(RowTiles t) implements RowFilters {
  @Override
  public int packedSize() {
    return Math.multiplyExact(PRODUCTS * SlidingGemm.paddedRows(t.oc()), t.depth());
  }

  @Override
  public void pack(float[] u, float[] packed) {
    int size = t.depth() * t.oc();
    int panels = SlidingGemm.paddedRows(t.oc()) * t.depth();
    for (int p = 0; p < PRODUCTS; p++) {
      SlidingGemm.pack(t.oc(), t.depth(), u, p * size, t.oc(), packed, p * panels);
    }
  }

  @Override
  public int sumsSize(int tiles) {
    int ofFilter = PRODUCTS * (tiles + SlidingGemm.OVERHANG);
    return Math.multiplyExact(SlidingGemm.paddedRows(t.oc()), ofFilter);
  }

  @Override
  public void run(RowBlock b, float[] packed, float[] bias, boolean rectify, float[] output) {
    int columns = b.images() * b.columns();
    int ldc = columns + SlidingGemm.OVERHANG;
    int sumSize = SlidingGemm.paddedRows(t.oc()) * ldc;
    int panels = SlidingGemm.paddedRows(t.oc()) * t.depth();
    for (int p = 0; p < PRODUCTS; p++) {
      SlidingGemm.multiply(
          t.oc(),
          t.depth(),
          packed,
          p * panels,
          b.table(),
          b.scratch(),
          p * b.product(),
          b.images(),
          b.imageSize(),
          b.columns(),
          b.scratch(),
          b.sumsAt() + p * sumSize,
          ldc);
    }
    for (int o = 0; o < t.oc(); o++) {
      float term = bias == null ? 0 : bias[o];
      int at = b.sumsAt() + o * ldc;
      RowLanes.ACTIVE.output(columns, term, rectify, b.scratch(), at, sumSize);
    }
    store(b, columns, sumSize, ldc, output);
  }

  /** Joins the pixels of the same place in their tiles: at once if rows are whole tiles. */
  private void store(RowBlock b, int columns, int sumSize, int ldc, float[] output) {
    int tiles = t.tiles();
    int ow = t.ow();
    int oc = t.oc();
    boolean whole = ow == PIXELS * tiles;
    int step = whole ? columns : tiles;
    for (int first = 0; first < columns; first += step) {
      int at = (b.row() + first / tiles) * ow * oc;
      for (int j = 0; j < PIXELS; j++) {
        int count = whole ? columns : (ow - j + PIXELS - 1) / PIXELS;
        int from = b.sumsAt() + j * sumSize + first;
        Interleave.join(count, oc, b.scratch(), from, ldc, null, output, at + j * oc, PIXELS * oc);
      }
    }
  }
}
