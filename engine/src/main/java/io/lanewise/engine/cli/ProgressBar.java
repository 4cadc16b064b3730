package io.lanewise.engine.cli;

import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.Metrics;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how training goes: on a terminal a bar that is drawn anew in its line, elsewhere a plain
 * line now and then; a line for each finished epoch in both.
 */
final class ProgressBar {
  private static final int BAR_WIDTH = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long PLAIN_LINE_NANOS = 30_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private final int epochs;
  private final int columns;
  private long last = System.nanoTime();

  /**
   * A bar.
   *
   * @param terminal whether {@code out} is a terminal of {@code columns} columns
   * @param epochs epochs in the run
   */
  ProgressBar(PrintWriter out, boolean terminal, int columns, int epochs) {
    this.out = out;
    this.terminal = terminal;
    this.columns = columns;
    this.epochs = epochs;
  }

  void onStep(int epoch, int batch, int batches, Metrics soFar, double imagesPerSecond) {
    long now = System.nanoTime();
    if (now - last < (terminal ? REDRAW_NANOS : PLAIN_LINE_NANOS)) {
      return;
    }
    last = now;
    double perBatch = soFar.samples() / imagesPerSecond / batch;
    double left = perBatch * ((long) (epochs - epoch) * batches + batches - batch);
    String numbers =
        String.format(
            Locale.ROOT,
            "%3d%% loss %.3f accuracy %.3f %5.0f images/s %s left",
            100 * batch / batches,
            soFar.loss(),
            soFar.accuracy(),
            imagesPerSecond,
            duration(left));
    if (terminal) {
      int done = BAR_WIDTH * batch / batches;
      String bar = "=".repeat(done) + " ".repeat(BAR_WIDTH - done);
      line("epoch " + epoch + "/" + epochs + " [" + bar + "] " + numbers);
    } else {
      out.println("epoch " + epoch + "/" + epochs + " " + numbers.strip());
      out.flush();
    }
  }

  void onEpoch(EpochReport report) {
    if (terminal) {
      line("");
    }
    out.printf(
        Locale.ROOT,
        "epoch %d/%d  train loss %.3f accuracy %.3f  test loss %.3f accuracy %.4f  %.0f images/s "
            + " %s%n",
        report.epoch(),
        epochs,
        report.trainLoss(),
        report.trainAccuracy(),
        report.testLoss(),
        report.testAccuracy(),
        report.imagesPerSecond(),
        duration(report.seconds()));
    out.flush();
  }

  private void line(String text) {
    String fitted = text.length() < columns ? text : text.substring(0, columns - 1);
    out.print("\r" + fitted + "\u001b[K\r");
    out.flush();
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : whole < 3600
            ? whole / 60 + " min " + whole % 60 + " s"
            : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
