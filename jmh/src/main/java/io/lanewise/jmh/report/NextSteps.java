package io.lanewise.jmh.report;

import io.lanewise.jmh.suite.Row;
import java.util.List;

/** What to do about a slow row. */
final class NextSteps {
  private NextSteps() {}

  /** Commands, the first one first. */
  static List<String> of(Row row) {
    return row.isFresh()
        ? List.of("JVM options -Xlog:startuptime", "-Xlog:class+load")
        : List.of("scripts/profile " + row, "scripts/asm " + row);
  }
}
