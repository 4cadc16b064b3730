package io.lanewise.jmh.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.MeasureException;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order forks are measured, when that ends, and how it goes on. */
class PoolRunTest {
  private static final Rules RULES = Rules.of(0.05);
  private static final Row PLANTED = new Row("gemm.nn", "m8n8k8", 1);
  private static final Row QUIET = new Row("gemm.nn", "m9n9k9", 1);
  private static final Row NOISY = new Row("gemm.nn", "m7n7k7", 1);

  @TempDir Path folder;

  private final List<String> log = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();

  /** A side that notes what it is asked for; times of one row are far apart. */
  private final class Noting implements Measurer {
    private final String name;
    private int forks;

    Noting(String name) {
      this.name = name;
    }

    @Override
    public Host host() {
      return new Host("cpu", 2, "os", "jdk", "vm", List.of(), "simd", "rev", "b");
    }

    @Override
    public Ceilings ceilings(int pass, int threads) {
      log.add(name + " ceilings");
      return new Ceilings(pass, threads, 1, 1, 1, 1, 1, 0);
    }

    @Override
    public Sample fork(Row row) throws MeasureException {
      log.add(name + " " + row.shape());
      double micros = row.equals(NOISY) ? 10 << forks++ % 3 : 10 + 0.001 * forks++;
      return new Sample("", 0, micros, 0, 0, 0, List.of(), List.of());
    }

    @Override
    public void close() {}
  }

  private Recorder recorder(String name, Recorder ceilings) throws IOException {
    Path file = folder.resolve(name + ".json");
    Measurer side = new Noting(name);
    side = ceilings == null ? side : new SharedCeilings(side, ceilings);
    return file.toFile().exists()
        ? Recorder.resume(side, file, "core", Group.CORE.timing())
        : Recorder.begin(side, file, name, "core", Group.CORE.timing());
  }

  /** Measures all three rows and returns what the base holds then. */
  private Results run(int blocks, BooleanSupplier late) throws IOException {
    return run(List.of(PLANTED, QUIET, NOISY), blocks, late);
  }

  private Results run(List<Row> rows, int blocks, BooleanSupplier late) throws IOException {
    log.clear();
    progress.clear();
    Recorder base = recorder("A", null);
    Map<Recorder, List<Row>> plants = new LinkedHashMap<>();
    plants.put(recorder("B", base), List.of(PLANTED));
    plants.put(recorder("C", base), List.of(PLANTED));
    new PoolRun(base, plants, RULES, late, progress::add).run(rows, blocks);
    base.close();
    for (Recorder plant : plants.keySet()) {
      plant.close();
    }
    return base.results();
  }

  private static int blocks(Results results, Row row) {
    return Pool.blocks(results.row(row), Pool.BASE);
  }

  @Test
  void plantsStandBetweenForksOfTheBase() throws IOException {
    run(2, () -> false);
    String shape = " " + PLANTED.shape();
    List<String> block = new ArrayList<>(List.of("A ceilings"));
    for (String side : "AABCCBAA".split("")) {
      block.add(side + shape);
    }
    assertEquals(block, log.subList(0, 9));
    int rest = 1 + log.lastIndexOf("A" + shape);
    assertEquals(16, log.subList(0, rest).stream().filter(each -> each.endsWith(shape)).count());
    List<String> others = log.subList(rest, log.size());
    others.remove("A ceilings");
    assertEquals(Collections.nCopies(4, "A " + QUIET.shape()), others.subList(0, 4));
  }

  /** Time goes to what a comparison would look at again first. */
  @Test
  void unclearRowsComeBeforeOthers() throws IOException {
    // A row 5 times, 2 rows twice, then a row 3 times.
    int[] asked = {0};
    Results results = run(5, () -> asked[0]++ == 12);
    assertEquals(5, blocks(results, PLANTED));
    assertEquals(5, blocks(results, NOISY));
    assertEquals(2, blocks(results, QUIET));
    results = run(5, () -> false);
    assertEquals(5, blocks(results, QUIET));
  }

  @Test
  void theEndOfTheTimeIsSaidOnce() throws IOException {
    run(5, () -> true);
    assertEquals(List.of("block 1 of 5 of 1 row", "time is up"), progress);
    assertEquals(List.of(), log);
    run(2, () -> false);
    assertFalse(progress.contains("time is up"));
  }

  /** Though the pool holds others, of which a comparison would want more. */
  @Test
  void onlyTheRowsThatAreAskedForAreMeasured() throws IOException {
    run(2, () -> false);
    Results results = run(List.of(QUIET), 3, () -> false);
    assertEquals(3, blocks(results, QUIET));
    assertEquals(2, blocks(results, NOISY));
    assertEquals(2, blocks(results, PLANTED));
  }

  @Test
  void blocksThatWereCutAreMeasuredAnew() throws IOException {
    Results results = run(2, () -> false);
    results.row(QUIET).samples().removeIf(sample -> sample.pass() >= 6);
    Recorder.write(results, folder.resolve("A.json"));
    results = run(2, () -> false);
    assertEquals("A ceilings", log.get(0));
    assertEquals(Collections.nCopies(4, "A " + QUIET.shape()), log.subList(1, log.size()));
    assertEquals(2, blocks(results, QUIET));
  }
}
