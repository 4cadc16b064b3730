package io.lanewise.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanewise.jmh.Work;
import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.compare.Design;
import io.lanewise.jmh.compare.FileComparison;
import io.lanewise.jmh.compare.RowVerdict;
import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import io.lanewise.jmh.suite.SuiteRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jfree.data.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of a comparison with one slower row, one faster, one the same and one that failed. */
class ReportsTest {
  private static final Row SLOW = new Row("conv.forward", "n1h8w8c16_oc16_k3s1p1", 1);
  private static final Row FAST = new Row("gemm.nn", "m64n64k64", 1);
  private static final Row SAME = new Row("elementwise.add", "size1000", 1);
  private static final Row WRONG = new Row("softmax.forward", "rows4cols10", 1);

  private static final String CANDIDATE = "rgb(238,119,51)";

  @TempDir Path folder;

  private static Results results(String started, double slow, double fast) {
    Host host =
        new Host("a cpu", 2, "os", "17+1 <vendor>", "vm", List.of("-Xmx1g"), "simd", "rev", "b");
    List<RowResult> rows = new ArrayList<>();
    rows.add(row(SLOW, 100 * slow));
    rows.add(row(FAST, 50 * fast));
    rows.add(row(SAME, 1));
    rows.add(new RowResult(WRONG, WRONG.work(), List.of(), List.of("value 1 is 2, needs 3")));
    Map<String, List<Ceilings>> ceilings =
        Map.of(SuiteRun.STAGE, List.of(new Ceilings(0, 1, 100, 200, 100, 50, 20, 0)));
    return new Results("lanewise-bench-1", started, "", host, "core", null, ceilings, rows);
  }

  private static RowResult row(Row row, double micros) {
    return row(row, micros, 0);
  }

  private static RowResult row(Row row, double micros, int arrays) {
    List<Sample> samples = new ArrayList<>();
    for (int pass = 0; pass < 8; pass++) {
      double time = micros * (1 + 0.001 * ((pass * 5) % 8));
      samples.add(
          new Sample(SuiteRun.STAGE, pass, time, 20 / micros, 16, arrays, List.of(), List.of()));
    }
    Work work = row.work();
    return new RowResult(row, work, samples, List.of());
  }

  private String write() throws IOException {
    Results base = results("2026-01-01T10:00:00Z", 1, 1);
    Results candidate = results("2026-02-01T10:00:00Z", 1.2, 0.8);
    Path history = Files.createDirectory(folder.resolve("history"));
    Recorder.write(base, history.resolve("a.json"));
    Recorder.write(candidate, history.resolve("b.json"));
    Comparison comparison =
        FileComparison.of("old", "new", base, candidate, Rules.of(0.05), Design.FILES);
    assertEquals(1, comparison.exitStatus());
    StringWriter text = new StringWriter();
    new Reports(comparison, folder, Reports.history(history)).write(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void allSayTheSame() throws IOException {
    String text = write();
    String markdown = Files.readString(folder.resolve("comparison.md"));
    String html = Files.readString(folder.resolve("report.html"));
    for (String report : List.of(text, markdown, html)) {
      assertTrue(report.contains("1 regression; 1 slower, 1 faster, 1 the same"), report);
      assertTrue(report.contains("scripts/asm " + SLOW), report);
      assertTrue(report.contains("LANEWISE_JAVA_OPTS=-Xmx1g scripts/profile"), report);
      assertTrue(report.contains("value 1 is 2, needs 3"), report);
      assertTrue(report.contains("1.200"), report);
      assertFalse(report.contains("0.000 - 0.000"), report);
    }
    JsonNode json =
        JsonMapper.builder().build().readTree(folder.resolve("comparison.json").toFile());
    assertEquals("SLOWER", json.get("verdicts").get(0).get("verdict").asText());
    assertTrue(json.get("verdicts").get(0).get("regression").asBoolean());
    assertEquals("FASTER", json.get("verdicts").get(1).get("verdict").asText());
    assertEquals(0.8, json.get("verdicts").get(1).get("ratio").asDouble(), 0.001);
    assertEquals("SAME", json.get("verdicts").get(2).get("verdict").asText());
    assertEquals("FAILED", json.get("verdicts").get(3).get("verdict").asText());
  }

  /** A trend is of one machine and the same rows; a failed row shows no numbers. */
  @Test
  void onlyWhatFitsIsDrawn() throws IOException {
    Results base = results("2026-01-01T10:00:00Z", 1, 1);
    Results candidate = results("2026-02-01T10:00:00Z", 1.2, 0.8);
    Comparison comparison =
        FileComparison.of("old", "new", base, candidate, Rules.of(0.05), Design.FILES);
    Host other = new Host("b cpu", 2, "os", "17", "vm", List.of(), "simd", "rev", "b");
    List<Results> history = List.of(with(base, other, "core"), with(base, base.host(), "full"));
    new Reports(comparison, folder, history).write(new PrintWriter(new StringWriter()));
    String html = Files.readString(folder.resolve("report.html"));
    assertFalse(html.contains("Trend"), "of runs that do not fit");
    String failed = html.substring(html.indexOf("<tr class=\"failed\">"));
    failed = failed.substring(0, failed.indexOf("</tr>"));
    assertEquals(12, failed.split("<td class=\"n\"></td>", -1).length - 1, failed);
  }

  private static Results with(Results of, Host host, String group) {
    return new Results(
        of.format(), of.started(), "", host, group, of.timing(), of.ceilings(), of.rows());
  }

  /** A run may have measured a row on one thread and on two: these are two rows. */
  @Test
  void rowsOfOtherThreadsHaveVerdictsOfTheirOwn() {
    Row two = new Row("conv.forward", SLOW.shape(), 2);
    List<Row> rows = of(SLOW, two).verdicts().stream().map(RowVerdict::row).toList();
    assertEquals(List.of(SLOW, two), rows);
  }

  /** Ceilings are those of one thread, so rows of several are not under them. */
  @Test
  void theRoofIsOfOneThread() {
    int one = points(of(SLOW));
    assertEquals(one + 2, points(of(SLOW, FAST)), "filled and drawn");
    assertEquals(one, points(of(SLOW, new Row("conv.forward", SLOW.shape(), 2))));
  }

  /** Marks in the candidate's colour. */
  private static int points(Comparison comparison) {
    return Charts.roofline(comparison).split(Pattern.quote(CANDIDATE), -1).length - 1;
  }

  private static Comparison of(Row... rows) {
    List<RowResult> results = Arrays.stream(rows).map(row -> row(row, 10)).toList();
    Results like = results("2026-01-01T10:00:00Z", 1, 1);
    Results run =
        new Results(
            like.format(), like.started(), "", like.host(), "core", null, like.ceilings(), results);
    return FileComparison.of("a", "b", run, run, Rules.of(0.05), Design.FILES);
  }

  /** Even a comparison that measured nothing has a report that says so. */
  @Test
  void allRowsMayHaveFailed() throws IOException {
    Results like = results("2026-01-01T10:00:00Z", 1, 1);
    RowResult wrong = new RowResult(WRONG, WRONG.work(), List.of(), List.of("value 1 is 2"));
    Results run =
        new Results(
            like.format(),
            like.started(),
            "",
            like.host(),
            "core",
            null,
            like.ceilings(),
            List.of(wrong));
    Comparison comparison = FileComparison.of("a", "b", run, run, Rules.of(0.05), Design.FILES);
    assertEquals(2, comparison.exitStatus());
    new Reports(comparison, folder, List.of()).write(new PrintWriter(new StringWriter()));
    String html = Files.readString(folder.resolve("report.html"));
    assertTrue(html.contains("value 1 is 2"));
    assertFalse(html.contains("<svg"), "an empty plot");
  }

  /** With as many bytes and in the same time. */
  @Test
  void oneMoreArrayIsSaid() throws IOException {
    Comparison comparison = of(List.of(row(SAME, 1, 0)), List.of(row(SAME, 1, 1)));
    assertEquals(1, comparison.exitStatus());
    StringWriter text = new StringWriter();
    new Reports(comparison, folder, List.of()).write(new PrintWriter(text));
    String html = Files.readString(folder.resolve("report.html"));
    for (String report :
        List.of(text.toString(), html, Files.readString(folder.resolve("comparison.md")))) {
      assertTrue(report.contains("same, makes 1 array a call instead of 0 (regression)"), report);
    }
    assertTrue(html.contains("<td class=\"n\">0</td><td class=\"n\">1</td><td>same"), html);
    JsonNode json =
        JsonMapper.builder().build().readTree(folder.resolve("comparison.json").toFile());
    assertEquals(1, json.get("verdicts").get(0).get("candidateArrays").asInt());
    assertTrue(json.get("verdicts").get(0).get("allocatesMore").asBoolean());
  }

  /** However far away all ratios are. */
  @Test
  void theAxisShowsOneAndTheThresholds() throws IOException {
    Comparison comparison = of(List.of(row(SLOW, 10)), List.of(row(SLOW, 30)));
    Range range = Charts.range(comparison);
    assertTrue(range.contains(1 / 1.05) && range.contains(3), range.toString());
    range = Charts.range(of(List.of(row(SLOW, 10)), List.of(row(SLOW, 3))));
    assertTrue(range.contains(1.05) && range.contains(0.3), range.toString());
    assertTrue(Charts.ratios(comparison).contains(">1.0<"), "a mark at 1");
    write();
    String html = Files.readString(folder.resolve("report.html"));
    assertTrue(html.contains("dashed: --fail-over 5% either way"));
  }

  private static Comparison of(List<RowResult> base, List<RowResult> candidate) {
    Results like = results("2026-01-01T10:00:00Z", 1, 1);
    return FileComparison.of(
        "a", "b", with(like, base), with(like, candidate), Rules.of(0.05), Design.FILES);
  }

  private static Results with(Results of, List<RowResult> rows) {
    return new Results(of.format(), of.started(), "", of.host(), "core", null, of.ceilings(), rows);
  }

  /** One file that loads nothing, with three plots, and no larger than it must be. */
  @Test
  void theHtmlStandsAlone() throws IOException {
    write();
    String html = Files.readString(folder.resolve("report.html"));
    assertEquals(3, html.split("<svg ", -1).length - 1);
    assertFalse(html.contains("src="));
    assertFalse(html.contains("<script"));
    assertFalse(html.contains("<vendor>"));
    assertTrue(html.length() < 200_000, "bytes: " + html.length());
  }
}
