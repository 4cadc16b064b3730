package io.lanewise.kernels.conv;

import static io.lanewise.kernels.conv.RowTiles.PIXELS;
import static io.lanewise.kernels.conv.RowTiles.PRODUCTS;

import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.gemm.PackedB;
import io.lanewise.kernels.parallel.Parallel;

/**
 * {@link RowFilters} with tiles as rows of the register tile and filters as its lanes: all products
 * of some tiles are summed in the L1 cache, and their pixels are stored as they come, channels
 * last.
 */
record FilterColumns(RowTiles t) implements RowFilters {
  /** Filters of a vector of 512 bits; the way is the same for all widths. */
  private static final int LANES = 16;

  /** Whether filters fill two vectors or more, with at most a ninth wasted, and sums are short. */
  static boolean fit(RowTiles t) {
    return t.oc() >= 2 * LANES && 8 * filled(t) <= 9 * t.oc() && t.depth() <= MicroKernel.ROW_PITCH;
  }

  /** Filters up to whole vectors: floats from the sums of a tile to those of the next. */
  private static int filled(RowTiles t) {
    return WinogradShape.ceil(t.oc(), LANES) * LANES;
  }

  @Override
  public int packedSize() {
    return PackedB.size(PRODUCTS, t.depth(), t.oc());
  }

  @Override
  public void pack(int p, float[] u, float[] packed) {
    int oc = t.oc();
    int depth = t.depth();
    int to = p * PackedB.pitch(depth, oc);
    PackedB.pack(depth, oc, u, p * depth * oc, oc, packed, to, Parallel.serial());
  }

  @Override
  public int sumsSize(int tiles) {
    return PRODUCTS * sumSize();
  }

  /** Floats of the sums of one product of the tiles that are computed at once. */
  private int sumSize() {
    return Math.multiplyExact(MicroKernel.ACTIVE.mr(), filled(t));
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
    MicroKernel kernel = MicroKernel.ACTIVE;
    for (int img = 0; img < images; img++) {
      int step;
      for (int i = 0; i < columns; i += step) {
        step = kernel.tileRows(columns - i);
        multiply(kernel, step, table, img * imageSize + i, product, scratch, sumsAt, packed);
        int count = Math.min(step, columns - i);
        store(img * columns + i, count, bias, rectify, scratch, sumsAt, output, row);
      }
    }
  }

  private void multiply(
      MicroKernel kernel,
      int rows,
      int[] table,
      int at,
      int product,
      float[] scratch,
      int sumsAt,
      float[] packed) {
    int nr = kernel.nr();
    int depth = t.depth();
    int pitch = PackedB.pitch(depth, t.oc());
    for (int p = 0; p < PRODUCTS; p++) {
      int from = at + p * product;
      int to = sumsAt + p * sumSize();
      for (int j = 0; j < t.oc(); j += nr) {
        int panel = p * pitch + j * depth;
        boolean half = 2 * (t.oc() - j) <= nr;
        kernel.byTable(
            rows, depth, table, scratch, from, packed, panel, half, scratch, to + j, filled(t));
      }
    }
  }

  /** Stores tiles in a row, which the last one may leave; or, if rows are whole tiles, all. */
  private void store(
      int first,
      int count,
      float[] bias,
      boolean rectify,
      float[] sums,
      int sumsAt,
      float[] output,
      int row) {
    int tiles = t.tiles();
    int ow = t.ow();
    boolean whole = ow == PIXELS * tiles;
    int some;
    for (int i = 0; i < count; i += some) {
      int tile = (first + i) % tiles;
      int left = ow - PIXELS * tile;
      some = whole ? count : Math.min(count - i, Math.max(1, left / PIXELS));
      int pixel = (row + (first + i) / tiles) * ow + PIXELS * tile;
      RowLanes.ACTIVE.pixels(
          some,
          Math.min(left, PIXELS),
          t.oc(),
          bias,
          rectify,
          sums,
          sumsAt + i * filled(t),
          filled(t),
          sumSize(),
          output,
          pixel * t.oc());
    }
  }
}
