package io.lanewise.jmh.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.suite.Host;
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
  private static final Row PLANTED = new Row("gemm.nn", "m8n8k8", 1);

  private static Results pool(double factor, int forks, int rows, long seed) {
    Random random = new Random(seed);
    List<RowResult> results = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      List<Sample> samples = new ArrayList<>();
      for (int pass = 0; pass < forks; pass++) {
        double micros = 10 * factor * Math.exp(0.02 * random.nextGaussian());
        samples.add(new Sample("pool", pass, micros, 0, 0, List.of(), List.of()));
      }
      Row of = row == 0 ? PLANTED : new Row("gemm.nn", "m9n9k" + row, 1);
      results.add(new RowResult(of, of.work(), samples, List.of()));
    }
    Host host = new Host("cpu", 2, "os", "jdk", "vm", List.of(), "simd", "rev", "b");
    return new Results("", "", "", host, "core", null, new TreeMap<>(), results);
  }

  @Test
  void countsWhatIsFoundAndWhatIsNot() throws IOException {
    Results base = pool(1, 40, 5, 1);
    Draws same = Draws.of(100, base, base, Rules.of(0.05), 1);
    assertEquals(0, same.found());
    assertTrue(same.alarms() <= 10, same.toString());
    Draws planted = Draws.of(100, base, pool(1.1, 20, 1, 2), Rules.of(0.05), 1);
    assertTrue(planted.found() >= 95, planted.toString());
    assertEquals(planted.found(), planted.foundByRow().get(PLANTED.toString()));
    assertTrue(
        planted.text("10%").startsWith("10%        100 runs: found in "), planted.text("10%"));
  }
}
