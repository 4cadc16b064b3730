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
  public void pack(int p, float[] u, float[] packed) {
    int from = p * t.depth() * t.oc();
    int to = p * SlidingGemm.paddedRows(t.oc()) * t.depth();
    SlidingGemm.pack(t.oc(), t.depth(), u, from, t.oc(), packed, to);
  }

  @Override
  public int sumsSize(int tiles) {
    int ofFilter = PRODUCTS * (tiles + SlidingGemm.OVERHANG);
    return Math.multiplyExact(SlidingGemm.paddedRows(t.oc()), ofFilter);
  }

  @Override
  public void run(
      int[] table,
      int images,
      int imageSize,
      int product,
      int columns,
      float[] scratch,
      int sumsAt,
      float[] packed,
      float[] bias,
      boolean rectify,
      float[] output,
      int row) {
    int all = images * columns;
    int ldc = all + SlidingGemm.OVERHANG;
    int sumSize = SlidingGemm.paddedRows(t.oc()) * ldc;
    int panels = SlidingGemm.paddedRows(t.oc()) * t.depth();
    for (int p = 0; p < PRODUCTS; p++) {
      SlidingGemm.multiply(
          t.oc(),
          t.depth(),
          packed,
          p * panels,
          table,
          scratch,
          p * product,
          images,
          imageSize,
          columns,
          scratch,
          sumsAt + p * sumSize,
          ldc);
    }
    for (int o = 0; o < t.oc(); o++) {
      float term = bias == null ? 0 : bias[o];
      int at = sumsAt + o * ldc;
      RowLanes.ACTIVE.output(all, term, rectify, scratch, at, sumSize);
    }
    store(all, scratch, sumsAt, sumSize, ldc, output, row);
  }

  /** Joins the pixels of the same place in their tiles: at once if rows are whole tiles. */
  private void store(
      int columns, float[] sums, int sumsAt, int sumSize, int ldc, float[] output, int row) {
    int tiles = t.tiles();
    int ow = t.ow();
    int oc = t.oc();
    boolean whole = ow == PIXELS * tiles;
    int step = whole ? columns : tiles;
    for (int first = 0; first < columns; first += step) {
      int at = (row + first / tiles) * ow * oc;
      for (int j = 0; j < PIXELS; j++) {
        int count = whole ? columns : (ow - j + PIXELS - 1) / PIXELS;
        int from = sumsAt + j * sumSize + first;
        Interleave.join(count, oc, sums, from, ldc, null, output, at + j * oc, PIXELS * oc);
      }
    }
  }
}
