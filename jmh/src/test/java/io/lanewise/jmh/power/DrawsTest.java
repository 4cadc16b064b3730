package io.lanewise.jmh.power;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.MeasureException;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rates drawn from forks that were made up. */
class DrawsTest {
  private static final Rules RULES = Rules.of(0.05);
  private static final Row PLANTED = new Row("gemm.nn", "m8n8k8", 1);

  private static Results pool(double factor, int forks, int rows, long seed) {
    Random random = new Random(seed);
    List<RowResult> results = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      List<Sample> samples = new ArrayList<>();
      for (int pass = 0; pass < forks; pass++) {
        double micros = 10 * factor * Math.exp(0.02 * random.nextGaussian());
        samples.add(new Sample(Pool.STAGE, pass, micros, 0, 0, 0, List.of(), List.of()));
      }
      Row of = row == 0 ? PLANTED : new Row("gemm.nn", "m9n9k" + row, 1);
      results.add(new RowResult(of, of.work(), samples, List.of()));
    }
    return results(results);
  }

  private static Results results(List<RowResult> results) {
    Host host = new Host("cpu", 2, "os", "jdk", "vm", List.of(), "simd", "rev", "b");
    return new Results("", "", "", host, "core", null, new TreeMap<>(), results);
  }

  @Test
  void countsWhatIsFoundAndWhatIsNot() throws IOException {
    Results base = pool(1, 40, 5, 1);
    Draws same = Draws.of(100, base, base, RULES, 1);
    assertEquals(0, same.found());
    assertTrue(same.alarms() <= 10, same.toString());
    Draws planted = Draws.of(100, base, pool(1.1, 20, 1, 2), RULES, 1);
    assertTrue(planted.found() >= 95, planted.toString());
    assertEquals(planted.found(), planted.foundByRow().get(PLANTED.toString()));
    assertTrue(planted.text("10%").startsWith("10%      100 runs: found in "), planted.text("10%"));
  }

  /** Sides share no fork, and each takes its own in the order of time, two of each block. */
  @Test
  void sidesAlternateWithinBlocks() throws MeasureException {
    List<Sample> forks = new ArrayList<>();
    for (int pass = 0; pass < 12; pass++) {
      forks.add(new Sample(Pool.STAGE, pass, 1 + pass, 0, 0, 0, List.of(), List.of()));
    }
    Results base = results(List.of(new RowResult(PLANTED, PLANTED.work(), forks, List.of())));
    Random random = new Random(1);
    for (int run = 0; run < 20; run++) {
      Pool[] sides = Pool.deal(base, base, random);
      int block = -1;
      for (int at = 0; at < 3; at++) {
        int[] one = {number(sides[0]), number(sides[0])};
        int[] two = {number(sides[1]), number(sides[1])};
        assertEquals(block < 0 ? one[0] / 4 : (block + 1) % 3, one[0] / 4);
        block = one[0] / 4;
        int[] outer = one[0] % 4 == 0 ? one : two;
        int[] inner = outer == one ? two : one;
        assertArrayEquals(new int[] {4 * block, 4 * block + 3}, outer);
        assertArrayEquals(new int[] {4 * block + 1, 4 * block + 2}, inner);
      }
      assertEquals(0, sides[0].left(PLANTED));
    }
  }

  private static int number(Pool side) throws MeasureException {
    return (int) side.fork(PLANTED).micros() - 1;
  }

  /** A slow phase of some blocks hits both sides, so it makes no false verdict. */
  @Test
  void slowPhasesAreNoFalseAlarms() throws IOException {
    Results base = pool(1, 40, 8, 3);
    for (RowResult row : base.rows()) {
      row.samples().replaceAll(each -> each.pass() >= 16 && each.pass() < 28 ? slow(each) : each);
    }
    Draws same = Draws.of(200, base, base, RULES, 1);
    assertTrue(same.alarms() <= 20, same.toString());
  }

  private static Sample slow(Sample each) {
    return new Sample(
        each.stage(), each.pass(), 1.3 * each.micros(), 0, 0, 0, List.of(), List.of());
  }

  /** A pool that ends before a comparison would leaves its rows undecided, and that is said. */
  @Test
  void shortPoolsAreSaidToBeShort() throws IOException {
    Results base = pool(1, 12, 5, 1);
    Draws planted = Draws.of(50, base, pool(1.06, 6, 1, 2), RULES, 1);
    assertTrue(planted.cut() > 0 && planted.cut() <= planted.undecided(), planted.toString());
    assertEquals(0, planted.found());
  }

  @Test
  void theTextSaysWhetherTheOrderFavoursASide() {
    Results base = pool(1, 8, 2, 1);
    for (RowResult row : base.rows()) {
      row.samples().replaceAll(each -> each.pass() % 4 % 3 == 0 ? each : slow(each));
    }
    String text = PoolText.of(base);
    assertTrue(text.contains("2 rows in blocks of 4 forks, 16 forks of the base, 2 to 2"), text);
    assertTrue(text.matches("(?s).*within a block took 2[4-8]\\.\\d\\d % .*"), text);
  }
}
