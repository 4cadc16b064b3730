package io.lanewise.kernels.conv;

/**
 * {@link WinogradLanes} in plain Java, a channel at a time: each transform is one pass for every
 * column and then one for every row. Tiles differ in the passes, the products of a matrix with a
 * vector, and in how many rows and columns the matrices have.
 */
abstract class ScalarWinogradTransforms implements WinogradLanes {
  private final int step;
  private final int patch;
  private final int inputs;
  private final int m;
  private final int products;
  private final int weights;

  /**
   * For the sizes of a tile.
   *
   * @param step columns of inputs from a tile's first to the next one's
   * @param patch columns of inputs that a tile reads
   * @param inputs distinct rows of B^T
   * @param m columns of outputs
   * @param products columns of A^T
   * @param weights distinct rows of G
   */
  ScalarWinogradTransforms(int step, int patch, int inputs, int m, int products, int weights) {
    this.step = step;
    this.patch = patch;
    this.inputs = inputs;
    this.m = m;
    this.products = products;
    this.weights = weights;
  }

  /** B^T times d, {@code patch} values from {@code at}, {@code step} apart; out likewise. */
  abstract void inputPass(float[] d, int at, int step, float[] out, int to, int pitch);

  /** A^T times a column of sums, as {@link #inputPass}. */
  abstract void outputPass(float[] m, int at, int step, float[] out, int to, int pitch);

  /** G times three taps, as {@link #inputPass}. */
  abstract void weightPass(float[] g, int at, int step, float[] out, int to, int pitch);

  @Override
  public final void input(
      WinogradBands d,
      int tile,
      int tiles,
      int channel,
      int channels,
      float[] v,
      int vAt,
      int tilePitch,
      PositionGrid grid,
      float[] scratch) {
    int left = d.left(tile, tiles);
    int right = d.right(tile, tiles);
    int row = inputs * patch;
    for (int i = 0; i < tiles * channels; i++) {
      int ch = i % channels;
      int first = i / channels * step;
      for (int x = 0; x < patch; x++) {
        boolean inside = first + x >= left && first + x < right;
        d.column(tile, inside, first + x, channel + ch, scratch, row);
        inputPass(scratch, row, 1, scratch, x, patch);
      }
      int to = vAt + i / channels * tilePitch + ch;
      for (int y = 0; y < inputs; y++) {
        inputPass(scratch, patch * y, 1, v, to + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  @Override
  public final void output(
      int channels,
      float[] sums,
      int sumsAt,
      PositionGrid grid,
      float[] bias,
      int biasAt,
      boolean rectify,
      float[] y,
      int yAt,
      int rows,
      int columns,
      int rowPitch,
      int columnPitch,
      float[] scratch) {
    float floor = rectify ? 0 : Float.NaN;
    int row = m * products;
    for (int ch = 0; ch < channels; ch++) {
      for (int x = 0; x < products; x++) {
        int at = sumsAt + ch + x * grid.columnPitch();
        outputPass(sums, at, grid.groupPitch(), scratch, x, products);
      }
      float start = bias == null ? 0 : bias[biasAt + ch];
      for (int r = 0; r < rows; r++) {
        int to = yAt + ch + r * rowPitch;
        outputPass(scratch, products * r, 1, scratch, row, 1);
        for (int x = 0; x < columns; x++) {
          float value = scratch[row + x] + start;
          y[to + x * columnPitch] = value <= floor ? 0 : value;
        }
      }
    }
  }

  @Override
  public final void weight(
      int channels,
      float[] g,
      int gAt,
      int tapPitch,
      float[] u,
      int uAt,
      PositionGrid grid,
      float[] scratch) {
    for (int ch = 0; ch < channels; ch++) {
      for (int x = 0; x < 3; x++) {
        weightPass(g, gAt + ch + x * tapPitch, 3 * tapPitch, scratch, x, 3);
      }
      for (int y = 0; y < weights; y++) {
        weightPass(scratch, 3 * y, 1, u, uAt + ch + grid.at(y, 0), grid.columnPitch());
      }
    }
  }
}
