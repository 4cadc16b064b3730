package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import io.lanewise.jmh.suite.SuiteRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Verdicts on two results files, from the forks that they hold. */
public final class FileComparison {
  private FileComparison() {}

  /**
   * Compares two files.
   *
   * @param time what is compared of each sample
   */
  public static Comparison of(
      String baseLabel,
      String candidateLabel,
      Results base,
      Results candidate,
      Rules rules,
      ToDoubleFunction<Sample> time) {
    List<RowVerdict> verdicts = verdicts(base, candidate, rules, time);
    return Comparison.of(baseLabel, candidateLabel, base, candidate, "", rules, verdicts);
  }

  /**
   * A verdict for each row of either file. A row of only one of them failed, and so did one with so
   * few forks that no difference, however large, could be confirmed.
   */
  static List<RowVerdict> verdicts(
      Results base, Results candidate, Rules rules, ToDoubleFunction<Sample> time) {
    Map<String, RowVerdict> verdicts = new TreeMap<>();
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
      String why = why(base.row(row), candidate.row(row));
      if (why.isEmpty()) {
        tested.add(row);
        tests.add(new RowTest(base.row(row), candidate.row(row), SuiteRun.STAGE, time));
      } else {
        verdicts.put(row.toString(), RowVerdict.failed(row, why));
      }
    }
    double[] corrected = Holm.adjust(tests.stream().mapToDouble(RowTest::p).toArray());
    for (int i = 0; i < corrected.length; i++) {
      RowTest test = tests.get(i);
      Row row = tested.get(i);
      boolean enough = test.leastP() * corrected.length < rules.alpha();
      verdicts.put(
          row.toString(),
          enough
              ? test.verdict(rules, corrected[i], rules.alpha(), test.allocatesMore())
              : RowVerdict.failed(row, "too few forks to confirm anything among so many rows"));
    }
    rows.forEach(row -> all.add(verdicts.get(row.toString())));
    return all;
  }

  private static String why(RowResult base, RowResult candidate) {
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
