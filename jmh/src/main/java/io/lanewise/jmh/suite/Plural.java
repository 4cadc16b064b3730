package io.lanewise.jmh.suite;

import java.util.List;

/** Counted things in words. */
public final class Plural {
  private static final int NAMED = 8;

  private Plural() {}

  /** Such as {@code 1 row} and {@code 2 rows}. */
  public static String of(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** Such as {@code 2 minutes}, to the nearest one but 1 at least. */
  public static String minutes(double seconds) {
    return of(Math.max(1, Math.round(seconds / 60)), "minute");
  }

  /** The names of rows, of many only the first and how many more there are. */
  public static String names(List<Row> rows) {
    List<String> names = rows.stream().limit(NAMED).map(Row::toString).toList();
    String all = String.join(", ", names);
    return rows.size() > NAMED ? all + " and " + (rows.size() - NAMED) + " more" : all;
  }
}
