package io.lanewise.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.engine.schedule.Schedule;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
  private final float[] w = {0, 8};
  private final Map<String, float[]> net = Map.of("w", w);

  private void learn() {
    w[0]++;
    w[1]--;
  }

  @Test
  void lookaheadVisitsEveryFewStepsAndEndsOnTheSlowWeights() {
    Lookahead lookahead = new Lookahead(net, 2, Schedule.constant(0.25));
    learn();
    lookahead.afterStep(5);
    assertArrayEquals(new float[] {1, 7}, w);
    learn();
    lookahead.afterStep(5);
    assertArrayEquals(new float[] {1.5f, 6.5f}, w);
    for (int i = 0; i < 3; i++) {
      learn();
      lookahead.afterStep(5);
    }
    float slow = 0.25f * 1.5f + 0.75f * 3.5f;
    assertArrayEquals(new float[] {slow, 8 - slow}, w);
  }

  @Test
  void emaIsInTheNetBetweenTwoSwaps() {
    Ema ema = new Ema(net, 0.5);
    learn();
    ema.afterStep(9);
    float average = 1 - 1 / 11f;
    assertArrayEquals(new float[] {1, 7}, w);
    ema.swap();
    assertArrayEquals(new float[] {average, 8 - average}, w, 1e-6f);
    ema.swap();
    assertArrayEquals(new float[] {1, 7}, w);
    assertArrayEquals(new float[] {average, 8 - average}, ema.state().get("w"), 1e-6f);
    assertEquals(1, ema.steps());
  }

  /** Two factors that do not add up to 1 would move it by 2e-4. */
  @Test
  void slowAveragesStayWhereTheValuesAre() {
    Ema ema = new Ema(net, 0.9999);
    double expected = 0;
    for (int step = 1; step <= 60_000; step++) {
      w[0] = step * 31 % 64 / 32f;
      ema.afterStep(60_000);
      double kept = Math.min(0.9999, step / (step + 10.0));
      expected = kept * expected + (1 - kept) * w[0];
    }
    assertEquals(expected, ema.state().get("w")[0], 5e-5 * expected);
  }

  @Test
  void refusesOddNumbers() {
    assertThrows(IllegalArgumentException.class, () -> new Ema(net, 1));
    assertThrows(IllegalArgumentException.class, () -> new Lookahead(net, 0, Schedule.constant(0)));
  }
}
