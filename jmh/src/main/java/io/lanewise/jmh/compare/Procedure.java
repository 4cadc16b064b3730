package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Measures two sides, interleaved, until verdicts are clear.
 *
 * <p><b>Screen.</b> Each row gets a few forks a side. Where the interval of 90 % already lies
 * within the threshold, the verdict is "same" and the row is done, unless it allocated more.
 *
 * <p><b>Confirm.</b> The others get fresh forks, and only these decide: what brought a row here
 * does not count again, so only rows that are here need to be corrected for (Holm). After each
 * look, of which each has its share of the error allowed, decided rows leave.
 *
 * <p>Forks alternate, base, candidate, candidate, base, so that a machine that slowly gets faster
 * or slower favours neither.
 */
public final class Procedure {
  static final String SCREEN = "screen";
  static final String CONFIRM = "confirm";

  private final Rules rules;
  private final Recorder base;
  private final Recorder candidate;
  private final UnaryOperator<List<Row>> again;
  private final Consumer<String> progress;
  private final Map<Row, RowVerdict> verdicts = new LinkedHashMap<>();
  private int confirmed;

  /**
   * A procedure.
   *
   * @param again which of the rows that are not clear may be measured again, of which the most
   *     suspicious come first; others stay undecided
   * @param progress is told what goes on
   */
  public Procedure(
      Rules rules,
      Recorder base,
      Recorder candidate,
      UnaryOperator<List<Row>> again,
      Consumer<String> progress) {
    this.rules = rules;
    this.base = base;
    this.candidate = candidate;
    this.again = again;
    this.progress = progress;
  }

  /** Runs it and returns a verdict for each row, in order. */
  public List<RowVerdict> run(List<Row> rows) throws IOException {
    rows.forEach(row -> verdicts.put(row, null));
    forks(rows, SCREEN, 0, rules.screen());
    List<Row> unclear = new ArrayList<>();
    List<Row> suspects = new ArrayList<>();
    for (Row row : sound(rows)) {
      RowTest test = test(row, SCREEN);
      RowVerdict verdict = test.verdict(rules, 1, 0, false);
      if (test.allocatesMore()) {
        verdict = verdict.undecided();
        suspects.add(row);
      } else if (verdict.verdict() == Verdict.UNDECIDED) {
        unclear.add(row);
      }
      verdicts.put(row, verdict);
    }
    // Where there is no time for all of them, garbage comes first, and then what looks slowest.
    unclear.sort(Comparator.comparingDouble(row -> -verdicts.get(row).ratio()));
    unclear.addAll(0, suspects);
    confirmed = unclear.size();
    for (int look = 0; look < rules.looks(); look++) {
      List<Row> looked = unclear.isEmpty() ? unclear : again.apply(unclear);
      if (looked.isEmpty()) {
        break;
      }
      progress.accept(
          "look "
              + (look + 1)
              + " at "
              + looked.size()
              + " of "
              + Plural.of(unclear.size(), "unclear row"));
      unclear = look(look, looked);
    }
    return List.copyOf(verdicts.values());
  }

  /** The rows that have not failed, after noting those that have. */
  private List<Row> sound(List<Row> rows) {
    List<Row> sound = new ArrayList<>();
    for (Row row : rows) {
      List<String> failures = new ArrayList<>(base.results().row(row).failures());
      failures.addAll(candidate.results().row(row).failures());
      if (failures.isEmpty()) {
        sound.add(row);
      } else {
        verdicts.put(row, RowVerdict.failed(row, failures.get(0)));
      }
    }
    return sound;
  }

  private RowTest test(Row row, String stage) {
    RowResult baseResult = base.results().row(row);
    return new RowTest(baseResult, candidate.results().row(row), stage);
  }

  /** Measures what is not clear again and returns what still is not. */
  private List<Row> look(int look, List<Row> rows) throws IOException {
    forks(rows, CONFIRM, look * rules.confirm(), rules.confirm());
    List<Row> tested = sound(rows);
    List<RowTest> tests = tested.stream().map(row -> test(row, CONFIRM)).toList();
    // Those that left before still count: which are left depends on the same forks.
    double[] p = new double[confirmed];
    Arrays.fill(p, 1);
    for (int i = 0; i < tests.size(); i++) {
      p[i] = tests.get(i).p();
    }
    double[] corrected = Holm.adjust(p);
    List<Row> unclear = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      double alpha = rules.alpha() / rules.looks();
      RowVerdict verdict = tests.get(i).verdict(rules, corrected[i], alpha, true);
      verdicts.put(tested.get(i), verdict);
      if (verdict.verdict() == Verdict.UNDECIDED) {
        unclear.add(tested.get(i));
      }
    }
    return unclear;
  }

  private void forks(List<Row> rows, String stage, int from, int count) throws IOException {
    for (int pass = from; pass < from + count; pass += 2) {
      progress.accept(stage + ", forks " + (pass + 1) + " and " + (pass + 2));
      for (Row row : rows) {
        if (base.fork(row, stage, pass, pass)
            && candidate.fork(row, stage, pass, pass)
            && candidate.fork(row, stage, pass + 1, pass)) {
          base.fork(row, stage, pass + 1, pass);
        }
      }
    }
  }
}
