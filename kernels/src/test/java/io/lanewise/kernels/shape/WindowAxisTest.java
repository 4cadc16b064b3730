package io.lanewise.kernels.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowAxisTest {
  /** Every small axis that a shape accepts, against counting taps one by one. */
  @Test
  void agreesWithCounting() {
    for (WindowAxis axis : axes()) {
      int[] seen = new int[axis.size()];
      for (int position = 0; position < axis.positions(); position++) {
        List<Integer> inside = new ArrayList<>();
        int padded = 0;
        for (int tap = 0; tap < axis.k(); tap++) {
          int cell = position * axis.stride() - axis.padBefore() + tap * axis.dilation();
          if (cell >= 0 && cell < axis.size()) {
            inside.add(tap);
            seen[cell]++;
          }
          padded += cell < axis.size() + axis.padAfter() ? 1 : 0;
        }
        String where = axis + " at " + position;
        int first = axis.firstTap(position);
        assertEquals(inside.size(), axis.endTap(position) - first, where);
        if (!inside.isEmpty()) {
          assertEquals(inside.get(0), first, where);
        }
        assertEquals(padded, axis.paddedTaps(position), where);
        int end = axis.runEnd(position);
        for (int other = position + 1; other < end; other++) {
          assertEquals(first, axis.firstTap(other), where);
          assertEquals(axis.endTap(position), axis.endTap(other), where);
          assertEquals(padded, axis.paddedTaps(other), where);
        }
      }
      int most = 0;
      int least = Integer.MAX_VALUE;
      for (int count : seen) {
        most = Math.max(most, count);
        least = Math.min(least, count);
      }
      if (axis.isDisjoint()) {
        assertTrue(most <= 1, axis + " is not disjoint");
      }
      if (axis.isTiled()) {
        assertTrue(most == 1 && least == 1, axis + " is not tiled");
      }
    }
  }

  @Test
  void commonPoolingIsTiled() {
    PoolShape shape = PoolShape.parse("n1h6w8c3_k2s2p0");
    assertTrue(WindowAxis.rows(shape).isTiled() && WindowAxis.columns(shape).isTiled());
  }

  private static List<WindowAxis> axes() {
    List<WindowAxis> axes = new ArrayList<>();
    for (int size = 1; size <= 7; size++) {
      for (int k = 1; k <= 4; k++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int dilation = 1; dilation <= 3; dilation++) {
            for (int pads = 0; pads < 16; pads++) {
              for (Rounding rounding : List.of(Rounding.FLOOR, Rounding.CEIL)) {
                int before = pads / 4;
                int after = pads % 4;
                if (size + before + after < dilation * (k - 1) + 1) {
                  continue;
                }
                Window window =
                    new Window(1, k, 1, stride, 0, before, 0, after, 1, dilation, rounding);
                axes.add(WindowAxis.columns(ConvShape.of(1, 1, size, 1, 1, window)));
              }
            }
          }
        }
      }
    }
    return axes;
  }
}
