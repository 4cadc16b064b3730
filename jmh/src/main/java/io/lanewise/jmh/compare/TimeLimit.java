package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Row;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

/** Lets as many unclear rows be looked at again as there is time for, and notes the others. */
final class TimeLimit implements UnaryOperator<List<Row>> {
  private final double minutes;
  private final double secondsEach;
  private final DoubleSupplier seconds;
  private final Set<Row> leftOut = new LinkedHashSet<>();

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
    leftOut.addAll(unclear.subList(count, unclear.size()));
    return unclear.subList(0, count);
  }

  /** A sentence on the rows that were left out, or none. */
  List<String> remarks() {
    return leftOut.isEmpty()
        ? List.of()
        : List.of(
            "The time that --minutes gives was used up, so "
                + Plural.of(leftOut.size(), "unclear row")
                + (leftOut.size() == 1 ? " was" : " were")
                + " not looked at again: "
                + Plural.names(List.copyOf(leftOut))
                + ".");
  }
}
