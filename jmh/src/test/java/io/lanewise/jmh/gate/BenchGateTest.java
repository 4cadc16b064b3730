package io.lanewise.jmh.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import io.lanewise.jmh.suite.SuiteRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs against stored ones, on this machine, on a slower clock and on another machine. */
class BenchGateTest {
  private static final Row ROW = new Row("gemm.nn", "m64n64k64", 1);

  @TempDir Path folder;

  /** A run whose machine is at a clock, and whose code takes a factor longer. */
  private Path run(String name, String cpu, double clock, double factor, int failures)
      throws IOException {
    Host host = new Host(cpu, 2, "os", "17.0.1+1 V", "vm", List.of(), "simd512", "rev", "b");
    Ceilings ceilings = new Ceilings(0, 1, 100 * clock, 200, 100, 50, 20);
    List<Sample> samples = new ArrayList<>();
    for (int pass = 0; pass < 8; pass++) {
      double micros = factor * 10 / clock * (1 + 0.001 * ((pass * 5 + name.length()) % 8));
      double least = ROW.work().flops() / ceilings.fma() / 1000;
      samples.add(
          new Sample(SuiteRun.STAGE, pass, micros, least / micros, 0, List.of(micros), List.of()));
    }
    List<String> why = failures == 0 ? List.of() : List.of("wrong");
    Results results =
        new Results(
            "lanewise-bench-1",
            "2026-01-0" + name.length() + "T10:00:00Z",
            "",
            host,
            "core",
            null,
            Map.of(SuiteRun.STAGE, List.of(ceilings)),
            List.of(new RowResult(ROW, ROW.work(), samples, why)));
    Path file = folder.resolve(name + ".json");
    Recorder.write(results, file);
    return file;
  }

  private int gate(Path file, String... more) {
    List<String> args = new ArrayList<>(List.of(file.toString(), "--out", folder + "/out"));
    args.addAll(List.of("--baselines", folder + "/baselines"));
    args.addAll(List.of(more));
    return BenchGate.run(args.toArray(new String[0]));
  }

  @Test
  void baselinesAreSharesOfPeaks() throws IOException {
    assertEquals(0, gate(run("a", "A CPU @ 3 GHz", 1, 1, 0), "--record"));
    assertEquals(0, gate(run("bb", "A CPU @ 3 GHz", 1.2, 1, 0), "--record"));
    try (var files = Files.list(folder.resolve("baselines"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals("a-cpu-3-ghz-2p-jdk17-simd512-core-202601011000.json", names.get(0));
      assertEquals(2, names.size());
    }
    assertEquals(0, gate(run("ccc", "A CPU @ 3 GHz", 0.7, 1, 0)), "a slow clock is no regression");
    assertEquals(1, gate(run("dddd", "A CPU @ 3 GHz", 1.1, 1.15, 0)));
    assertTrue(Files.readString(folder.resolve("out/comparison.md")).contains("slower"));
    assertEquals(0, gate(run("eeeee", "A CPU @ 3 GHz", 1, 1.05, 0)), "below the threshold");
  }

  @Test
  void otherMachinesAndFailuresHaveNoVerdict() throws IOException {
    assertEquals(2, gate(run("a", "A CPU", 1, 1, 0)), "no baseline");
    assertEquals(0, gate(run("bb", "A CPU", 1, 1, 0), "--record"));
    assertEquals(2, gate(run("ccc", "B CPU", 1, 1, 0)));
    assertEquals(2, gate(run("dddd", "A CPU", 1, 1, 1)));
    assertEquals(2, gate(folder.resolve("nothing.json")));
  }

  /** A row that failed hides no row that got slower, and is named. */
  @Test
  void aRegressionBesideAFailure() throws IOException {
    assertEquals(0, gate(two(run("a", "A CPU", 1, 1, 0), false), "--record"));
    assertEquals(2, gate(two(run("bb", "A CPU", 1, 1, 0), true)));
    String report = Files.readString(folder.resolve("out/comparison.md"));
    assertTrue(report.contains("failed: value 1 is 2"), report);
    assertTrue(report.contains("none alternated, and ratios"), report);
    assertEquals(1, gate(two(run("ccc", "A CPU", 1, 1.5, 0), true)));
    refused("no baseline; the first is gemm.nn m7n7k7: value 1 is 2", "" + wrong(), "--record");
  }

  private Path wrong() throws IOException {
    return two(run("dddd", "A CPU", 1, 1, 0), true);
  }

  /** The same run with a second row. */
  private static Path two(Path file, boolean failed) throws IOException {
    Results run = Recorder.read(file);
    List<Sample> samples = failed ? List.of() : run.rows().get(0).samples();
    Row row = new Row("gemm.nn", "m7n7k7", 1);
    List<String> why = failed ? List.of("value 1 is 2") : List.of();
    run.rows().add(new RowResult(row, row.work(), samples, why));
    Recorder.write(run, file);
    return file;
  }

  /** Shares of a ceiling are comparable only if both count the same, and warm up as long. */
  @Test
  void baselinesOfOtherTimesAndOtherWork() throws IOException {
    Path file = run("a", "A CPU", 1, 1, 0);
    String text = Files.readString(file);
    assertEquals(0, gate(file, "--record"));
    String timing = new JsonMapper().writeValueAsString(Group.FULL.timing());
    Files.writeString(file, text.replaceFirst("\"timing\" : null", "\"timing\" : " + timing));
    assertEquals(2, gate(file));
    assertFalse(Files.exists(folder.resolve("out")), "no verdict");
    Files.writeString(file, text.replaceFirst("\"flops\" : [0-9]+", "\"flops\" : 1"));
    assertEquals(2, gate(file));
    String report = Files.readString(folder.resolve("out/comparison.md"));
    assertTrue(report.contains("its work is counted otherwise"), report);
  }

  private void refused(String why, String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    System.setErr(new PrintStream(text, true, UTF_8));
    try {
      assertEquals(2, BenchGate.run(args));
    } finally {
      System.setErr(before);
    }
    assertTrue(text.toString(UTF_8).contains(why), text.toString(UTF_8));
  }

  @Test
  void whatCannotBeJudged() throws IOException {
    String good = run("a", "A CPU", 1, 1, 0).toString();
    refused("group smoke are too short to be timed and cannot be judged", "--group", "smoke");
    Path smoke = folder.resolve("smoke.json");
    Files.writeString(smoke, Files.readString(Path.of(good)).replace("\"core\"", "\"smoke\""));
    refused("group smoke are too short", smoke.toString());
    refused(
        "is judged as it is: no --group or --resume",
        good,
        "--group",
        "full",
        "--resume",
        "--out",
        "x");
    refused("stores a run and judges none: no --fail-over", good, "--record", "--fail-over", "3%");
  }

  /** A run takes minutes, so whether it can be judged is said before it. */
  @Test
  void nothingIsMeasuredWhereNoBaselineApplies() throws IOException {
    assertEquals(0, gate(run("a", "A CPU", 1, 1, 0), "--record"));
    Path out = folder.resolve("out");
    String baselines = folder.resolve("baselines").toString();
    assertEquals(2, BenchGate.run("--baselines", baselines, "--out", out.toString()));
    assertFalse(Files.exists(out.resolve("run.json")));
  }
}
