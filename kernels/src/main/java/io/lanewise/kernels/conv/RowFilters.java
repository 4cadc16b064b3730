package io.lanewise.kernels.conv;

/**
 * How the products of tiles along rows are summed, {@code M[p] = V[p] * U[p]}, and their pixels
 * stored: with filters as columns of the register tile, or as its rows. The bits are the same.
 */
interface RowFilters {
  /** The way for these tiles. */
  static RowFilters of(RowTiles t) {
    return FilterColumns.fit(t) ? new FilterColumns(t) : new FilterRows(t);
  }

  /** Floats of a packed weight. */
  int packedSize();

  /**
   * Packs a transformed weight.
   *
   * @param u {@code [p, 5, c, oc]}
   * @param packed receives {@link #packedSize} floats
   */
  void pack(float[] u, float[] packed);

  /** Floats for the sums of a block of so many tiles. */
  int sumsSize(int tiles);

  /**
   * Computes the pixels of a block.
   *
   * @param packed what {@link #pack} wrote
   * @param bias {@code [oc]}, or null for none
   * @param rectify whether values up to zero become zero
   * @param output {@code [n, oh, ow, oc]}
   */
  void run(RowBlock block, float[] packed, float[] bias, boolean rectify, float[] output);
}
