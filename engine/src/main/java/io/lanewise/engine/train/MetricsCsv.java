package io.lanewise.engine.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Writes a line an epoch to {@code metrics.csv}; a line that was written stays, come what may. */
public final class MetricsCsv {
  private static final String HEADER =
      "epoch,step,seconds,lr,train_loss,train_accuracy,test_loss,test_accuracy,images_per_second\n";

  private final Path file;

  /**
   * Starts a new file with its header.
   *
   * @throws IOException if the file exists or cannot be written
   */
  public MetricsCsv(Path file) throws IOException {
    this.file = file;
    Files.writeString(file, HEADER, StandardOpenOption.CREATE_NEW);
  }

  /** Appends the line of an epoch; accuracies are 0 to 1. */
  public void append(EpochReport report) throws IOException {
    String line =
        String.format(
            Locale.ROOT,
            "%d,%d,%.3f,%s,%.6f,%.6f,%.6f,%.6f,%.1f\n",
            report.epoch(),
            report.step(),
            report.seconds(),
            report.learningRate(),
            report.trainLoss(),
            report.trainAccuracy(),
            report.testLoss(),
            report.testAccuracy(),
            report.imagesPerSecond());
    Files.writeString(file, line, StandardOpenOption.APPEND);
  }
}
