package io.lanewise.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
