package io.lanewise.kernels.gemm;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TileLanes} on vectors: a column of vectors at a time, so that its bias stays in a
 * register; the last columns by the scalar twin.
 */
final class SimdTileLanes implements TileLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final int NR = 2 * L;

  private final ScalarTileLanes tail = new ScalarTileLanes(NR);

  @Override
  public void store(float[] tile, int tileAt, float[] c, int cAt, int ldc, int rows, int columns) {
    int j = 0;
    for (; j <= columns - L; j += L) {
      for (int r = 0; r < rows; r++) {
        fromArray(F, tile, tileAt + j + r * NR).intoArray(c, cAt + j + r * ldc);
      }
    }
    if (j < columns) {
      tail.store(tile, tileAt + j, c, cAt + j, ldc, rows, columns - j);
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
    int j = 0;
    for (; j <= columns - L; j += L) {
      if (rectified) {
        storeRectified(tile, tileAt + j, bias, biasAt + j, c, cAt + j, ldc, rows);
      } else {
        storeBiased(tile, tileAt + j, bias, biasAt + j, c, cAt + j, ldc, rows);
      }
    }
    if (j < columns) {
      int rest = columns - j;
      tail.storeBiased(rectified, tile, tileAt + j, bias, biasAt + j, c, cAt + j, ldc, rows, rest);
    }
  }

  private static void storeBiased(
      float[] tile, int tileAt, float[] bias, int biasAt, float[] c, int cAt, int ldc, int rows) {
    FloatVector biases = fromArray(F, bias, biasAt);
    for (int r = 0; r < rows; r++) {
      biases.add(fromArray(F, tile, tileAt + r * NR)).intoArray(c, cAt + r * ldc);
    }
  }

  private static void storeRectified(
      float[] tile, int tileAt, float[] bias, int biasAt, float[] c, int cAt, int ldc, int rows) {
    FloatVector biases = fromArray(F, bias, biasAt);
    for (int r = 0; r < rows; r++) {
      FloatVector value = biases.add(fromArray(F, tile, tileAt + r * NR));
      value.blend(0, value.compare(LE, 0)).intoArray(c, cAt + r * ldc);
    }
  }

  @Override
  public void add(float[] tile, int tileAt, float[] c, int cAt, int ldc, int rows, int columns) {
    int j = 0;
    for (; j <= columns - L; j += L) {
      for (int r = 0; r < rows; r++) {
        int at = cAt + j + r * ldc;
        fromArray(F, c, at).add(fromArray(F, tile, tileAt + j + r * NR)).intoArray(c, at);
      }
    }
    if (j < columns) {
      tail.add(tile, tileAt + j, c, cAt + j, ldc, rows, columns - j);
    }
  }

  @Override
  public void rectify(float[] c, int cAt, int ldc, int rows, int columns) {
    int j = 0;
    for (; j <= columns - L; j += L) {
      for (int r = 0; r < rows; r++) {
        FloatVector value = fromArray(F, c, cAt + j + r * ldc);
        value.blend(0, value.compare(LE, 0)).intoArray(c, cAt + j + r * ldc);
      }
    }
    if (j < columns) {
      tail.rectify(c, cAt + j, ldc, rows, columns - j);
    }
  }
}
