package io.lanewise.kernels.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlicesTest {
  @Test
  void coverAllItemsInOrder() {
    for (int items = 0; items <= 40; items++) {
      for (int size = 1; size <= 12; size++) {
        Slices slices = new Slices(items, size);
        int next = 0;
        for (int i = 0; i < slices.count(); i++) {
          assertEquals(next, slices.start(i));
          assertTrue(slices.length(i) >= 1 && slices.length(i) <= size);
          next += slices.length(i);
        }
        assertEquals(items, next, slices.toString());
      }
    }
  }

  @Test
  void cutIntoAtMost() {
    for (int items = 0; items <= 40; items++) {
      for (int most = 1; most <= 12; most++) {
        int count = Slices.atMost(most, items).count();
        assertTrue(count <= most && count >= Math.min(1, items));
      }
    }
    assertEquals(new Slices(10, 4), Slices.atMost(3, 10));
    assertEquals(new Slices(3, 1), Slices.atMost(8, 3));
  }

  @Test
  void coverTheLargestArray() {
    int items = Integer.MAX_VALUE - 8;
    Slices slices = new Slices(items, 1 << 16);
    assertEquals(1 << 15, slices.count());
    int last = slices.count() - 1;
    assertEquals(items, (long) slices.start(last) + slices.length(last));
    assertEquals(7, Slices.atMost(7, items).count());
  }

  @Test
  void refuseWrongNumbers() {
    assertThrows(IllegalArgumentException.class, () -> new Slices(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Slices(1, 0));
    assertThrows(IllegalArgumentException.class, () -> Slices.atMost(0, 1));
  }
}
