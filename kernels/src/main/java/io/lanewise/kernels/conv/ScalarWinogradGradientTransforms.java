package io.lanewise.kernels.conv;

/** {@link WinogradGradientLanes} in plain Java, by passes as {@link ScalarWinogradTransforms}. */
abstract class ScalarWinogradGradientTransforms extends ScalarWinogradTransforms
    implements WinogradGradientLanes {
  private final int m;
  private final int weights;
  private final int gradients;

  /**
   * For the sizes of a tile, as {@link ScalarWinogradTransforms}, whose rows of B^T and columns of
   * A^T all differ.
   *
   * @param gradients distinct rows of A
   */
  ScalarWinogradGradientTransforms(
      int step, int patch, int products, int m, int weights, int gradients) {
    super(step, patch, products, m, products, weights);
    this.m = m;
    this.weights = weights;
    this.gradients = gradients;
  }

  /** A times m values of the output's gradient, as {@link #inputPass}. */
  abstract void outputGradientPass(float[] e, int at, int step, float[] out, int to, int pitch);

  /** G^T times a column of sums, as {@link #inputPass}. */
  abstract void weightGradientPass(float[] q, int at, int step, float[] out, int to, int pitch);

  @Override
  public final void outputGradient(
      WinogradBands e,
      int tile,
      int tiles,
      int channel,
      int channels,
      float[] p,
      int pAt,
      int tilePitch,
      PositionGrid grid,
      float[] scratch) {
    int left = e.left(tile, tiles);
    int right = e.right(tile, tiles);
    int row = gradients * m;
    for (int i = 0; i < tiles * channels; i++) {
      int ch = i % channels;
      int first = i / channels * m;
      for (int x = 0; x < m; x++) {
        boolean inside = first + x >= left && first + x < right;
        e.column(tile, inside, first + x, channel + ch, scratch, row);
        outputGradientPass(scratch, row, 1, scratch, x, m);
      }
      int to = pAt + i / channels * tilePitch + ch;
      for (int y = 0; y < gradients; y++) {
        outputGradientPass(scratch, m * y, 1, p, to + grid.at(y, 0), grid.columnPitch());
      }
    }
  }

  @Override
  public final void weightGradient(
      int channels,
      float[] q,
      int qAt,
      PositionGrid grid,
      float[] g,
      int gAt,
      int tapPitch,
      float[] scratch) {
    int row = 3 * weights;
    for (int ch = 0; ch < channels; ch++) {
      for (int x = 0; x < weights; x++) {
        int at = qAt + ch + x * grid.columnPitch();
        weightGradientPass(q, at, grid.groupPitch(), scratch, x, weights);
      }
      for (int r = 0; r < 3; r++) {
        weightGradientPass(scratch, weights * r, 1, scratch, row, 1);
        for (int x = 0; x < 3; x++) {
          g[gAt + ch + (3 * r + x) * tapPitch] += scratch[row + x];
        }
      }
    }
  }
}
