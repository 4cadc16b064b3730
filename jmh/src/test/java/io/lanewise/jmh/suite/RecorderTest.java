package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a run that ends in the middle, and who may go on with it. */
class RecorderTest {
  private static final Row ADD = new Row("elementwise.add", "size1000", 1);
  private static final Row RELU = new Row("elementwise.reluForward", "size1000", 1);
  private static final Timing TIMING = Group.CORE.timing();

  @TempDir Path folder;

  /** A machine that is switched off after some forks, or whose answers are wrong. */
  private static final class Fake implements Measurer {
    private final String build;
    private int left;
    private double fma = 100;
    private int lowTimes;
    private int measured;
    private boolean wrong;
    private boolean closed;

    Fake(String build, int left) {
      this.build = build;
      this.left = left;
    }

    @Override
    public Host host() {
      return new Host("cpu", 2, "os", "jdk", "vm", List.of("-Xmx1g"), "simd", "rev", build);
    }

    @Override
    public Ceilings ceilings(int pass, int threads) {
      measured++;
      double now = lowTimes-- > 0 ? fma / 2 + lowTimes : fma;
      return new Ceilings(pass, threads, now, 2 * now, 100, 50, 20, 0);
    }

    @Override
    public Sample fork(Row row) throws IOException, MeasureException {
      if (left-- == 0) {
        throw new IOException("switched off");
      }
      if (wrong) {
        throw new MeasureException("value 0 is 1, needs 2; not timed", null);
      }
      return new Sample("", 0, 10, 0, 0, 0, List.of(9.0, 10.0, 11.0), List.of());
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static void run(Recorder recorder) throws IOException {
    for (int pass = 0; pass < 3; pass++) {
      recorder.fork(ADD, "run", pass, pass);
      recorder.fork(RELU, "run", pass, pass);
    }
  }

  @Test
  void anEndedRunKeepsItsForksAndGoesOn() throws IOException {
    Path file = folder.resolve("run.json");
    Recorder first = Recorder.begin(new Fake("a", 4), file, "", "core", TIMING);
    assertThrows(IOException.class, () -> run(first));
    first.close();
    Results kept = Recorder.read(file);
    assertEquals(6 - 4, SuiteRun.forksLeft(kept, List.of(ADD, RELU), 3));
    assertEquals(1, SuiteRun.forksLeft(kept, List.of(ADD), 3));
    assertEquals(0, SuiteRun.forksLeft(kept, List.of(ADD), 1));
    assertEquals(2, kept.row(ADD).samples().size());
    assertEquals(2, kept.row(RELU).samples().size());
    Fake fake = new Fake("a", 2);
    run(Recorder.resume(fake, file, "core", TIMING));
    Results whole = Recorder.read(file);
    assertEquals(0, fake.left);
    assertEquals(3, whole.row(ADD).samples().size());
    assertEquals(List.of(9.0, 10.0, 11.0), whole.row(RELU).samples().get(2).iterations());
    // 12000 bytes in the first cache at 200 GB/s take 60 ns; the call took 10 us.
    assertEquals(0.006, whole.row(ADD).fraction(), 1e-9);
    assertFalse(Files.exists(folder.resolve("run.json.next")));
  }

  /** Two processors on one core for a second must not bound what is measured for minutes. */
  @Test
  void ceilingsThatAreLowForAMomentAreMeasuredAgain() throws IOException, MeasureException {
    Fake fake = new Fake("a", 9);
    try (Recorder recorder = Recorder.begin(fake, null, "", "core", TIMING)) {
      assertEquals(100, recorder.ceilings("run", 0, 2).fma());
      fake.lowTimes = 3;
      assertEquals(100, recorder.ceilings("run", 1, 2).fma());
      fake.measured = 0;
      fake.lowTimes = 12;
      assertEquals(61, recorder.ceilings("run", 2, 2).fma(), "the best of those that are low");
      assertEquals(8, fake.measured);
      fake.lowTimes = 1;
      assertEquals(50, recorder.ceilings("run", 3, 1).fma(), "one thread was not measured before");
    }
  }

  /** Files of before arrays were counted say nothing of them, which is not none. */
  @Test
  void arraysThatWereNotCountedAreNotNone() throws IOException {
    Path file = folder.resolve("run.json");
    try (Recorder recorder = Recorder.begin(new Fake("a", 9), file, "", "core", TIMING)) {
      recorder.fork(ADD, "run", 0, 0);
    }
    RowResult counted = Recorder.read(file).row(ADD);
    assertEquals(0, counted.samples().get(0).arrays());
    assertEquals(0, counted.arrays().orElseThrow());
    String text = Files.readString(file);
    String old = text.replaceFirst("\"arrays\" : 0,\\s*", "");
    assertNotEquals(text, old);
    RowResult unknown = Recorder.read(Files.writeString(file, old)).row(ADD);
    assertNull(unknown.samples().get(0).arrays());
    assertTrue(unknown.arrays().isEmpty());
  }

  /** The machine may have another clock when a run goes on. */
  @Test
  void whatGoesOnIsSetAgainstCeilingsOfTheSameHour() throws IOException {
    Path file = folder.resolve("run.json");
    try (Recorder first = Recorder.begin(new Fake("a", 9), file, "", "core", TIMING)) {
      first.fork(ADD, "run", 0, 0);
    }
    Fake slower = new Fake("a", 9);
    slower.fma = 50;
    try (Recorder second = Recorder.resume(slower, file, "core", TIMING)) {
      second.fork(ADD, "run", 0, 0);
      second.fork(ADD, "run", 1, 0);
      second.fork(RELU, "run", 0, 0);
    }
    Results whole = Recorder.read(file);
    assertEquals(0.006, whole.row(ADD).samples().get(0).fraction(), 1e-9);
    assertEquals(0.012, whole.row(ADD).samples().get(1).fraction(), 1e-9);
    assertEquals(2, whole.ceilings().get("run").size());
  }

  @Test
  void onlyItsOwnRunIsResumed() throws IOException {
    Path file = folder.resolve("run.json");
    try (Recorder recorder = Recorder.begin(new Fake("a", 9), file, "", "core", TIMING)) {
      run(recorder);
    }
    Exception build = refused(() -> Recorder.resume(new Fake("b", 9), file, "core", TIMING));
    assertEquals(
        file
            + " cannot be resumed, it and this run differ in build a and b; another --out begins"
            + " anew",
        build.getMessage());
    Timing full = Group.FULL.timing();
    Exception group = refused(() -> Recorder.resume(new Fake("a", 9), file, "full", full));
    assertTrue(group.getMessage().contains("differ in group core and full;"), group.getMessage());
    Path other = Files.writeString(folder.resolve("other.json"), "{\"format\": 7");
    assertTrue(refused(() -> Recorder.read(other)).getMessage().contains("is no results file"));
  }

  @Test
  void aFileIsWrittenByOneRunAtATimeAndNeverOver() throws IOException {
    Path file = folder.resolve("deep/er/run.json");
    try (Recorder recorder = Recorder.begin(new Fake("a", 9), file, "", "core", TIMING)) {
      Exception second = refused(() -> Recorder.begin(new Fake("a", 9), file, "", "core", TIMING));
      assertTrue(
          second.getMessage().contains("is being written by another run"), second.toString());
      run(recorder);
    }
    Exception over = refused(() -> Recorder.begin(new Fake("a", 9), file, "", "core", TIMING));
    assertTrue(over.getMessage().contains("is there already: --resume"), over.getMessage());
    Recorder.resume(new Fake("a", 9), file, "core", TIMING).close();
  }

  /** A lock stands beside a file; beside a folder it would be in a place that nobody named. */
  @Test
  void aFolderGetsNoLock() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    refused(() -> Recorder.resume(new Fake("a", 9), inner, "core", TIMING));
    refused(() -> Recorder.begin(new Fake("a", 9), inner, "", "core", TIMING));
    assertFalse(Files.exists(folder.resolve("inner.lock")));
  }

  /** A JVM that was started for a file which cannot be written does not stay. */
  @Test
  void aMeasurerThatIsOfNoUseIsClosed() throws IOException {
    Fake fake = new Fake("a", 9);
    refused(() -> Recorder.begin(fake, folder, "", "core", TIMING));
    assertTrue(fake.closed);
    Path other = Files.writeString(folder.resolve("other.json"), "{}");
    Fake second = new Fake("a", 9);
    refused(() -> Recorder.resume(second, other, "core", TIMING));
    assertTrue(second.closed);
  }

  /** Whoever misspells the file to go on with learns it before minutes have passed. */
  @Test
  void whatThereIsToGoOnWith() throws IOException {
    Path file = folder.resolve("run.json");
    String plain = "# results go to " + file + " after each fork";
    assertEquals(plain, Recorder.place(file, file, false));
    assertEquals(plain + "; none are there yet, so a run begins", Recorder.place(file, file, true));
    Files.createFile(file);
    assertEquals(plain, Recorder.place(file, file, true));
  }

  private interface Reading {
    Object read() throws IOException;
  }

  private static Exception refused(Reading reading) {
    return assertThrows(IllegalArgumentException.class, reading::read);
  }

  @Test
  void aWrongAnswerFailsTheRun() throws IOException {
    Fake fake = new Fake("a", 9);
    Recorder recorder = Recorder.begin(fake, null, "", "core", TIMING);
    assertTrue(recorder.fork(ADD, "run", 0, 0));
    fake.wrong = true;
    assertFalse(recorder.fork(RELU, "run", 0, 0));
    assertFalse(recorder.fork(RELU, "run", 1, 1));
    assertEquals(
        List.of("value 0 is 1, needs 2; not timed"), recorder.results().row(RELU).failures());
    assertTrue(recorder.results().failed());
  }

  /** 4 slow calls of 10, 7, 4 and 3, then 12 of 2: 24 - 4 * 2 are lost. */
  @Test
  void lostTimeIsWhatCallsTookBeyondTheSteadyOnes() {
    double[] ends = new double[16];
    double[] first = {10, 7, 4, 3};
    double end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += i < first.length ? first[i] : 2;
      ends[i] = end;
    }
    assertEquals(16, FreshRuns.lostNanos(ends), 1e-9);
    // The last calls are slower than the first: 10 - 4 * 4 is no time.
    assertEquals(4, FreshRuns.lostNanos(new double[] {1, 2, 6, 10}), 1e-9);
  }
}
