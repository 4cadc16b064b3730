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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PoolShapeTest {
  @Test
  void countsEverything() {
    PoolShape shape = PoolShape.parse("n8h32w16c6_k3x2s2p1x0");
    assertEquals(16, shape.oh());
    assertEquals(8, shape.ow());
    assertEquals(8 * 32 * 16 * 6, shape.inputSize());
    assertEquals(8 * 16 * 8 * 6, shape.outputSize());
    assertEquals(8L * 16 * 8 * 6 * 6, shape.flops());
    assertEquals(4L * (24576 + 6144), shape.bytes());
    assertEquals(2 * 32 * 16 * 6, shape.withBatch(2).inputSize());
  }

  @ParameterizedTest
  @CsvSource({
    "n1h32w32c1_k2s2p0, 16",
    "n1h7w7c1_k2s2p0, 3",
    "n1h7w7c1_k2s2p0_ceil, 4",
    "n1h8w8c1_k3s2p0_ceil, 4",
    "n1h8w8c1_k3s2p1_ceil, 5",
    "n1h6w6c1_k2s3p0, 2",
    "n1h6w6c1_k1s4p0_ceil, 2",
    "n1h7w7c1_k3s2p0_exact, 3"
  })
  void countsOutputRows(String text, int oh) {
    assertEquals(oh, PoolShape.parse(text).oh());
  }

  @Test
  void poolsWholeImages() {
    PoolShape shape = PoolShape.global(2, 7, 5, 3);
    assertEquals("n2h7w5c3_k7x5s1p0", shape.toString());
    assertEquals(2 * 3, shape.outputSize());
  }

  @Test
  void countsPaddingUnlessTold() {
    assertTrue(PoolShape.parse("n1h5w5c1_k3s1p1").paddingCounts());
    assertFalse(PoolShape.parse("n1h5w5c1_k3s1p1_uncounted").paddingCounts());
    assertFalse(PoolShape.parse("n1h5w5c1_k3s1p1_uncounted").withBatch(4).paddingCounts());
  }

  static Stream<Arguments> wrongShapes() {
    return Stream.of(
        arguments(
            "n1h5w5c1_k2s1p2",
            "n1h5w5c1_k2s1p2: output row 0 would pool padding alone; use less padding"),
        arguments(
            "n1h5w5c1_k2s1p0x0x0x2",
            "n1h5w5c1_k2s1p0x0x0x2: output column 5 would pool padding alone; use less padding"),
        arguments(
            "n1h1w3c1_k2s1p1d2",
            "n1h1w3c1_k2s1p1d2: output row 0 would pool padding alone; use less padding"),
        arguments(
            "n1h3w3c1_k4s1p0",
            "n1h3w3c1_k4s1p0: the 4x4 window is larger than its padded input: 3 + 2*0 < 4"),
        arguments(
            "n1h7w7c1_k3s3p0_exact",
            "n1h7w7c1_k3s3p0_exact: (7 + 2*0 - 3)/3 + 1 is not whole; 3x3 windows at stride 3 do"
                + " not tile 7x7"),
        arguments(
            "n1h0w7c1_k3s3p0",
            "n1h0w7c1_k3s3p0: input n*h*w*c has a dimension of 0, needs at least 1"));
  }

  @ParameterizedTest
  @MethodSource("wrongShapes")
  void refusesWithTheShapeAndTheReason(String text, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> PoolShape.parse(text));
    assertEquals(message, e.getMessage());
  }
}
