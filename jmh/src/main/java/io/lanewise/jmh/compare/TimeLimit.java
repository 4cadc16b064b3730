package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Row;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Lets as many unclear rows be looked at again as there is time for, and notes the others. */
final class TimeLimit implements UnaryOperator<List<Row>> {
  private final double minutes;
  private final double secondsEach;
  private final DoubleSupplier seconds;
  private final Set<Row> looked = new LinkedHashSet<>();
  private final Set<Row> notLooked = new LinkedHashSet<>();
  private final Set<Row> notFinished = new LinkedHashSet<>();

  /**
   * A limit.
   *
   * @param minutes from the start
   * @param secondsEach how long a look at a row takes
   * @param seconds how many have passed since the start
   */
  TimeLimit(double minutes, double secondsEach, DoubleSupplier seconds) {
    this.minutes = minutes;
    this.secondsEach = secondsEach;
    this.seconds = seconds;
  }

  @Override
  public List<Row> apply(List<Row> unclear) {
    double left = 60 * minutes - seconds.getAsDouble();
    int count = (int) Math.max(0, Math.min(unclear.size(), left / secondsEach));
    for (Row row : unclear.subList(count, unclear.size())) {
      (looked.contains(row) ? notFinished : notLooked).add(row);
    }
    looked.addAll(unclear.subList(0, count));
    return unclear.subList(0, count);
  }

  /** Sentences on the rows that were left out, or none. */
  List<String> remarks() {
    return Stream.of(
            remark(notLooked, "not looked at again"),
            remark(notFinished, "looked at again, but for fewer forks than would decide more"))
        .filter(sentence -> !sentence.isEmpty())
        .toList();
  }

  private static String remark(Set<Row> rows, String what) {
    if (rows.isEmpty()) {
      return "";
    }
    return "The time that --minutes gives was used up, so "
        + Plural.of(rows.size(), "unclear row")
        + (rows.size() == 1 ? " was " : " were ")
        + what
        + ": "
        + Plural.names(List.copyOf(rows))
        + ".";
  }
}
