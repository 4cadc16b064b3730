package io.lanewise.kernels.gemm;

import io.lanewise.kernels.parallel.Parallel;

/**
 * The matrix B of a product in panels of nr columns: for each block of kc rows, one panel after the
 * other, each {@code [depth, nr]}. Columns beyond n are zero. Behind the last panel are nr floats
 * that micro-kernels read and do not use.
 */
public final class PackedB {
  private PackedB() {}

  /**
   * Floats that a packed k x n matrix takes.
   *
   * @throws IllegalArgumentException if no array can hold them
   */
  public static int size(int k, int n) {
    return size(1, k, n);
  }

  /**
   * Floats that so many packed k x n matrices take, {@link #pitch} apart.
   *
   * @throws IllegalArgumentException if no array can hold them
   */
  public static int size(int matrices, int k, int n) {
    int nr = MicroKernel.ACTIVE.nr();
    double size = (double) matrices * k * GemmBlocking.roundUp(n, nr) + nr;
    if (size > Integer.MAX_VALUE - 8) {
      String what = matrices == 1 ? "a packed matrix" : matrices + " packed matrices";
      throw new IllegalArgumentException(
          String.format("%s of %d x %d: %.0f floats are more than one array", what, k, n, size));
    }
    return (int) size;
  }

  /** Floats from a packed k x n matrix to the next in the same array. */
  public static int pitch(int k, int n) {
    return k * GemmBlocking.roundUp(n, MicroKernel.ACTIVE.nr());
  }

  /**
   * Packs a matrix whose rows lie as they are.
   *
   * @param b the matrix, {@code B[i,j]} at {@code bAt + i * ldb + j}
   * @param packed receives the panels, from {@code packedAt}
   */
  public static void pack(
      int k, int n, float[] b, int bAt, int ldb, float[] packed, int packedAt, Parallel parallel) {
    GemmBlocking blocking = GemmBlocking.of(1, n, k);
    forEachPanel(
        k,
        n,
        blocking,
        parallel,
        (row, depth, column, columns, at) ->
            packPanel(depth, columns, b, bAt + row * ldb + column, ldb, packed, packedAt + at));
  }

  /** Where the columns of a matrix come from, for matrices stored in another order than by rows. */
  public interface Columns {
    /** Writes B[row + i, column] to {@code out[at + i * pitch]}, for i from 0 to rows - 1. */
    void write(int row, int rows, int column, float[] out, int at, int pitch);
  }

  /** The columns of a matrix that is stored transposed, {@code B[i,j]} at {@code j * k + i}. */
  public static Columns ofTransposed(float[] b, int k) {
    return (row, rows, column, out, at, pitch) -> spread(b, column * k + row, rows, out, at, pitch);
  }

  /** Copies {@code count} neighbours from {@code fromAt} to places {@code pitch} apart. */
  public static void spread(float[] from, int fromAt, int count, float[] out, int at, int pitch) {
    for (int i = 0; i < count; i++) {
      out[at + i * pitch] = from[fromAt + i];
    }
  }

  /**
   * Packs a matrix column by column.
   *
   * @param b gives B
   * @param packed receives the panels, from {@code packedAt}
   */
  public static void gather(
      int k, int n, Columns b, float[] packed, int packedAt, Parallel parallel) {
    GemmBlocking blocking = GemmBlocking.of(1, n, k);
    int nr = blocking.nr();
    forEachPanel(
        k,
        n,
        blocking,
        parallel,
        (row, depth, column, columns, at) -> {
          for (int j = 0; j < columns; j++) {
            b.write(row, depth, column + j, packed, packedAt + at + j, nr);
          }
          clearColumns(depth, columns, nr, packed, packedAt + at);
        });
  }

  /** Packs rows of one panel: {@code depth} rows of {@code columns} floats each. */
  static void packPanel(
      int depth, int columns, float[] b, int bAt, int ldb, float[] packed, int packedAt) {
    int nr = MicroKernel.ACTIVE.nr();
    TileLanes.ACTIVE.load(b, bAt, ldb, depth, columns, packed, packedAt);
    clearColumns(depth, columns, nr, packed, packedAt);
  }

  private static void clearColumns(int depth, int from, int nr, float[] packed, int packedAt) {
    if (from == nr) {
      return;
    }
    for (int i = 0; i < depth; i++) {
      for (int j = from; j < nr; j++) {
        packed[packedAt + i * nr + j] = 0;
      }
    }
  }

  private interface PanelTask {
    void pack(int row, int depth, int column, int columns, int at);
  }

  private static void forEachPanel(
      int k, int n, GemmBlocking blocking, Parallel parallel, PanelTask task) {
    int nr = blocking.nr();
    int kc = blocking.kc();
    int panels = (n + nr - 1) / nr;
    int blocks = (k + kc - 1) / kc;
    boolean tiny = (long) k * n < 1 << 15;
    Parallel runners = tiny ? Parallel.serial() : parallel;
    runners.forEach(
        blocks * panels,
        i -> {
          int row = i % blocks * kc;
          int depth = Math.min(kc, k - row);
          int panel = i / blocks;
          int column = panel * nr;
          int at = row * panels * nr + panel * depth * nr;
          task.pack(row, depth, column, Math.min(nr, n - column), at);
        });
  }
}
