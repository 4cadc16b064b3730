package io.lanewise.kernels.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WindowTest {
  /** Counts positions one by one. */
  @ParameterizedTest
  @EnumSource(Rounding.class)
  void countsPositionsAsWalkingDoes(Rounding rounding) {
    forEachAxis(
        (size, k, stride, pad, dilation) -> {
          int extent = dilation * (k - 1) + 1;
          int positions = 0;
          int end = -1;
          for (int start = -pad; start + extent <= size + pad; start += stride) {
            positions++;
            end = start + extent;
          }
          boolean whole = end == size + pad;
          boolean overhangs = -pad + positions * stride < size;
          Window window = window(k, stride, pad, dilation, rounding);
          if (positions == 0 || (rounding == Rounding.EXACT && !whole)) {
            assertThrows(
                IllegalArgumentException.class, () -> window.outputH(size, size, "window"));
          } else {
            int more = rounding == Rounding.CEIL && !whole && overhangs ? 1 : 0;
            assertEquals(positions + more, window.outputH(size, size, "window"));
            assertEquals(positions + more, window.outputW(size, size, "window"));
          }
        });
  }

  /** The formula of PyTorch's pooling_output_shape, with paddings it accepts. */
  @Test
  void roundsUpAsPyTorchDoes() {
    forEachAxis(
        (size, k, stride, pad, dilation) -> {
          int numerator = size + 2 * pad - dilation * (k - 1) - 1;
          if (numerator < 0 || pad > k / 2) {
            return;
          }
          int expected = (numerator + stride - 1) / stride + 1;
          if ((expected - 1) * stride >= size + pad) {
            expected--;
          }
          Window window = window(k, stride, pad, dilation, Rounding.CEIL);
          assertEquals(expected, window.outputH(size, size, "window"), window + " on " + size);
        });
  }

  private interface Axis {
    void check(int size, int k, int stride, int pad, int dilation);
  }

  private static void forEachAxis(Axis axis) {
    for (int size = 1; size <= 12; size++) {
      for (int k = 1; k <= 5; k++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int pad = 0; pad <= 3; pad++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              axis.check(size, k, stride, pad, dilation);
            }
          }
        }
      }
    }
  }

  private static Window window(int k, int stride, int pad, int dilation, Rounding rounding) {
    return Window.of(k, stride, pad).withDilation(dilation).withRounding(rounding);
  }

  @Test
  void knowsItsExtentAndText() {
    Window window = new Window(3, 5, 1, 2, 0, 1, 2, 3, 4, 1, Rounding.CEIL);
    assertEquals(9, window.extentH());
    assertEquals(5, window.extentW());
    assertEquals("k3x5s1x2p0x1x2x3d4x1_ceil", window.toString());
    assertEquals("k3s1p1", Window.of(3, 1, 1).toString());
    assertEquals("k3s1p0x0x1x1", Window.of(3, 1, 1).withPadding(0, 0, 1, 1).toString());
    assertEquals("k3s1p2x1", Window.of(3, 1, 1).withPadding(2, 1, 2, 1).toString());
  }

  @Test
  void isPointwiseWhereIm2colWouldCopy() {
    assertTrue(Window.of(1, 1, 0).isPointwise());
    assertFalse(Window.of(1, 2, 0).isPointwise());
    assertFalse(Window.of(1, 1, 1).isPointwise());
    assertFalse(Window.of(3, 1, 0).isPointwise());
    assertFalse(Window.of(1, 1, 0).withPadding(0, 0, 0, 1).isPointwise());
  }

  static Stream<Arguments> wrongNumbers() {
    return Stream.of(
        arguments(0, 1, 0, 1, "window k0: kernel must be at least 1"),
        arguments(3, 0, 0, 1, "window s0: stride must be at least 1"),
        arguments(3, 1, -1, 1, "window p-1: padding must not be negative"),
        arguments(3, 1, 0, 0, "window d0: dilation must be at least 1"));
  }

  @ParameterizedTest
  @MethodSource("wrongNumbers")
  void refusesWrongNumbers(int k, int stride, int pad, int dilation, String message) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> Window.of(k, stride, pad).withDilation(dilation));
    assertEquals(message, e.getMessage());
  }

  @Test
  void refusesWhatAnIntCannotCount() {
    Window wide = Window.of(1, 1, Integer.MAX_VALUE);
    assertThrows(IllegalArgumentException.class, () -> wide.outputH(1, 1, "window"));
    Window long3 = Window.of(3, 1, 1).withDilation(Integer.MAX_VALUE);
    assertThrows(IllegalArgumentException.class, () -> long3.outputH(9, 9, "window"));
  }
}
