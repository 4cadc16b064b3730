package io.lanewise.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "constant; 1; 1; 1",
        "step:0.1,0.5; 1; 0.1; 0.1",
        "step:0.5,0.25,0.75; 1; 0.5; 0.25",
        "exponential:0.01; 1; 0.1; 0.0158489319",
        "cosine; 1; 0.5; 0.0244717419",
        "cosine:0.2; 1; 0.6; 0.2195773935",
        "linear; 1; 0.5; 0.1",
        "linear:0.5; 1; 0.75; 0.55",
        "one-cycle:0.5; 0; 1; 0.2",
        "one-cycle:0.2,0.5,0.1; 0.5; 0.6625; 0.2125",
        "piecewise:0=0.2,0.5=1,1=0.5; 0.2; 1; 0.6",
        "piecewise:0.2=2,0.6=4; 2; 3.5; 4",
        "warm-up:0.5,linear; 0.0909090909; 0.5; 0.1",
      })
  void givesRatesAtTheStartMiddleAndEnd(String text, double first, double middle, double last) {
    Schedule schedule = Schedules.parse(text);
    assertEquals(first, schedule.rate(0, 20), 1e-9);
    assertEquals(middle, schedule.rate(10, 20), 1e-9);
    assertEquals(last, schedule.rate(18, 20), 1e-9);
    assertEquals(3 * middle, schedule.times(3).rate(10, 20), 1e-9);
  }

  /** Its corner lies on a whole step: of 476 steps 23 % are 109. */
  @Test
  void cornersLieOnWholeSteps() {
    Schedule schedule = Schedule.oneCycle(0.23, 0.2, 0.07);
    assertEquals(0.2, schedule.rate(0, 476));
    assertEquals(0.2 + 0.8 * 50 / 109, schedule.rate(50, 476), 1e-12);
    assertEquals(1, schedule.rate(109, 476));
    assertEquals(1 - 0.93 * 366 / 367, schedule.rate(475, 476), 1e-12);
    assertEquals(0.07, schedule.rate(476, 476));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "steep",
        "constant:1",
        "step:0.1",
        "step:0.1,1.5",
        "step:x,0.5",
        "exponential",
        "exponential:0",
        "exponential:Infinity",
        "cosine:-1",
        "linear:1,2",
        "one-cycle:2",
        "piecewise:",
        "piecewise:0.5",
        "piecewise:0.5=1,0.2=0",
        "warm-up:0.1",
        "warm-up:0.1,steep",
      })
  void refusesOtherTexts(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Schedules.parse(text));
    assertTrue(e.getMessage().startsWith("schedule"), e.getMessage());
  }

  @Test
  void errorsSayWhatThereIs() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Schedules.parse("one-cycle:2"));
    assertTrue(
        e.getMessage()
            .startsWith(
                "schedule \"one-cycle:2\": 2.0 is no share of the run, 0 to 1; needs one of"
                    + " constant, step:FACTOR"),
        e.getMessage());
  }
}
