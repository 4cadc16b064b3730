package io.lanewise.kernels.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernels.shape.ConvShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is planned for which shape, and what is refused. */
class ConvPlanTest {
  private static final ConvPlan DIRECT = ConvPlan.all(ConvAlgorithm.DIRECT);
  private static final ConvPlan TWO = ConvPlan.all(ConvAlgorithm.WINOGRAD_2X2);
  private static final ConvPlan FOUR = ConvPlan.all(ConvAlgorithm.WINOGRAD_4X4);
  private static final String NEEDED = "needs a dense 3x3 window at stride 1";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n8h32w32c64_oc64_k1s1p0",
        "n8h32w32c64_oc64_k5s2p2",
        "n8h32w32c64_oc64_k3s2p0",
        "n8h32w32c64_oc64_k3s2p1x2",
        "n8h32w32c64_oc64_k3s2p1x0x1x1",
        "n8h32w32c64_oc64_k3s2x1p1",
        "n8h32w32c64_oc64_k3s3p1",
        "n8h32w32c64_oc64_k3s2p1d2",
        "n8h32w32c64_oc64_k3s2p1_g2",
        "n8h32w32c64_oc64_k3s1p1d2",
        "n8h32w32c64_oc64_k3s1p1_g2",
        "n8h32w32c64_oc64_k3s1p1_g64",
        "n8h32w32c64_oc64_k3x1s1p1x0"
      })
  void onlyDenseThreeByThreeWindowsAreTiled(String text) {
    ConvShape shape = ConvShape.parse(text);
    assertEquals(DIRECT, ConvPlan.of(shape));
    assertEquals(text + ": planned as WINOGRAD_4X4, which " + NEEDED, refused(shape, FOUR));
    assertEquals(
        text
            + ": planned as WINOGRAD_2X2, which "
            + NEEDED
            + ", or at stride 2 with padding 1 above and left",
        refused(shape, TWO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"n8h32w32c64_oc64_k3s2p1", "n8h31w33c3_oc5_k3s2p1x1x0x2"})
  void atStrideTwoTilesHaveTwoByTwoOutputs(String text) {
    ConvShape shape = ConvShape.parse(text);
    assertEquals(TWO, ConvPlan.of(shape, ConvAlgorithm.WINOGRAD_2X2));
    assertEquals(DIRECT, ConvPlan.of(shape, ConvAlgorithm.DIRECT));
    assertEquals(WinogradRule.plan(shape), ConvPlan.of(shape, ConvAlgorithm.WINOGRAD_4X4));
    assertEquals(WinogradRule.plan(shape), ConvPlan.of(shape, null));
    assertEquals(text + ": planned as WINOGRAD_4X4, which " + NEEDED, refused(shape, FOUR));
  }

  @ParameterizedTest
  @CsvSource({
    "n8h16w16c16_oc20_k5s1p2, true, true, true",
    "n8h7w7c16_oc20_k5s1p2, true, true, true",
    "n8h11w11c16_oc20_k5s1p2, true, true, true",
    "n32h16w16c64_oc64_k5s1p2, true, true, true",
    // Tiles of an image fill vectors where they are lanes, fours where they are rows.
    "n8h5w5c16_oc20_k5s1p2, false, false, true",
    "n8h5w5c32_oc32_k5s1p2, true, true, true",
    "n8h4w4c128_oc128_k5s1p2, false, false, true",
    "n8h9w6c16_oc20_k5s1p2, false, false, true",
    "n8h5w3c32_oc32_k5s1p2, false, false, true",
    "n8h10w10c16_oc20_k5s1p0, true, true, true",
    "n8h9w9c16_oc20_k5s1p0, false, true, true",
    "n8h5w5c16_oc20_k5s1p0, false, false, false",
    // The gradient of the weight of few channels.
    "n8h32w32c3_oc16_k5s1p2, true, true, false",
    "n8h16w16c4_oc20_k5s1p2, true, true, true",
    // Heavy weights want more tiles.
    "n1h8w8c32_oc64_k5s1p2, true, true, true",
    "n1h8w8c48_oc48_k5s1p2, true, true, true",
    "n1h8w8c64_oc64_k5s1p2, false, false, false",
    "n1h12w8c64_oc64_k5s1p2, false, false, false",
    "n2h8w8c64_oc64_k5s1p2, true, true, true",
    "n4h8w8c256_oc256_k5s1p2, false, false, true",
    "n8h8w8c256_oc256_k5s1p2, true, true, true",
    // So does the gradient of the weight, whose sums of heavy ones take too much memory.
    "n1h4w4c32_oc32_k5s1p2, true, true, false",
    "n7h4w4c128_oc128_k5s1p2, false, false, false",
    "n64h8w8c320_oc320_k5s1p2, true, true, true",
    "n64h8w8c512_oc512_k5s1p2, true, true, false",
    "n256h8w8c640_oc640_k5s1p2, true, true, false",
    "n256h8w8c1024_oc1024_k5s1p2, false, false, false",
    // Wide images.
    "n1h16w256c16_oc20_k5s1p2, true, true, true",
    "n1h16w257c16_oc20_k5s1p2, false, false, false",
    "n8h16w16c16_oc20_k5s2p2, false, false, false"
  })
  void fiveByFiveWindowsAreTiledAlongRows(
      String text, boolean output, boolean gradInput, boolean gradWeight) {
    ConvShape shape = ConvShape.parse(text);
    ConvPlan rows = new ConvPlan(rows(output), rows(gradInput), rows(gradWeight));
    assertEquals(rows, ConvPlan.of(shape, null));
    assertEquals(rows, ConvPlan.of(shape, ConvAlgorithm.WINOGRAD_4X4));
    assertEquals(DIRECT, ConvPlan.of(shape, ConvAlgorithm.DIRECT));
  }

  private static ConvAlgorithm rows(boolean tiled) {
    return tiled ? ConvAlgorithm.WINOGRAD_ROWS : ConvAlgorithm.DIRECT;
  }

  @Test
  void onlyDenseFiveByFiveWindowsAreTiledAlongRows() {
    ConvShape other = ConvShape.parse("n8h16w16c16_oc20_k3s1p1");
    assertEquals(
        other + ": planned as WINOGRAD_ROWS, which needs a dense 5x5 window at stride 1",
        refused(other, ConvPlan.all(ConvAlgorithm.WINOGRAD_ROWS)));
  }

  @Test
  void weightsThatAreTooLargeForTilesStayDirect() {
    assertEquals(DIRECT, ConvPlan.of(ConvShape.parse("n64h8w8c9000_oc9000_k3s1p1"), null));
    ConvShape large = ConvShape.parse("n64h8w8c7800_oc7800_k5s1p2");
    assertEquals(DIRECT, ConvPlan.of(large, null));
    assertEquals(
        large
            + ": planned as WINOGRAD_ROWS, whose transformed weight has 2443584000 floats,"
            + " needs at most 1073741823",
        refused(large, ConvPlan.all(ConvAlgorithm.WINOGRAD_ROWS)));
  }

  @Test
  void aPlanIsWhole() {
    assertEquals(
        "backwardInput",
        assertThrows(
                NullPointerException.class,
                () -> new ConvPlan(ConvAlgorithm.DIRECT, null, ConvAlgorithm.DIRECT))
            .getMessage());
  }

  private static String refused(ConvShape shape, ConvPlan plan) {
    return assertThrows(IllegalArgumentException.class, () -> Conv2d.packedWeightSize(shape, plan))
        .getMessage();
  }

  @Test
  void theRuleKnowsWhatWasMeasured() {
    assertEquals(FOUR, WinogradRule.plan(ConvShape.parse("n64h32w32c64_oc64_k3s1p1")));
    assertEquals(FOUR, WinogradRule.plan(ConvShape.parse("n4h8w8c256_oc256_k3s1p1")));
    assertEquals(TWO, WinogradRule.plan(ConvShape.parse("n16h6w6c128_oc128_k3s1p1")));
    assertEquals(TWO, WinogradRule.plan(ConvShape.parse("n1h8w8c256_oc256_k3s1p1")));
    assertEquals(DIRECT, WinogradRule.plan(ConvShape.parse("n1h3w3c8_oc8_k3s1p0")));
  }

  @Test
  void theRuleKnowsWhatWasMeasuredAtStrideTwo() {
    assertEquals(TWO, WinogradRule.plan(ConvShape.parse("n64h32w32c64_oc128_k3s2p1")));
    assertEquals(TWO, WinogradRule.plan(ConvShape.parse("n64h16w16c128_oc256_k3s2p1")));
    assertEquals(TWO, WinogradRule.plan(ConvShape.parse("n64h16w16c32_oc64_k3s2p1")));
    assertEquals(DIRECT, WinogradRule.plan(ConvShape.parse("n1h8w8c256_oc512_k3s2p1")));
    ConvPlan backwards =
        new ConvPlan(ConvAlgorithm.DIRECT, ConvAlgorithm.WINOGRAD_2X2, ConvAlgorithm.WINOGRAD_2X2);
    assertEquals(backwards, WinogradRule.plan(ConvShape.parse("n64h32w32c16_oc32_k3s2p1")));
    ConvPlan ofInput =
        new ConvPlan(ConvAlgorithm.DIRECT, ConvAlgorithm.WINOGRAD_2X2, ConvAlgorithm.DIRECT);
    assertEquals(ofInput, WinogradRule.plan(ConvShape.parse("n64h32w32c3_oc64_k3s2p1")));
  }

  /** Channels below 16 are transformed one by one, and cost as columns what 16 cost. */
  @Test
  void fewChannelsAreTransformedOnlyWhereTheyWouldFillNoColumns() {
    ConvPlan expected =
        new ConvPlan(ConvAlgorithm.DIRECT, ConvAlgorithm.WINOGRAD_4X4, ConvAlgorithm.DIRECT);
    assertEquals(expected, WinogradRule.plan(ConvShape.parse("n64h32w32c3_oc64_k3s1p1")));
    assertEquals(expected, WinogradRule.plan(ConvShape.parse("n64h32w32c3_oc16_k3s1p1")));
    assertEquals(expected, WinogradRule.plan(ConvShape.parse("n64h32w32c8_oc32_k3s1p1")));
    assertEquals(FOUR, WinogradRule.plan(ConvShape.parse("n64h32w32c31_oc31_k3s1p1")));
    assertEquals(FOUR, WinogradRule.plan(ConvShape.parse("n64h31w31c24_oc64_k3s1p1")));
  }

  @Test
  void thePropertyNamesAnAlgorithm() {
    assertNull(ConvPlan.wanted("auto"));
    assertEquals(ConvAlgorithm.DIRECT, ConvPlan.wanted("direct"));
    assertEquals(ConvAlgorithm.WINOGRAD_2X2, ConvPlan.wanted("winograd2"));
    assertEquals(ConvAlgorithm.WINOGRAD_4X4, ConvPlan.wanted("winograd4"));
  }
}
