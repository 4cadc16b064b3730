package io.lanewise.kernels.gemm;

/** Blocks of a stored matrix, as it is or transposed. */
final class MatrixBlocks implements BlockSource {
  private final float[] a;
  private final int lda;
  private final boolean transposed;

  /**
   * A stored matrix.
   *
   * @param a {@code A[i,k]} at {@code i * lda + k}, or transposed at {@code k * lda + i}
   */
  MatrixBlocks(float[] a, int lda, boolean transposed) {
    this.a = a;
    this.lda = lda;
    this.transposed = transposed;
  }

  @Override
  public Layout layout() {
    return transposed ? Layout.COLUMNS : Layout.ROWS;
  }

  @Override
  public void pack(int row, int rows, int k, int depth, float[] block) {
    if (transposed) {
      for (int i = 0; i < depth; i++) {
        System.arraycopy(a, (k + i) * lda + row, block, i * COLUMN_PITCH, rows);
      }
    } else {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(a, (row + r) * lda + k, block, r * ROW_PITCH, depth);
      }
    }
  }
}
