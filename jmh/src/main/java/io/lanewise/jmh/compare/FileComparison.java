package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.SuiteRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Verdicts on two results files, from the forks that they hold. */
public final class FileComparison {
  private FileComparison() {}

  /**
   * Compares two files.
   *
   * @throws IllegalArgumentException if they hold no row, or their forks were timed otherwise
   */
  public static Comparison of(
      String baseLabel,
      String candidateLabel,
      Results base,
      Results candidate,
      Rules rules,
      Design design) {
    List<String> others = base.timingDifferences(candidate);
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "their times cannot be compared, forks took otherwise: " + String.join("; ", others));
    }
    if (base.rows().isEmpty() && candidate.rows().isEmpty()) {
      throw new IllegalArgumentException("neither side holds a row that was measured");
    }
    List<RowVerdict> verdicts = verdicts(base, candidate, rules, design);
    return Comparison.of(baseLabel, candidateLabel, base, candidate, "", design, rules, verdicts);
  }

  /**
   * A verdict for each row of either file. A row of only one of them failed, and so did one with so
   * few forks that no difference, however large, could be confirmed.
   */
  static List<RowVerdict> verdicts(Results base, Results candidate, Rules rules, Design design) {
    Map<Row, RowVerdict> verdicts = new HashMap<>();
    List<RowTest> tests = new ArrayList<>();
    List<Row> tested = new ArrayList<>();
    List<RowVerdict> all = new ArrayList<>();
    List<Row> rows = new ArrayList<>(base.rows().stream().map(RowResult::row).toList());
    for (RowResult result : candidate.rows()) {
      if (!rows.contains(result.row())) {
        rows.add(result.row());
      }
    }
    for (Row row : rows) {
      String why = why(base.row(row), candidate.row(row), design);
      if (why.isEmpty()) {
        tested.add(row);
        tests.add(new RowTest(base.row(row), candidate.row(row), SuiteRun.STAGE, design));
      } else {
        verdicts.put(row, RowVerdict.failed(row, why));
      }
    }
    double[] corrected = Holm.adjust(tests.stream().mapToDouble(RowTest::p).toArray());
    for (int i = 0; i < corrected.length; i++) {
      RowTest test = tests.get(i);
      Row row = tested.get(i);
      boolean enough = test.leastP() * corrected.length < rules.alpha();
      verdicts.put(
          row,
          enough
              ? test.verdict(rules, corrected[i], rules.alpha(), test.allocatesMore())
              : RowVerdict.failed(row, "too few forks to confirm anything among so many rows"));
    }
    rows.forEach(row -> all.add(verdicts.get(row)));
    return all;
  }

  private static String why(RowResult base, RowResult candidate, Design design) {
    if (design == Design.CEILINGS && !base.work().equals(candidate.work())) {
      return "its work is counted otherwise: " + base.work() + " and " + candidate.work();
    }
    if (!base.failures().isEmpty() || !candidate.failures().isEmpty()) {
      return (base.failures().isEmpty() ? candidate : base).failures().get(0);
    }
    if (base.stage(SuiteRun.STAGE).findAny().isEmpty()) {
      return "the base has no samples";
    }
    return candidate.stage(SuiteRun.STAGE).findAny().isEmpty()
        ? "the candidate has no samples"
        : "";
  }
}
