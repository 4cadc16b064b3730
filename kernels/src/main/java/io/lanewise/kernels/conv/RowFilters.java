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
   * Packs the transformed weight of one product.
   *
   * @param p which product
   * @param u {@code [p, 5, c, oc]} of all products
   * @param packed the {@link #packedSize} floats of all products
   */
  void pack(int p, float[] u, float[] packed);

  /** Floats for the sums of a block of so many tiles. */
  int sumsSize(int tiles);

  /**
   * Computes the pixels of a block: of some rows of an image, or of some whole images.
   *
   * @param table the distance of each step of a sum, rows of the window and in them channels
   * @param images how many
   * @param imageSize floats of V from an image to the next
   * @param product floats of V from a product to the next
   * @param columns tiles of an image in the block, row after row
   * @param scratch holds V from 0, and from {@code sumsAt} room for {@link #sumsSize} floats
   * @param packed what {@link #pack} wrote
   * @param bias {@code [oc]}, or null for none
   * @param rectify whether values up to zero become zero
   * @param output {@code [n, oh, ow, oc]}
   * @param row the first row of the output, counted through all images
   */
  void run(
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
      int row);
}
