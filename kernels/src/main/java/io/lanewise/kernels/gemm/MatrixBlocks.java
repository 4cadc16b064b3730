package io.lanewise.kernels.gemm;

/** Blocks of a stored matrix, as it is or transposed. */
public final class MatrixBlocks implements BlockSource {
  private final float[] a;
  private final int at;
  private final int lda;
  private final boolean transposed;

  /**
   * A stored matrix.
   *
   * @param a {@code A[i,k]} at {@code at + i * lda + k}, or transposed at {@code at + k * lda + i}
   * @param at index of {@code A[0,0]}
   * @param lda floats from one stored row to the next
   * @param transposed whether the rows that are stored are the columns of A
   */
  public MatrixBlocks(float[] a, int at, int lda, boolean transposed) {
    this.a = a;
    this.at = at;
    this.lda = lda;
    this.transposed = transposed;
  }

  @Override
  public Layout layout() {
    return transposed ? Layout.COLUMNS : Layout.ROWS;
  }

  @Override
  public float[] memory() {
    return transposed ? a : null;
  }

  @Override
  public int memoryAt(int row, int k) {
    return at + k * lda + row;
  }

  @Override
  public void pack(int row, int rows, int k, int depth, float[] block) {
    if (transposed) {
      for (int i = 0; i < depth; i++) {
        System.arraycopy(a, at + (k + i) * lda + row, block, i * COLUMN_PITCH, rows);
      }
    } else {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(a, at + (row + r) * lda + k, block, r * ROW_PITCH, depth);
      }
    }
  }
}
