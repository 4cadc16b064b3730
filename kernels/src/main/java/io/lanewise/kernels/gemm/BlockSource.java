package io.lanewise.kernels.gemm;

/**
 * The matrix A of a product, known only by how blocks of it are packed: from a stored matrix, or,
 * for convolution, from the patches of an image, whose matrix never exists in memory.
 */
public interface BlockSource {
  /** How a packed block lies in memory. */
  enum Layout {
    /** Row r of the block starts at {@code r * BlockSource.ROW_PITCH}. */
    ROWS,
    /** Step k of the block starts at {@code k * BlockSource.COLUMN_PITCH}. */
    COLUMNS
  }

  /** Floats from one row of a block by rows to the next: the longest depth of a block. */
  int ROW_PITCH = MicroKernel.ROW_PITCH;

  /** Floats from one step of a block by columns to the next: the most rows of a block. */
  int COLUMN_PITCH = MicroKernel.COLUMN_PITCH;

  /** The layout {@link #pack} writes. */
  Layout layout();

  /**
   * Packs one block, from the start of {@code block}.
   *
   * @param row first row of A
   * @param rows number of rows, at most {@link #COLUMN_PITCH}
   * @param k first column of A
   * @param depth number of columns, at most {@link #ROW_PITCH}
   * @param block receives the block
   */
  void pack(int row, int rows, int k, int depth, float[] block);

  /**
   * The array that blocks are copied from in the order of k, so that those of the next step of K
   * can be read ahead; null where there is no such array.
   */
  default float[] memory() {
    return null;
  }

  /** The index in {@link #memory} of a value of A. */
  default int memoryAt(int row, int k) {
    throw new UnsupportedOperationException();
  }
}
