package io.lanewise.kernels.gemm;

/** {@link TileLanes} in plain Java. */
final class ScalarTileLanes implements TileLanes {
  private final int pitch;

  ScalarTileLanes() {
    this(MicroKernel.ACTIVE.nr());
  }

  /** For a tile whose rows lie {@code pitch} floats apart. */
  ScalarTileLanes(int pitch) {
    this.pitch = pitch;
  }

  @Override
  public void store(float[] tile, int tileAt, float[] c, int cAt, int ldc, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(tile, tileAt + r * pitch, c, cAt + r * ldc, columns);
    }
  }

  @Override
  public void storeBiased(
      boolean rectified,
      float[] tile,
      int tileAt,
      float[] bias,
      int biasAt,
      float[] c,
      int cAt,
      int ldc,
      int rows,
      int columns) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < columns; j++) {
        float value = bias[biasAt + j] + tile[tileAt + r * pitch + j];
        c[cAt + r * ldc + j] = rectified && value <= 0 ? 0 : value;
      }
    }
  }

  @Override
  public void add(float[] tile, int tileAt, float[] c, int cAt, int ldc, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < columns; j++) {
        c[cAt + r * ldc + j] += tile[tileAt + r * pitch + j];
      }
    }
  }

  @Override
  public void load(float[] c, int cAt, int ldc, int rows, int columns, float[] tile, int tileAt) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(c, cAt + r * ldc, tile, tileAt + r * pitch, columns);
    }
  }

  @Override
  public void rectify(float[] c, int cAt, int ldc, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int j = cAt + r * ldc; j < cAt + r * ldc + columns; j++) {
        c[j] = c[j] <= 0 ? 0 : c[j];
      }
    }
  }
}
