package io.lanewise.engine.cli;

import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.Metrics;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how training goes: on a terminal a bar that is drawn anew in its line, elsewhere a plain
 * line now and then; a line for each finished epoch in both.
 */
final class ProgressBar {
  private static final int BAR_WIDTH = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long PLAIN_LINE_NANOS = 30_000_000_000L;

  /** The first steps are those of code that is not compiled yet. */
  private static final long NO_ESTIMATE_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private final int epochs;
  private final int columns;
  private final LongSupplier nanos;
  private final long start;
  private long last;

  /**
   * A bar.
   *
   * @param terminal whether {@code out} is a terminal of {@code columns} columns
   * @param epochs epochs in the run
   * @param nanos a clock
   */
  ProgressBar(PrintWriter out, boolean terminal, int columns, int epochs, LongSupplier nanos) {
    this.out = out;
    this.terminal = terminal;
    this.columns = columns;
    this.epochs = epochs;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.last = start;
  }

  void onStep(int epoch, int batch, int batches, Metrics soFar, double imagesPerSecond) {
    long now = nanos.getAsLong();
    boolean lastOfEpoch = terminal && batch == batches;
    if (now - last < (terminal ? REDRAW_NANOS : PLAIN_LINE_NANOS) && !lastOfEpoch) {
      return;
    }
    last = now;
    double perBatch = soFar.samples() / imagesPerSecond / batch;
    double left = perBatch * ((long) (epochs - epoch) * batches + batches - batch);
    String head = "epoch " + epoch + "/" + epochs;
    String percent = String.format(Locale.ROOT, "%3d%%", 100 * batch / batches);
    String loss = String.format(Locale.ROOT, " loss %.3f", soFar.loss());
    String rest =
        String.format(
            Locale.ROOT,
            imagesPerSecond < 10 ? " accuracy %.3f %.1f images/s" : " accuracy %.3f %.0f images/s",
            soFar.accuracy(),
            imagesPerSecond);
    if (now - start >= NO_ESTIMATE_NANOS) {
      rest += " " + duration(left) + " left";
    }
    if (!terminal) {
      out.println(head + " " + percent.strip() + loss + rest);
      out.flush();
      return;
    }
    String numbers = percent + loss + rest;
    if (head.length() + numbers.length() + 2 > columns) {
      numbers = percent + rest;
    }
    line(head + bar(batch, batches, columns - head.length() - numbers.length() - 5) + numbers);
    if (batch == batches) {
      line(head + " testing ...");
    }
  }

  private static String bar(int batch, int batches, int room) {
    int width = Math.min(BAR_WIDTH, room);
    if (width < 4) {
      return " ";
    }
    int done = (int) ((long) width * batch / batches);
    return " [" + "=".repeat(done) + " ".repeat(width - done) + "] ";
  }

  void onEpoch(EpochReport report) {
    if (terminal) {
      line("");
    }
    out.printf(
        Locale.ROOT,
        "epoch %d/%d train loss %.3f acc %.3f, test loss %.3f acc %.4f, %.0f images/s%n",
        report.epoch(),
        epochs,
        report.trainLoss(),
        report.trainAccuracy(),
        report.testLoss(),
        report.testAccuracy(),
        report.imagesPerSecond());
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
