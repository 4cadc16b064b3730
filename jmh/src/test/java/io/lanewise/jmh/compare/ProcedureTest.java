package io.lanewise.jmh.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.MeasureException;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The whole procedure on made-up machines: false alarms and power, counted. */
class ProcedureTest {
  private static final Rules RULES = Rules.of(0.05);
  private static final List<Row> ROWS = rows(20);

  private static List<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new Row("elementwise.add", "size" + (1000 + i), 1));
    }
    return rows;
  }

  private static Recorder recorder(Measurer side) throws IOException {
    return Recorder.begin(side, null, "", "core", Group.CORE.timing());
  }

  private static List<RowVerdict> run(Measurer base, Measurer candidate) throws IOException {
    Procedure procedure =
        new Procedure(RULES, recorder(base), recorder(candidate), unclear -> unclear, text -> {});
    return procedure.run(ROWS);
  }

  private static long count(List<RowVerdict> verdicts, Verdict verdict) {
    return verdicts.stream().filter(each -> each.verdict() == verdict).count();
  }

  private static int alarms(double noise, double wild, int runs) throws IOException {
    int alarms = 0;
    Random random = new Random(1);
    for (int run = 0; run < runs; run++) {
      Synthetic base = new Synthetic(random, noise, wild, 0, row -> 1);
      Synthetic candidate = new Synthetic(random, noise, wild, 0, row -> 1);
      List<RowVerdict> verdicts = run(base, candidate);
      alarms += count(verdicts, Verdict.SLOWER) + count(verdicts, Verdict.FASTER) > 0 ? 1 : 0;
    }
    return alarms;
  }

  /** At most 1 run in 20 says anything of equal sides; here a bit more, for chance. */
  @Test
  void falseAlarms() throws IOException {
    assertTrue(alarms(0.02, 0, 300) <= 18);
    assertTrue(alarms(0.08, 0.1, 300) <= 18);
  }

  /** One row of 20 is 10 % slower on a machine whose forks spread by 3 %, some of them wild. */
  @Test
  void power() throws IOException {
    int found = 0;
    int others = 0;
    Random random = new Random(2);
    for (int run = 0; run < 200; run++) {
      Synthetic base = new Synthetic(random, 0.03, 0.05, 0, row -> 1);
      Synthetic slow =
          new Synthetic(random, 0.03, 0.05, 0, row -> row.equals(ROWS.get(3)) ? 1.1 : 1);
      List<RowVerdict> verdicts = run(base, slow);
      found += verdicts.get(3).regression() ? 1 : 0;
      others += count(verdicts, Verdict.SLOWER) - found > 1 ? 1 : 0;
    }
    assertTrue(found >= 190, found + " of 200");
    assertTrue(others <= 15, others + " of 200");
  }

  /** Clear rows take a screen's forks and no more; what is faster is said, too. */
  @Test
  void stopsEarly() throws IOException {
    Random random = new Random(3);
    Synthetic base = new Synthetic(random, 0.005, 0, 0, row -> 1);
    Synthetic fast = new Synthetic(random, 0.005, 0, 0, row -> row.equals(ROWS.get(5)) ? 0.5 : 1);
    List<RowVerdict> verdicts = run(base, fast);
    assertEquals(Verdict.FASTER, verdicts.get(5).verdict());
    assertEquals(0.5, verdicts.get(5).ratio(), 0.02);
    assertEquals(RULES.confirm(), verdicts.get(5).forks());
    assertEquals(19, count(verdicts, Verdict.SAME));
    assertEquals(RULES.screen(), verdicts.get(4).forks());
  }

  @Test
  void moreBytesAreARegression() throws IOException {
    Random random = new Random(4);
    Synthetic base = new Synthetic(random, 0.01, 0, 100, row -> 1);
    Synthetic more = new Synthetic(random, 0.01, 0, 180, row -> 1);
    assertTrue(run(base, more).stream().allMatch(RowVerdict::regression));
    assertTrue(run(base, base).stream().noneMatch(RowVerdict::allocatesMore));
  }

  private static List<RowVerdict> made(Supplier<Integer> base, Supplier<Integer> candidate)
      throws IOException {
    Random random = new Random(4);
    return run(
        new Synthetic(random, 0.01, 0, 100, row -> 1).making(base),
        new Synthetic(random, 0.01, 0, 100, row -> 1).making(candidate));
  }

  /** However few bytes it holds; but where forks make some now and then, or did not count, none. */
  @Test
  void oneMoreArrayIsARegression() throws IOException {
    List<RowVerdict> verdicts = made(() -> 0, () -> 1);
    assertTrue(verdicts.stream().allMatch(RowVerdict::regression));
    assertTrue(verdicts.stream().noneMatch(RowVerdict::moreBytes));
    assertEquals(1, verdicts.get(0).candidateArrays());
    assertTrue(made(() -> 1, () -> 0).stream().noneMatch(RowVerdict::regression));
    Random random = new Random(5);
    Supplier<Integer> some = () -> random.nextInt(2);
    assertTrue(made(some, () -> 1).stream().noneMatch(RowVerdict::regression));
    verdicts = made(() -> null, () -> 1);
    assertTrue(verdicts.stream().noneMatch(RowVerdict::allocatesMore));
    assertNull(verdicts.get(0).baseArrays());
  }

  /** Where no time is left to confirm them, more bytes are not called the same. */
  @Test
  void bytesThatAreNotConfirmedAreUndecided() throws IOException {
    Random random = new Random(4);
    Synthetic base = new Synthetic(random, 0.001, 0, 100, row -> 1);
    Synthetic more = new Synthetic(random, 0.001, 0, 180, row -> 1);
    List<RowVerdict> verdicts =
        new Procedure(RULES, recorder(base), recorder(more), unclear -> List.of(), text -> {})
            .run(ROWS);
    assertEquals(ROWS.size(), count(verdicts, Verdict.UNDECIDED));
    assertTrue(verdicts.stream().noneMatch(RowVerdict::regression));
  }

  /** Where there is time for some, what looks worst is measured again. */
  @Test
  void theMostSuspiciousRowsAreFirst() throws IOException {
    Random random = new Random(4);
    Synthetic base = new Synthetic(random, 0.001, 0, 0, row -> 1);
    Synthetic slow =
        new Synthetic(
            random, 0.001, 0, 0, row -> 1 + (ROWS.indexOf(row) > 17 ? 0.1 * ROWS.indexOf(row) : 0));
    List<List<Row>> asked = new ArrayList<>();
    new Procedure(
            RULES,
            recorder(base),
            recorder(slow),
            unclear -> {
              asked.add(unclear);
              return List.of();
            },
            text -> {})
        .run(ROWS);
    assertEquals(List.of(List.of(ROWS.get(19), ROWS.get(18))), asked);
  }

  /** Noise beyond the threshold: nothing is known, and that is said. */
  @Test
  void tooMuchNoiseIsUndecided() throws IOException {
    Random random = new Random(5);
    Synthetic side = new Synthetic(random, 0.5, 0, 0, row -> 1);
    assertTrue(count(run(side, side), Verdict.UNDECIDED) >= 18);
  }

  @Test
  void wrongAnswersFail() throws IOException {
    Synthetic sound = new Synthetic(new Random(6), 0.01, 0, 0, row -> 1);
    Measurer wrong =
        new Measurer() {
          @Override
          public io.lanewise.jmh.suite.Host host() {
            return sound.host();
          }

          @Override
          public io.lanewise.jmh.suite.Ceilings ceilings(int pass, int threads) {
            return sound.ceilings(pass, threads);
          }

          @Override
          public Sample fork(Row row) throws MeasureException {
            if (row.equals(ROWS.get(1))) {
              throw new MeasureException("value 0 is 1, needs 2; not timed", null);
            }
            return sound.fork(row);
          }

          @Override
          public void close() {}
        };
    List<RowVerdict> verdicts = run(sound, wrong);
    assertEquals(Verdict.FAILED, verdicts.get(1).verdict());
    assertEquals("value 0 is 1, needs 2; not timed", verdicts.get(1).failure());
    assertEquals(1, count(verdicts, Verdict.FAILED));
  }
}
