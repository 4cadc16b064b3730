package io.lanewise.kernels.conv;

/** {@link NarrowLanes} without vectors. */
final class ScalarNarrowLanes implements NarrowLanes {
  @Override
  public boolean areWide() {
    return true;
  }

  @Override
  public void sumOverTiles(int tiles, float[] v, int vAt, float[] p, int pAt, float[] q, int qAt) {
    for (int i = 0; i < CHANNELS; i++) {
      for (int j = 0; j < CHANNELS; j++) {
        float sum = 0;
        for (int tile = 0; tile < tiles; tile++) {
          sum = Math.fma(v[vAt + tile * CHANNELS + i], p[pAt + tile * CHANNELS + j], sum);
        }
        q[qAt + i * CHANNELS + j] = sum;
      }
    }
  }
}
