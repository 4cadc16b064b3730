package io.lanewise.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.train.Metrics;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is drawn at several widths of a terminal. */
class ProgressBarTest {
  @ParameterizedTest
  @ValueSource(ints = {72, 80, 100, 200})
  void speedAndTimeLeftAreAlwaysThere(int columns) {
    StringWriter text = new StringWriter();
    long[] now = {0};
    ProgressBar bar = new ProgressBar(new PrintWriter(text), true, columns, 10, () -> now[0]);
    now[0] = 6_000_000_000L;
    Metrics metrics = new Metrics();
    metrics.add(new float[] {2.3f}, new float[10], new int[] {3}, 1, 10);
    bar.onStep(1, 20, 20, metrics, 1234);
    String drawn = text.toString().split("\u001b")[0].replace("\r", "");
    assertTrue(drawn.length() < columns, drawn);
    assertTrue(drawn.startsWith("epoch 1/10 "), drawn);
    assertTrue(drawn.contains("100%"), drawn);
    assertTrue(drawn.contains("accuracy 0.000 1234 images/s"), drawn);
    assertTrue(drawn.endsWith(" left"), drawn);
    assertEquals(columns >= 72, drawn.contains("==="), drawn);
  }

  /** The rate of the first steps says nothing of those to come. */
  @Test
  void nothingIsSaidOfTheTimeLeftAtFirst() {
    StringWriter text = new StringWriter();
    long[] now = {0};
    ProgressBar bar = new ProgressBar(new PrintWriter(text), true, 80, 10, () -> now[0]);
    Metrics metrics = new Metrics();
    metrics.add(new float[] {2.3f}, new float[10], new int[] {3}, 1, 10);
    now[0] = 1_000_000_000L;
    bar.onStep(1, 1, 20, metrics, 3.25);
    assertTrue(text.toString().contains(" 3.3 images/s"), text.toString());
    assertFalse(text.toString().contains("left"), text.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 80})
  void plainLinesElsewhere(int columns) {
    StringWriter text = new StringWriter();
    ProgressBar bar = new ProgressBar(new PrintWriter(text), false, columns, 10, () -> 0);
    Metrics metrics = new Metrics();
    metrics.add(new float[] {2.3f}, new float[10], new int[] {0}, 1, 10);
    bar.onStep(1, 1, 2, metrics, 1234);
    assertEquals("", text.toString());
  }
}
