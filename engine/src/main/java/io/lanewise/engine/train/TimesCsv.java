package io.lanewise.engine.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes a line an epoch to {@code times.csv}: its steps, the seconds of each part, and the seconds
 * that loading took beside them.
 */
public final class TimesCsv extends EpochFile {
  private static final String HEADER =
      "epoch,steps,"
          + Arrays.stream(TimeSplit.Part.values())
              .map(TimeSplit.Part::toString)
              .collect(Collectors.joining(","))
          + ",loading_beside";

  private TimesCsv(Path file) {
    super(file, HEADER);
  }

  /**
   * Starts a file with its header.
   *
   * @throws IOException if the file holds epochs already or cannot be written
   */
  public static TimesCsv create(Path file) throws IOException {
    TimesCsv csv = new TimesCsv(file);
    csv.start();
    return csv;
  }

  /**
   * Goes on with a file.
   *
   * @param epochs epochs that are done; later lines are dropped
   * @throws IOException if the file lacks one of them, or cannot be written
   */
  public static TimesCsv resume(Path file, int epochs) throws IOException {
    TimesCsv csv = new TimesCsv(file);
    csv.keep(epochs);
    return csv;
  }

  /** Appends the line of an epoch. */
  public void append(int epoch, TimeSplit times) throws IOException {
    StringBuilder line = new StringBuilder(epoch + "," + times.steps());
    for (TimeSplit.Part part : TimeSplit.Part.values()) {
      line.append(String.format(Locale.ROOT, ",%.3f", times.nanos(part) * 1e-9));
    }
    appendLine(line + String.format(Locale.ROOT, ",%.3f", times.loadNanos() * 1e-9));
  }
}
