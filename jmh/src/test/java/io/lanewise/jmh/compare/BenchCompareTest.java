package io.lanewise.jmh.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.jmh.suite.Grid;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import io.lanewise.jmh.suite.SuiteRun;
import io.lanewise.jmh.suite.Timing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of sides that cannot be compared, and its exit status. */
class BenchCompareTest {
  private static final String ROOT = "bench.root";
  private static final Row ROW = new Row("gemm.nn", "m64n64k64", 1);

  @TempDir Path folder;

  private String rootBefore;
  private Path out;
  private int calls;

  @BeforeEach
  void sourcesAreAtHand() {
    rootBefore = System.getProperty(ROOT);
    System.setProperty(ROOT, System.getProperty("tests.root"));
  }

  @AfterEach
  void restore() {
    if (rootBefore == null) {
      System.clearProperty(ROOT);
    } else {
      System.setProperty(ROOT, rootBefore);
    }
  }

  private static String run(int exit, String... args) {
    PrintStream errBefore = System.err;
    PrintStream outBefore = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setErr(to);
      System.setOut(to);
      assertEquals(exit, BenchCompare.run(args), () -> said.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(errBefore);
      System.setOut(outBefore);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  private static void refused(String part, String... args) {
    String text = run(2, args);
    assertTrue(text.startsWith("bench-compare: "), text);
    assertTrue(text.contains(part), text);
    assertFalse(text.contains("\tat "), text);
  }

  /** A file of 8 forks of 100 us, each a bit apart. */
  private Path file(String name, String cpu, double factor, double noise) throws IOException {
    Host host = new Host(cpu, 2, "os", "17+1 v", "vm", List.of(), "simd", "rev", "b");
    List<Sample> samples = new ArrayList<>();
    for (int pass = 0; pass < 8; pass++) {
      double micros = 100 * factor * (1 + noise * ((pass * 5 + name.length()) % 8));
      samples.add(new Sample(SuiteRun.STAGE, pass, micros, 0, 0, 0, List.of(), List.of()));
    }
    RowResult row = new RowResult(ROW, ROW.work(), samples, List.of());
    Path file = folder.resolve(name + ".json");
    String day = "2026-01-01T10:00:00Z";
    Recorder.write(
        new Results("lanewise-bench-1", day, "", host, "core", null, new TreeMap<>(), List.of(row)),
        file);
    return file;
  }

  private String compare(int exit, Path base, Path candidate) {
    out = folder.resolve("out" + calls++);
    return run(exit, base.toString(), candidate.toString(), "--out", out.toString());
  }

  @Test
  void sidesThatDoNotExist() throws IOException {
    String good = file("good", "cpu", 1, 0.001).toString();
    refused("needs two sides, the base and then the candidate, found 1\n", good);
    refused("and then the candidate, found 3\n", good, good, good);
    refused("found 1: --jdk jdk; name the other --jdk, too\n", "--jdk", "jdk");
    refused("'nonsense' is no results file, no git revision and not '.'", "nonsense", ".");
    refused("'gone.json' is no results file", ".", "gone.json");
    refused("is no results file, no git revision", ".", folder.toString());
    String home = folder.toString();
    refused("is no home of a JDK: it has no bin/java", "--jdk", home, "--jdk", home);
    refused("needs two of --jdk or two other sides, found . and --jdk", ".", "--jdk", home);
    refused("a results file can only be compared with another", good, ".");
    refused("another, and gone.json does not exist", good, "gone.json");
    refused("another, and gone.json does not exist", "gone.json", good);
  }

  @Test
  void filesThatHoldNoResults() throws IOException {
    String good = file("good", "cpu", 1, 0.001).toString();
    for (String text : List.of("", "null", "[]", "{}", "7", "{\"format\": ", "benchmark,us\n")) {
      Path bad = Files.writeString(folder.resolve("bad.json"), text);
      refused("bad.json is no results file", good, bad.toString());
    }
    Path other = folder.resolve("other.json");
    Files.writeString(other, "{\"format\": \"lanewise-bench-9\", \"what\": 1}");
    refused("has format lanewise-bench-9, needs lanewise-bench-1", good, other.toString());
    Files.writeString(other, Files.readString(Path.of(good)).replace("gemm.nn", "gemm.zz"));
    refused("other.json is no results file", good, other.toString());
  }

  @Test
  void placesThatCannotBeWritten() throws IOException {
    String good = file("good", "cpu", 1, 0.001).toString();
    refused("is a file, needs a folder", good, good, "--out", good);
    Files.createFile(folder.resolve("base.json"));
    refused("base.json is there already: --resume goes on", ".", ".", "--out", folder.toString());
  }

  /** Half the warm-up makes code look slower, and no rows make it look fine. */
  @Test
  void filesThatDoNotFit() throws IOException {
    Path good = file("good", "cpu", 1, 0.001);
    Results results = Recorder.read(good);
    Path other = folder.resolve("other.json");
    Recorder.write(with(results, Group.FULL.timing(), results.rows()), other);
    refused("their times cannot be compared, forks took otherwise", "" + good, "" + other);
    Path empty = folder.resolve("empty.json");
    Recorder.write(with(results, results.timing(), List.of()), empty);
    refused("neither side holds a row that was measured", "" + empty, "" + empty);
    compare(2, good, empty);
  }

  private static Results with(Results of, Timing timing, List<RowResult> rows) {
    return new Results(
        of.format(), of.started(), "", of.host(), of.group(), timing, of.ceilings(), rows);
  }

  /** Only sides that were measured in turn are said to have been. */
  @Test
  void reportsSayHowSamplesCameAbout() throws IOException {
    Path good = file("good", "cpu", 1, 0.001);
    compare(0, good, good);
    String markdown = Files.readString(out.resolve("comparison.md"));
    assertTrue(markdown.contains("none alternated, so a slow hour"), markdown);
    assertFalse(markdown.contains("A B B A"), markdown);
    assertFalse(markdown.contains("fresh forks"), markdown);
  }

  /** Its sides would say so where nobody reads it. */
  @Test
  void settingsThatDoNotExist() {
    System.setProperty("lanewise.lane", "scalar");
    try {
      refused("bench-compare: there is no system property lanewise.lane", ".", ".");
    } finally {
      System.clearProperty("lanewise.lane");
    }
  }

  /** Whoever measures for an hour does not learn at its end that a file cannot be read. */
  @Test
  void historyIsReadFirst() throws IOException {
    System.setProperty(ROOT, folder.resolve("nowhere").toString());
    Path history = Files.createDirectory(folder.resolve("history"));
    Files.writeString(history.resolve("comparison.json"), "{}");
    String out = folder.resolve("out").toString();
    refused(
        "comparison.json is no results file", ".", ".", "--out", out, "--history", "" + history);
  }

  @Test
  void optionsOfMeasuringAreNotForFiles() throws IOException {
    String good = file("good", "cpu", 1, 0.001).toString();
    String why = "two results files are compared as they are: no ";
    refused(why + "--minutes", good, good, "--minutes", "3");
    refused(why + "--group or --rows", good, good, "--rows", "gemm", "--group", "full");
    refused(why + "--candidate-flags", good, good, "--candidate-flags", "-Xint");
    refused(why + "--threads or --resume", good, good, "--threads", "1", "--resume", "--out", "a");
  }

  /** Before the sides are built: these sides could not be, there are no sources. */
  @Test
  void whatIsGoneOnWithIsCheckedFirst() throws IOException {
    System.setProperty(ROOT, folder.resolve("nowhere").toString());
    Path candidate = Files.writeString(folder.resolve("candidate.json"), "{}");
    String[] resume = {".", ".", "--resume", "--out", folder.toString()};
    refused("candidate.json is no results file", resume);
    Files.delete(candidate);
    Files.move(file("b", "cpu", 1, 0.001), candidate);
    refused("candidate.json cannot be resumed, it and this run differ in forks at null", resume);
    Files.delete(candidate);
    Files.createDirectory(candidate);
    refused("candidate.json is a folder, needs a results file", resume);
  }

  @Test
  void optionsOutOfRange() {
    refused("found 'quick', needs smoke or core or full", ".", ".", "--group", "quick");
    refused("'0%' is no threshold", ".", ".", "--fail-over", "0%");
    refused("'0.05' is no threshold, needs a share from 0.1%", ".", ".", "--fail-over", "0.05");
    refused("--threads is 0", ".", ".", "--threads", "0");
    refused("--minutes is -1.0", ".", ".", "--minutes", "-1");
    refused("--minutes is x, needs a number", ".", ".", "--minutes", "x");
    refused("--history: nowhere is no folder", ".", ".", "--history", "nowhere");
    refused("--resume needs --out", ".", ".", "--resume");
  }

  @Test
  void statusSaysWhetherSomethingGotSlower() throws IOException {
    Path base = file("base", "cpu", 1, 0.001);
    String same = compare(0, base, file("b", "cpu", 1.01, 0.001));
    assertFalse(same.contains("undecided:"), same);
    compare(1, base, file("b", "cpu", 1.2, 0.001));
    assertTrue(compare(0, base, file("b", "cpu", 0.8, 0.001)).contains("1 faster"));
    String unknown = compare(0, file("a", "cpu", 1, 0.1), file("b", "cpu", 1.03, 0.1));
    assertTrue(unknown.contains("1 row is undecided: neither shown"), unknown);
    assertTrue(unknown.contains("least known is gemm.nn m64n64k64, ratio 0."), unknown);
  }

  /** What differs besides code is said in each report; of another processor nothing is judged. */
  @Test
  void sidesOfOtherMachinesFlagsAndJdks() throws IOException {
    Path base = file("base", "cpu", 1, 0.001);
    String machine = "different machines: processor cpu and another cpu";
    Path slow = file("b", "another cpu", 1.2, 0.001);
    for (String text : List.of(compare(2, base, slow), markdown())) {
      assertTrue(text.contains(machine), text);
      assertTrue(text.contains("0 regressions; 1 slower"), text);
    }
    Files.writeString(
        slow,
        Files.readString(base)
            .replace("\"flags\" : [ ]", "\"flags\" : [ \"-Xint\" ]")
            .replace("17+1 v", "21+1 v"));
    for (String text : List.of(compare(0, base, slow), markdown())) {
      assertTrue(text.contains("differ in JDK 17+1 v and 21+1 v; flags [] and [-Xint]."), text);
    }
  }

  @Test
  void smokeIsNoMeasurement() throws IOException {
    Path file = file("base", "cpu", 1, 0.001);
    assertFalse(compare(0, file, file).contains("smoke"));
    Files.writeString(file, Files.readString(file).replace("\"core\"", "\"smoke\""));
    String said = compare(0, file, file);
    assertTrue(said.contains("Rows of group smoke are too short to be timed"), said);
  }

  private String markdown() throws IOException {
    return Files.readString(out.resolve("comparison.md"));
  }

  /** Their forks count, and the report says what they are. */
  @Test
  void sidesOfAComparison() throws IOException {
    String stage = "\"stage\" : \"run\"";
    Path base = file("base", "cpu", 1, 0.001);
    Path slow = file("b", "cpu", 1.2, 0.001);
    for (Path file : List.of(base, slow)) {
      Files.writeString(file, Files.readString(file).replace(stage, "\"stage\" : \"confirm\""));
    }
    String said = compare(1, base, slow);
    assertTrue(said.contains("b.json is a side of a comparison (confirm)"), said);
    assertTrue(said.contains("1 regression; 1 slower"), said);
  }

  @Test
  void tooFewForksSayHowManyAreNeeded() throws IOException {
    Results run = Recorder.read(file("a", "cpu", 1, 0.001));
    String said = compare(2, some(run, 1, 2), some(run, 1, 2));
    assertTrue(
        said.contains("2 and 2 forks are too few to confirm anything among 1 row, needs 4 each"),
        said);
    said = compare(0, some(run, 20, 4), some(run, 20, 4));
    assertTrue(said.contains("20 the same"), said);
  }

  /** README: two files of the usual run are compared. */
  @Test
  void theForksOfCoreAreEnough() throws IOException {
    int forks = Group.CORE.forks();
    int rows = Grid.rows(Group.CORE, 2).size();
    assertTrue(RankTest.leastP(forks, forks) * rows < Rules.of(0.05).alpha());
  }

  /** Else nobody knows that with this collector, or this old file, arrays are not judged. */
  @Test
  void rowsWhoseArraysWereNotCountedAreNamed() throws IOException {
    Path base = file("base", "cpu", 1, 0.001);
    Path candidate = file("b", "cpu", 1, 0.001);
    assertFalse(compare(0, base, candidate).contains("counted"));
    String text = Files.readString(candidate);
    Files.writeString(candidate, text.replaceFirst(",\\s*\"arrays\" : 0", ""));
    for (String said : List.of(compare(0, base, candidate), markdown())) {
      assertTrue(said.contains("Not all forks of 1 row counted the arrays of numbers"), said);
      assertTrue(said.contains("found there: gemm.nn m64n64k64."), said);
    }
  }

  /** A file of so many rows like the first one of a run, with so many forks. */
  private Path some(Results run, int rows, int forks) throws IOException {
    List<RowResult> some = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      Row row = new Row("gemm.nn", "m64n64k" + (64 + i), 1);
      List<Sample> samples = run.rows().get(0).samples().subList(0, forks);
      some.add(new RowResult(row, row.work(), samples, List.of()));
    }
    Path file = folder.resolve("some.json");
    Recorder.write(with(run, run.timing(), some), file);
    return file;
  }

  @Test
  void reportsAreNotWrittenOver() throws IOException {
    Path good = file("good", "cpu", 1, 0.001);
    compare(0, good, good);
    refused("is there already, of another comparison", "" + good, "" + good, "--out", "" + out);
    refused("is there already, of another comparison", ".", ".", "--out", "" + out);
  }

  /** Whoever kills a run must know what to go on with. */
  @Test
  void thePlaceIsNamedFirst() {
    System.setProperty(ROOT, folder.resolve("nowhere").toString());
    String place = folder.resolve("place").toString();
    String said = run(2, ".", ".", "--out", place);
    assertTrue(said.startsWith("# results go to " + place + " after each fork"), said);
    assertFalse(said.contains("--minutes"), said);
    said = run(2, ".", ".", "--out", place, "--resume", "--minutes", "2");
    assertTrue(said.contains(place + " after each fork; none are there yet"), said);
    assertTrue(said.contains("longer than --minutes allows, so no row may be"), said);
  }

  @Test
  void withoutGitThereAreNoRevisions() {
    System.setProperty(ROOT, folder.toString());
    refused(folder + " is no git repository with a commit", "main", ".");
  }

  @Test
  void helpNamesExitCodes() {
    String help = run(0, "--help");
    assertTrue(help.contains("Exit codes:"), help);
    assertTrue(help.contains("1   a regression is confirmed, and nothing else"), help);
  }
}
