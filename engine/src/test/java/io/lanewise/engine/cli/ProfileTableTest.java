package io.lanewise.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.profile.StepProfile.Row;
import org.junit.jupiter.api.Test;

class ProfileTableTest {
  @Test
  void sharesHaveThreeDigitsAtMost() {
    assertEquals("0%", ProfileTable.percent(0.004));
    assertEquals("93%", ProfileTable.percent(0.93));
    assertEquals("950%", ProfileTable.percent(9.5));
    assertEquals(">999%", ProfileTable.percent(123.4));
    assertEquals(">999%", ProfileTable.percent(Double.POSITIVE_INFINITY));
  }

  private static boolean isImpossible(String shape, String direction, double share) {
    return ProfileTable.isImpossible(new Row("a", shape, direction, 1, 1, 1, 1), share);
  }

  /** Winograd convolutions pass the peak of a plain sum on the quietest machine. */
  @Test
  void onlyWhatCannotBeMakesThePeakDoubtful() {
    String tiled = "n8h32w32c64_oc64_k3s1p1";
    assertFalse(isImpossible(tiled, "forward", 3.5));
    assertFalse(isImpossible(tiled, "backwardWeight", 3.5));
    assertTrue(isImpossible(tiled, "backwardInput", 5));
    assertTrue(isImpossible(tiled, "backwardBias", 1.3));
    assertFalse(isImpossible("n8h32w32c64_oc64_k3s2p1", "forward", 1.4));
    assertFalse(isImpossible("n8h16w16c16_oc20_k5s1p2", "forward", 2.9));
    assertTrue(isImpossible("n8h16w16c16_oc20_k5s1p2", "backwardWeight", 3.1));
    assertTrue(isImpossible("n8h16w16c16_oc20_k5s2p2", "forward", 1.3));
    assertFalse(isImpossible("n8h32w32c64_oc64_k3s2p1x1x0x0", "backwardWeight", 1.4));
    assertFalse(isImpossible("n8h32w32c64_oc64_k3s2p1_ceil", "forward", 1.4));
    assertTrue(isImpossible("n8h32w32c64_oc64_k3s2p1", "backwardInput", 1.8));
    assertTrue(isImpossible("n8h32w32c64_oc64_k3s2p0", "forward", 1.3));
    assertTrue(isImpossible("n8h32w32c64_oc64_k3s1p1_g64", "forward", 1.3));
    assertFalse(isImpossible("m8n10k256", "forward", 1.1));
    assertTrue(isImpossible("m8n10k256", "forward", 1.3));
  }
}
