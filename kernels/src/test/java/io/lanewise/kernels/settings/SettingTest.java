package io.lanewise.kernels.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Settings say what they may be; names that do not exist meet those that do. */
class SettingTest {
  @Test
  void everySettingSpeaksTheSameWay() {
    assertEquals("winograd4", Setting.CONV.check("winograd4"));
    assertEquals("auto", Setting.ORDER.check(""));
    refused(
        Setting.CONV,
        "winograd",
        "lanewise.conv=winograd is unknown, needs auto, direct, winograd2 or winograd4;"
            + " did you mean winograd2?");
    refused(
        Setting.ORDER,
        "sideways",
        "lanewise.order=sideways is unknown, needs auto, depth-first or layer-by-layer");
    refused(
        Setting.LANES,
        "SIMD?",
        "lanewise.lanes=SIMD? is unknown, needs auto, simd, scalar, 128, 256 or 512");
  }

  private static void refused(Setting setting, String value, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> setting.check(value));
    assertEquals(message, e.getMessage());
  }

  @Test
  void propertiesThatAreNoSettings() {
    Properties properties = new Properties();
    properties.setProperty("lanewise.lanes", "scalar");
    properties.setProperty("lanewise.columns", "80");
    properties.setProperty("elsewhere.lane", "1");
    assertEquals(List.of(), Setting.unknown(properties));
    properties.setProperty("lanewise.lane", "scalar");
    assertEquals(
        List.of("there is no system property lanewise.lane, but lanewise.lanes"),
        Setting.unknown(properties));
  }

  @Test
  void theFewestChangesWin() {
    List<String> commands = List.of("train", "time", "eval", "predict");
    assertEquals(Optional.of("train"), Nearest.to("trian", commands));
    assertEquals(Optional.of("time"), Nearest.to("tim", commands));
    assertEquals(Optional.of("predict"), Nearest.to("predcit", commands));
    assertEquals(Optional.empty(), Nearest.to("frobnicate", commands));
    assertEquals(Optional.empty(), Nearest.to("", List.of("eval")));
    assertEquals(
        "unknown net tiem; known are train, time, eval, predict; did you mean time?",
        Nearest.unknown("net", "tiem", commands));
  }
}
