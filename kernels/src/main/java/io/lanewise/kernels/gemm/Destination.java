package io.lanewise.kernels.gemm;

/**
 * Where a product goes: {@code C[i, j]} lies at {@code c[at + i * ldc + j]}, and on the way there
 * meets a bias and an epilogue.
 *
 * @param c the array that holds C
 * @param at index of {@code C[0, 0]}
 * @param ldc floats from one row of C to the next
 * @param bias {@code [n]} from {@code biasAt}, added to each row, or null for none
 * @param biasAt index of the first bias
 * @param epilogue what happens to a finished value
 */
public record Destination(float[] c, int at, int ldc, float[] bias, int biasAt, Epilogue epilogue) {

  /** C as it is, without a bias. */
  public static Destination plain(float[] c, int at, int ldc) {
    return new Destination(c, at, ldc, null, 0, Epilogue.NONE);
  }

  /** {@code c = max(0, c)} for some whole rows of n floats. */
  public static void rectify(float[] c, int at, int rows, int n) {
    TileLanes.ACTIVE.rectify(c, at, n, rows, n);
  }

  /**
   * Puts a tile of a k block in place.
   *
   * @param first whether it is the first k block: C is overwritten, otherwise added to
   * @param last whether it is the last k block: the epilogue follows
   */
  void put(
      float[] tile,
      int tileAt,
      int row,
      int column,
      int rows,
      int columns,
      boolean first,
      boolean last) {
    int cAt = at + row * ldc + column;
    boolean rectified = last && epilogue == Epilogue.RELU;
    if (first && bias != null) {
      int from = biasAt + column;
      TileLanes.ACTIVE.storeBiased(rectified, tile, tileAt, bias, from, c, cAt, ldc, rows, columns);
      return;
    }
    if (first) {
      TileLanes.ACTIVE.store(tile, tileAt, c, cAt, ldc, rows, columns);
    } else {
      TileLanes.ACTIVE.add(tile, tileAt, c, cAt, ldc, rows, columns);
    }
    if (rectified) {
      TileLanes.ACTIVE.rectify(c, cAt, ldc, rows, columns);
    }
  }

  /** Whether a whole tile of a k block may be stored straight into C. */
  boolean takesTiles(boolean first, boolean last) {
    return first && bias == null && !(last && epilogue != Epilogue.NONE);
  }
}
