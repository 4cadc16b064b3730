package io.lanewise.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.train.Metrics;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is drawn at several widths of a terminal. */
class ProgressBarTest {
  @ParameterizedTest
  @ValueSource(ints = {72, 80, 100, 200})
  void speedAndTimeLeftAreAlwaysThere(int columns) {
    StringWriter text = new StringWriter();
    ProgressBar bar = new ProgressBar(new PrintWriter(text), true, columns, 10);
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

  @ParameterizedTest
  @ValueSource(ints = {20, 80})
  void plainLinesElsewhere(int columns) {
    StringWriter text = new StringWriter();
    ProgressBar bar = new ProgressBar(new PrintWriter(text), false, columns, 10);
    Metrics metrics = new Metrics();
    metrics.add(new float[] {2.3f}, new float[10], new int[] {0}, 1, 10);
    bar.onStep(1, 1, 2, metrics, 1234);
    assertEquals("", text.toString());
  }
}
