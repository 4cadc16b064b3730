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

class ConvShapeTest {
  @Test
  void countsEverything() {
    ConvShape shape = ConvShape.parse("n8h32w16c6_oc10_k3x5s1x2p1x2_g2");
    assertEquals(32, shape.oh());
    assertEquals(8, shape.ow());
    assertEquals(8 * 32 * 16 * 6, shape.inputSize());
    assertEquals(3 * 5 * 3 * 10, shape.weightSize());
    assertEquals(10, shape.biasSize());
    assertEquals(8 * 32 * 8, shape.pixels());
    assertEquals(8 * 32 * 8 * 10, shape.outputSize());
    assertEquals(3 * 5 * 3, shape.patchSize());
    assertEquals(2L * 8 * 32 * 8 * 10 * 45, shape.flops());
    assertEquals(4L * (24576 + 450 + 20480), shape.bytes());
    assertEquals(3 * 32 * 16 * 6, shape.withBatch(3).inputSize());
  }

  @ParameterizedTest
  @CsvSource({
    "n1h32w32c3_oc1_k5s1p2, 32, 32",
    "n1h7w7c3_oc1_k3s2p0, 3, 3",
    "n1h8w8c3_oc1_k3s2p0, 3, 3",
    "n1h8w8c3_oc1_k3s2p0_ceil, 4, 4",
    "n1h224w224c3_oc1_k7s2p3, 112, 112",
    "n1h7w9c3_oc1_k3s1p0d2, 3, 5",
    "n1h5w5c3_oc1_k3s2p0x0x1x1, 2, 2",
    "n1h5w6c3_oc1_k2s1p0x1x0x2, 4, 8",
    "n1h4w4c3_oc1_k4s1p0, 1, 1",
    "n1h1w1c3_oc1_k3s7p1, 1, 1"
  })
  void countsOutputRowsAndColumns(String text, int oh, int ow) {
    assertEquals(oh, ConvShape.parse(text).oh());
    assertEquals(ow, ConvShape.parse(text).ow());
  }

  @Test
  void knowsItsKind() {
    assertTrue(ConvShape.parse("n1h5w5c4_oc4_k3s1p1_g4").isDepthwise());
    assertFalse(ConvShape.parse("n1h5w5c4_oc8_k3s1p1_g4").isDepthwise());
    assertFalse(ConvShape.parse("n1h5w5c4_oc4_k3s1p1_g2").isDepthwise());
    assertFalse(ConvShape.parse("n1h5w5c1_oc1_k3s1p1").isDepthwise());
  }

  static Stream<Arguments> wrongShapes() {
    String huge = "n2147483647h1w1c1_oc1_k1s1p0";
    return Stream.of(
        arguments(
            "n8h7w6c3_oc16_k3s2p0_exact",
            "n8h7w6c3_oc16_k3s2p0_exact: (6 + 2*0 - 3)/2 + 1 is not whole; 3x3 windows at stride 2"
                + " do not tile 7x6"),
        arguments(
            "n8h7w7c3_oc16_k3s3p0_exact",
            "n8h7w7c3_oc16_k3s3p0_exact: (7 + 2*0 - 3)/3 + 1 is not whole; 3x3 windows at stride 3"
                + " do not tile 7x7"),
        arguments(
            "n8h7w8c3_oc16_k3s2p0x0x1x1d2_exact",
            "n8h7w8c3_oc16_k3s2p0x0x1x1d2_exact: (7 + 0 + 1 - (2*(3 - 1) + 1))/2 + 1 is not whole;"
                + " 3x3 windows at stride 2 do not tile 7x8"),
        arguments(
            "n1h2w2c3_oc4_k5s1p1",
            "n1h2w2c3_oc4_k5s1p1: the 5x5 window is larger than its padded input: 2 + 2*1 < 5"),
        arguments(
            "n1h9w5c3_oc4_k3s1p0d3",
            "n1h9w5c3_oc4_k3s1p0d3: the 3x3 window at dilation 3 is larger than its padded input:"
                + " 5 + 2*0 < (3*(3 - 1) + 1)"),
        arguments(
            "n1h5w5c3_oc4_k3s1p1_g2",
            "n1h5w5c3_oc4_k3s1p1_g2: groups must divide channels, but c = 3, oc = 4, g = 2"),
        arguments(
            "n1h5w5c4_oc3_k3s1p1_g2",
            "n1h5w5c4_oc3_k3s1p1_g2: groups must divide channels, but c = 4, oc = 3, g = 2"),
        arguments(
            "n1h5w5c4_oc4_k3s1p1_g0",
            "n1h5w5c4_oc4_k3s1p1_g0: groups must divide channels, but c = 4, oc = 4, g = 0"),
        arguments(
            "n1h5w5c4_oc0_k3s1p1",
            "n1h5w5c4_oc0_k3s1p1: output oc has a dimension of 0, needs at least 1"),
        arguments(
            "n0h5w5c4_oc4_k3s1p1",
            "n0h5w5c4_oc4_k3s1p1: input n*h*w*c has a dimension of 0, needs at least 1"),
        arguments(
            huge,
            huge + ": input n*h*w*c needs more than 2^31 - 9 floats, the most one array can hold"),
        arguments(
            "n65536h256w256c1_oc1_k1s1p0",
            "n65536h256w256c1_oc1_k1s1p0: input n*h*w*c needs more than 2^31 - 9 floats, the most"
                + " one array can hold"),
        arguments(
            "n1024h64w64c1_oc512_k1s1p0",
            "n1024h64w64c1_oc512_k1s1p0: output n*oh*ow*oc needs more than 2^31 - 9 floats, the"
                + " most one array can hold"),
        arguments(
            "n1h1w1c65536_oc65536_k1s1p0",
            "n1h1w1c65536_oc65536_k1s1p0: weight kh*kw*c/groups*oc needs more than 2^31 - 9"
                + " floats, the most one array can hold"),
        arguments(
            "n1h1w1c1_oc1_k1s1p2147483647",
            "n1h1w1c1_oc1_k1s1p2147483647: the padded input has 1 + 2*2147483647 rows or columns,"
                + " more than 2^31 - 1"));
  }

  @ParameterizedTest
  @MethodSource("wrongShapes")
  void refusesWithTheShapeAndTheReason(String text, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> ConvShape.parse(text));
    assertEquals(message, e.getMessage());
  }

  @Test
  void refusesNoOutputChannels() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> ConvShape.of(1, 5, 5, 3, 0, Window.of(3, 1, 1)));
    assertTrue(e.getMessage().startsWith("n1h5w5c3_oc0_k3s1p1: "), e.getMessage());
  }
}
