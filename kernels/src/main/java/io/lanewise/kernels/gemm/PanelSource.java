package io.lanewise.kernels.gemm;

/**
 * The matrix B of a product, known only by how panels of it are packed; see {@link BlockSource}.
 */
public interface PanelSource {
  /**
   * Packs rows {@code [k, k + depth)} of columns {@code [column, column + columns)}: row i goes to
   * {@code panel[at + i * pitch]}. What lies between the columns and the pitch may be anything.
   *
   * @param pitch floats from one packed row to the next
   */
  void pack(int k, int depth, int column, int columns, float[] panel, int at, int pitch);

  /** A stored matrix, {@code B[i, j]} at {@code bAt + i * ldb + j}. */
  static PanelSource stored(float[] b, int bAt, int ldb) {
    return (k, depth, column, columns, panel, at, pitch) -> {
      TileLanes.ACTIVE.load(b, bAt + k * ldb + column, ldb, depth, columns, panel, at);
    };
  }
}
