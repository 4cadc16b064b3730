package io.lanewise.engine.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Writes a line an epoch to {@code metrics.csv}; a line that was written stays, come what may. */
public final class MetricsCsv extends EpochFile {
  private static final String HEADER =
      "epoch,step,seconds,lr,train_loss,train_accuracy,test_loss,test_accuracy,images_per_second";
  private static final int SECONDS = 2;
  private static final int TEST_ACCURACY = 7;

  private String last;

  private MetricsCsv(Path file) {
    super(file, HEADER);
  }

  /**
   * Starts a file with its header.
   *
   * @throws IOException if the file holds epochs already or cannot be written
   */
  public static MetricsCsv create(Path file) throws IOException {
    MetricsCsv csv = new MetricsCsv(file);
    csv.start();
    return csv;
  }

  /**
   * Goes on with a file.
   *
   * @param epochs epochs that are done; later lines are dropped
   * @throws IOException if the file lacks one of them, or cannot be written
   */
  public static MetricsCsv resume(Path file, int epochs) throws IOException {
    MetricsCsv csv = new MetricsCsv(file);
    csv.last = csv.keep(epochs);
    return csv;
  }

  /** Whether a file is what a run leaves that ended before its first epoch. */
  public static boolean isEmpty(Path file) throws IOException {
    return isEmpty(file, HEADER);
  }

  /** Seconds up to the last epoch written; 0 before the first. */
  public double seconds() {
    return last == null ? 0 : field(SECONDS);
  }

  /** Test accuracy after the last epoch written; NaN before the first. */
  public double testAccuracy() {
    return last == null ? Double.NaN : field(TEST_ACCURACY);
  }

  private double field(int index) {
    String[] fields = last.split(",");
    try {
      return Double.parseDouble(fields[index]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Double.NaN;
    }
  }

  /** Appends the line of an epoch; accuracies are 0 to 1. */
  public void append(EpochReport report) throws IOException {
    last =
        String.format(
            Locale.ROOT,
            "%d,%d,%.3f,%s,%.6f,%.6f,%.6f,%.6f,%.1f",
            report.epoch(),
            report.step(),
            report.seconds(),
            report.learningRate(),
            report.trainLoss(),
            report.trainAccuracy(),
            report.testLoss(),
            report.testAccuracy(),
            report.imagesPerSecond());
    appendLine(last);
  }
}
