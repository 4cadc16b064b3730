package io.lanewise.kernels.gemm;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TileLanes} on vectors. Whole rows of a tile are stored and loaded in the order of memory;
 * else a column of vectors at a time, so that its bias stays in a register, and the last columns by
 * the scalar twin.
 */
final class SimdTileLanes implements TileLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final int NR = 2 * L;
  private static final int SIX = 6;

  private final ScalarTileLanes tail = new ScalarTileLanes(NR);

  @Override
  public void store(float[] tile, int tileAt, float[] c, int cAt, int ldc, int rows, int columns) {
    if (columns == NR) {
      for (int r = 0; r < rows; r++) {
        fromArray(F, tile, tileAt + r * NR).intoArray(c, cAt + r * ldc);
        fromArray(F, tile, tileAt + r * NR + L).intoArray(c, cAt + r * ldc + L);
      }
      return;
    }
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
    if (columns == NR && rectified) {
      storeRectifiedPair(tile, tileAt, bias, biasAt, c, cAt, ldc, rows);
      return;
    }
    if (columns == NR) {
      storeBiasedPair(tile, tileAt, bias, biasAt, c, cAt, ldc, rows);
      return;
    }
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

  private static void storeBiasedPair(
      float[] tile, int tileAt, float[] bias, int biasAt, float[] c, int cAt, int ldc, int rows) {
    FloatVector left = fromArray(F, bias, biasAt);
    FloatVector right = fromArray(F, bias, biasAt + L);
    for (int r = 0; r < rows; r++) {
      left.add(fromArray(F, tile, tileAt + r * NR)).intoArray(c, cAt + r * ldc);
      right.add(fromArray(F, tile, tileAt + r * NR + L)).intoArray(c, cAt + r * ldc + L);
    }
  }

  private static void storeRectified(
      float[] tile, int tileAt, float[] bias, int biasAt, float[] c, int cAt, int ldc, int rows) {
    FloatVector biases = fromArray(F, bias, biasAt);
    for (int r = 0; r < rows; r++) {
      FloatVector value = biases.add(fromArray(F, tile, tileAt + r * NR));
      value
          .blend(FloatVector.zero(F), value.compare(LE, FloatVector.zero(F)))
          .intoArray(c, cAt + r * ldc);
    }
  }

  private static void storeRectifiedPair(
      float[] tile, int tileAt, float[] bias, int biasAt, float[] c, int cAt, int ldc, int rows) {
    FloatVector none = FloatVector.zero(F);
    FloatVector leftBias = fromArray(F, bias, biasAt);
    FloatVector rightBias = fromArray(F, bias, biasAt + L);
    for (int r = 0; r < rows; r++) {
      FloatVector left = leftBias.add(fromArray(F, tile, tileAt + r * NR));
      FloatVector right = rightBias.add(fromArray(F, tile, tileAt + r * NR + L));
      left.blend(none, left.compare(LE, none)).intoArray(c, cAt + r * ldc);
      right.blend(none, right.compare(LE, none)).intoArray(c, cAt + r * ldc + L);
    }
  }

  @Override
  public void add(float[] tile, int tileAt, float[] c, int cAt, int ldc, int rows, int columns) {
    int j = 0;
    for (; j <= columns - L; j += L) {
      int r = 0;
      for (; r <= rows - SIX; r += SIX) {
        addSix(tile, tileAt + j + r * NR, c, cAt + j + r * ldc, ldc);
      }
      for (; r < rows; r++) {
        int at = cAt + j + r * ldc;
        fromArray(F, c, at).add(fromArray(F, tile, tileAt + j + r * NR)).intoArray(c, at);
      }
    }
    if (j < columns) {
      tail.add(tile, tileAt + j, c, cAt + j, ldc, rows, columns - j);
    }
  }

  /**
   * Six rows are loaded before any is stored: where rows lie a multiple of 4 KB apart, a load waits
   * for the stores before it whose addresses end in the same bits.
   */
  private static void addSix(float[] tile, int tileAt, float[] c, int cAt, int ldc) {
    FloatVector v0 = fromArray(F, c, cAt).add(fromArray(F, tile, tileAt));
    FloatVector v1 = fromArray(F, c, cAt + ldc).add(fromArray(F, tile, tileAt + NR));
    FloatVector v2 = fromArray(F, c, cAt + 2 * ldc).add(fromArray(F, tile, tileAt + 2 * NR));
    FloatVector v3 = fromArray(F, c, cAt + 3 * ldc).add(fromArray(F, tile, tileAt + 3 * NR));
    FloatVector v4 = fromArray(F, c, cAt + 4 * ldc).add(fromArray(F, tile, tileAt + 4 * NR));
    FloatVector v5 = fromArray(F, c, cAt + 5 * ldc).add(fromArray(F, tile, tileAt + 5 * NR));
    v0.intoArray(c, cAt);
    v1.intoArray(c, cAt + ldc);
    v2.intoArray(c, cAt + 2 * ldc);
    v3.intoArray(c, cAt + 3 * ldc);
    v4.intoArray(c, cAt + 4 * ldc);
    v5.intoArray(c, cAt + 5 * ldc);
  }

  @Override
  public void load(float[] c, int cAt, int ldc, int rows, int columns, float[] tile, int tileAt) {
    if (columns == NR) {
      for (int r = 0; r < rows; r++) {
        FloatVector left = fromArray(F, c, cAt + r * ldc);
        FloatVector right = fromArray(F, c, cAt + r * ldc + L);
        left.intoArray(tile, tileAt + r * NR);
        right.intoArray(tile, tileAt + r * NR + L);
      }
    } else {
      tail.load(c, cAt, ldc, rows, columns, tile, tileAt);
    }
  }

  @Override
  public void rectify(float[] c, int cAt, int ldc, int rows, int columns) {
    int j = 0;
    for (; j <= columns - L; j += L) {
      for (int r = 0; r < rows; r++) {
        FloatVector value = fromArray(F, c, cAt + j + r * ldc);
        value
            .blend(FloatVector.zero(F), value.compare(LE, FloatVector.zero(F)))
            .intoArray(c, cAt + j + r * ldc);
      }
    }
    if (j < columns) {
      tail.rectify(c, cAt + j, ldc, rows, columns - j);
    }
  }
}
