package io.lanewise.jmh.report;

import io.lanewise.jmh.suite.Row;
import java.util.List;

/** What to do about a slow row. */
final class NextSteps {
  private NextSteps() {}

  /** Commands, the first one first. */
  static List<String> of(Row row) {
    String profile = "scripts/profile " + row;
    return row.isFresh() ? List.of(profile) : List.of(profile, "scripts/asm " + row);
  }
}
