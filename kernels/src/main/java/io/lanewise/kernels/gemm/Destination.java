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
 * @param places where rows of C lie that are not all at one distance, or null
 */
public record Destination(
    float[] c, int at, int ldc, float[] bias, int biasAt, Epilogue epilogue, Places places) {

  /** Where the rows of C lie that come in runs: {@code ldc} apart in a run, anywhere between. */
  public interface Places {
    /** The distance of a row from {@code at}. */
    int of(int row);

    /** How many rows are left of the run that a row lies in, itself among them. */
    int rowsFrom(int row);
  }

  /** C whose rows lie {@code ldc} apart. */
  public Destination(float[] c, int at, int ldc, float[] bias, int biasAt, Epilogue epilogue) {
    this(c, at, ldc, bias, biasAt, epilogue, null);
  }

  /** C in runs of rows, without a bias. */
  public static Destination inRuns(float[] c, int at, int ldc, Places places) {
    return new Destination(c, at, ldc, null, 0, Epilogue.NONE, places);
  }

  /** C as it is, without a bias. */
  public static Destination plain(float[] c, int at, int ldc) {
    return new Destination(c, at, ldc, null, 0, Epilogue.NONE);
  }

  /** {@code c = max(0, c)} for some whole rows of n floats. */
  public static void rectify(float[] c, int at, int rows, int n) {
    TileLanes.ACTIVE.rectify(c, at, n, rows, n);
  }

  /** The index of the first value of a row. */
  int rowAt(int row) {
    return at + (places == null ? row * ldc : places.of(row));
  }

  /** How many rows from this one on lie {@code ldc} apart. */
  int rowsFrom(int row) {
    return places == null ? Integer.MAX_VALUE : places.rowsFrom(row);
  }

  /**
   * Puts a tile of a k block in place, run by run.
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
    int some;
    for (int r = 0; r < rows; r += some) {
      some = Math.min(rows - r, rowsFrom(row + r));
      int from = tileAt + r * MicroKernel.ACTIVE.nr();
      putRun(tile, from, rowAt(row + r) + column, column, some, columns, first, last);
    }
  }

  private void putRun(
      float[] tile,
      int tileAt,
      int cAt,
      int column,
      int rows,
      int columns,
      boolean first,
      boolean last) {
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
