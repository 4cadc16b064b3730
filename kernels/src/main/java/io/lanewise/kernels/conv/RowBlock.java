package io.lanewise.kernels.conv;

/**
 * Some rows of an image, or some whole images, whose tiles are transformed.
 *
 * @param table the distance of each step of a sum, rows of the window and in them channels
 * @param scratch holds V from 0, and behind it room for sums
 * @param images how many
 * @param imageSize floats of V from an image to the next
 * @param product floats of V from a product to the next
 * @param columns tiles of an image in the block, row after row
 * @param sumsAt where the room for sums begins
 * @param row the first row of the output, counted through all images
 */
record RowBlock(
    int[] table,
    float[] scratch,
    int images,
    int imageSize,
    int product,
    int columns,
    int sumsAt,
    int row) {}
