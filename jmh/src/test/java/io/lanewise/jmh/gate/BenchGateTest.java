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

  private Path out;
  private int calls;

  /** A run whose machine is at a clock, and whose code takes a factor longer. */
  private Path run(String name, String cpu, double clock, double factor, int failures)
      throws IOException {
    Host host = new Host(cpu, 2, "os", "17.0.1+1 V", "vm", List.of(), "simd512", "rev", "b");
    Ceilings ceilings = new Ceilings(0, 1, 100 * clock, 200, 100, 50, 20, 0);
    List<Sample> samples = new ArrayList<>();
    for (int pass = 0; pass < 8; pass++) {
      double micros = factor * 10 / clock * (1 + 0.001 * ((pass * 5 + name.length()) % 8));
      double least = ROW.work().flops() / ceilings.fma() / 1000;
      samples.add(
          new Sample(
              SuiteRun.STAGE, pass, micros, least / micros, 0, 0, List.of(micros), List.of()));
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
    out = folder.resolve("out" + calls++);
    List<String> args = new ArrayList<>(List.of(file.toString(), "--out", out.toString()));
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
      assertEquals("a-cpu-3-ghz-2p-jdk17-simd512-core-20260101100000.json", names.get(0));
      assertEquals(2, names.size());
    }
    assertEquals(0, gate(run("ccc", "A CPU @ 3 GHz", 0.7, 1, 0)), "a slow clock is no regression");
    assertEquals(1, gate(run("dddd", "A CPU @ 3 GHz", 1.1, 1.15, 0)));
    assertTrue(Files.readString(out.resolve("comparison.md")).contains("slower"));
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
    String report = Files.readString(out.resolve("comparison.md"));
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
    assertFalse(Files.exists(out), "no verdict");
    Files.writeString(file, text.replaceFirst("\"flops\" : [0-9]+", "\"flops\" : 1"));
    assertEquals(2, gate(file));
    String report = Files.readString(out.resolve("comparison.md"));
    assertTrue(report.contains("its work is counted otherwise"), report);
  }

  private static String said(int exit, String... args) {
    PrintStream errBefore = System.err;
    PrintStream outBefore = System.out;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(text, true, UTF_8);
    System.setErr(to);
    System.setOut(to);
    try {
      assertEquals(exit, BenchGate.run(args), () -> text.toString(UTF_8));
    } finally {
      System.setErr(errBefore);
      System.setOut(outBefore);
    }
    return text.toString(UTF_8);
  }

  private static void refused(String why, String... args) {
    String text = said(2, args);
    assertTrue(text.contains(why), text);
  }

  /** Two machines may measure in the same minute, and one may store a run twice. */
  @Test
  void noBaselineIsWrittenOver() throws IOException {
    Path file = run("a", "A CPU", 1, 1, 0);
    String text = Files.readString(file);
    assertEquals(0, gate(file, "--record"));
    assertEquals(2, gate(file, "--record"));
    Files.writeString(file, text.replace("T10:00:00Z", "T10:00:01Z"));
    assertEquals(0, gate(file, "--record"));
    try (var files = Files.list(folder.resolve("baselines"))) {
      assertEquals(2, files.count());
    }
  }

  /** It was measured in turn with another, and its unclear rows more often than others. */
  @Test
  void aSideOfAComparisonIsNoRun() throws IOException {
    Path file = run("a", "A CPU", 1, 1, 0);
    String text = Files.readString(file).replace("\"stage\" : \"run\"", "\"stage\" : \"confirm\"");
    Files.writeString(file, text);
    refused("is a side of a comparison (confirm)", file.toString(), "--record");
    refused("needs a run of scripts/bench --group", file.toString());
  }

  /** Rows of both are judged, and the others named. */
  @Test
  void aRunAndItsBaselinesMayBeOfSomeRows() throws IOException {
    Path one = run("a", "A CPU", 1, 1, 0);
    String baselines = folder.resolve("baselines").toString();
    String stored = said(0, one.toString(), "--record", "--baselines", baselines);
    assertTrue(stored.contains("it holds 1 of "), stored);
    assertEquals(0, gate(two(run("bb", "A CPU", 1, 1, 0), false)));
    String report = Files.readString(out.resolve("comparison.md"));
    assertTrue(report.contains("1 row is in no baseline, so not judged: gemm.nn m7n7k7."), report);
    assertEquals(0, gate(two(run("ccc", "A CPU", 1, 1, 0), false), "--record"));
    assertEquals(0, gate(run("dddd", "A CPU", 1, 1, 0)));
    report = Files.readString(out.resolve("comparison.md"));
    assertTrue(report.contains("1 row of the baselines is missing in this run"), report);
    assertEquals(1, gate(run("eeeee", "A CPU", 1, 1.5, 0)), "what is there is judged");
  }

  @Test
  void someRowsAlone() throws IOException {
    assertEquals(0, gate(two(run("a", "A CPU", 1, 1, 0), false), "--record"));
    Path slow = two(run("bb", "A CPU", 1, 1.5, 0), true);
    assertEquals(1, gate(slow, "--rows", "m64"));
    String report = Files.readString(out.resolve("comparison.md"));
    assertFalse(report.contains("m7n7k7"), report);
    assertEquals(2, gate(slow, "--rows", "m7n"));
    refused("holds no row with 'conv'", slow.toString(), "--rows", "conv");
  }

  @Test
  void reportsAreNotWrittenOver() throws IOException {
    Path file = run("a", "A CPU", 1, 1, 0);
    assertEquals(0, gate(file, "--record"));
    assertEquals(0, gate(file));
    refused("comparison.json is there already", file.toString(), "--out", out.toString());
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
    Path run = folder.resolve("run");
    String baselines = folder.resolve("baselines").toString();
    assertEquals(2, BenchGate.run("--baselines", baselines, "--out", run.toString()));
    assertFalse(Files.exists(run.resolve("run.json")));
  }
}
