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

  /** The names of rows, of many only the first and how many more there are. */
  public static String names(List<Row> rows) {
    List<String> names = rows.stream().limit(NAMED).map(Row::toString).toList();
    String all = String.join(", ", names);
    return rows.size() > NAMED ? all + " and " + (rows.size() - NAMED) + " more" : all;
  }
}
