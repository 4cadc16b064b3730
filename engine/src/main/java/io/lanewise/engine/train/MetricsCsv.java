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
   * Starts a file with its header.
   *
   * @throws IOException if the file holds epochs already or cannot be written
   */
  public MetricsCsv(Path file) throws IOException {
    this.file = file;
    boolean replace = Files.exists(file) && isEmpty(file);
    Files.writeString(
        file,
        HEADER,
        StandardOpenOption.WRITE,
        replace ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.CREATE_NEW);
  }

  /** Whether a file is what a run leaves that ended before its first epoch. */
  public static boolean isEmpty(Path file) throws IOException {
    long size = Files.size(file);
    return size == 0 || (size == HEADER.length() && Files.readString(file).equals(HEADER));
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
