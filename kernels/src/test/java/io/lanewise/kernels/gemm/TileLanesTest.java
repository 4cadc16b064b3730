package io.lanewise.kernels.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lanewise.kernels.lanes.SimdSpecies;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both twins carry tiles of every size to C by the formula, and write nothing beside. */
class TileLanesTest {
  private static final int NR = 2 * SimdSpecies.FLOAT.length();
  private static final int LDC = NR + 3;

  private interface Move {
    void run(TileLanes lanes, float[] c);
  }

  @Test
  void twinsAgreeWithTheFormula() {
    Random random = new Random(1);
    for (int rows = 1; rows <= 12; rows++) {
      for (int columns = 1; columns <= NR; columns++) {
        int high = rows;
        int wide = columns;
        float[] tile = values(2 + 12 * NR, random);
        float[] bias = values(5 + NR, random);
        float[] start = values(4 + 12 * LDC, random);
        check(
            high,
            wide,
            start,
            (r, j, c) -> tile[2 + r * NR + j],
            (l, c) -> l.store(tile, 2, c, 4, LDC, high, wide));
        check(
            high,
            wide,
            start,
            (r, j, c) -> bias[5 + j] + tile[2 + r * NR + j],
            (l, c) -> l.storeBiased(false, tile, 2, bias, 5, c, 4, LDC, high, wide));
        check(
            high,
            wide,
            start,
            (r, j, c) -> rectified(bias[5 + j] + tile[2 + r * NR + j]),
            (l, c) -> l.storeBiased(true, tile, 2, bias, 5, c, 4, LDC, high, wide));
        check(
            high,
            wide,
            start,
            (r, j, c) -> c + tile[2 + r * NR + j],
            (l, c) -> l.add(tile, 2, c, 4, LDC, high, wide));
        check(
            high,
            wide,
            start,
            (r, j, c) -> rectified(c),
            (l, c) -> l.rectify(c, 4, LDC, high, wide));
      }
    }
  }

  @Test
  void rowsGoIntoAPanel() {
    float[] c = values(4 + 12 * LDC, new Random(2));
    for (int rows = 1; rows <= 12; rows++) {
      for (int columns = 1; columns <= NR; columns++) {
        float[] expected = new float[2 + 12 * NR];
        for (int r = 0; r < rows; r++) {
          System.arraycopy(c, 4 + r * LDC, expected, 2 + r * NR, columns);
        }
        for (TileLanes lanes : new TileLanes[] {new SimdTileLanes(), new ScalarTileLanes(NR)}) {
          float[] found = new float[expected.length];
          lanes.load(c, 4, LDC, rows, columns, found, 2);
          assertArrayEquals(expected, found, lanes.getClass() + ", " + rows + " x " + columns);
        }
      }
    }
  }

  private interface Formula {
    float at(int row, int column, float before);
  }

  private static void check(int rows, int columns, float[] start, Formula formula, Move move) {
    float[] expected = start.clone();
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < columns; j++) {
        int at = 4 + r * LDC + j;
        expected[at] = formula.at(r, j, start[at]);
      }
    }
    for (TileLanes lanes : new TileLanes[] {new SimdTileLanes(), new ScalarTileLanes(NR)}) {
      float[] found = start.clone();
      move.run(lanes, found);
      assertArrayEquals(expected, found, lanes.getClass() + ", " + rows + " x " + columns);
    }
  }

  private static float rectified(float value) {
    return value <= 0 ? 0 : value;
  }

  private static float[] values(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
