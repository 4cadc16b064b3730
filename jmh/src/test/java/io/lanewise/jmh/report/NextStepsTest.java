package io.lanewise.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.compare.Design;
import io.lanewise.jmh.compare.RowVerdict;
import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.compare.Verdict;
import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.Row;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands that run a row as the slow side did. */
class NextStepsTest {
  private static final Row ROW = new Row("gemm.nn", "m64n64k64", 1);

  @AfterEach
  void forget() {
    System.clearProperty("bench.revision");
    System.clearProperty("bench.pages");
  }

  private static String first(Row row, String home, String jdk, String revision, String... flags) {
    Host host = new Host("cpu", 2, "os", jdk, "vm", List.of(flags), "simd", revision, "b");
    Ceilings ceilings = new Ceilings(0, 1, 100, 200, 100, 50, 20, 0);
    Comparison comparison =
        new Comparison(
            "a",
            "b",
            host,
            host,
            home,
            "core",
            Design.FILES,
            ceilings,
            Rules.of(0.05),
            List.of(),
            List.of());
    return NextSteps.of(comparison, row).get(0);
  }

  @Test
  void whatTheScriptsDoAnywayIsNotSaid() {
    System.setProperty("bench.revision", "0123456789ab");
    System.setProperty("bench.pages", "-XX:+UseTransparentHugePages");
    String[] usual = {
      "--add-modules=jdk.incubator.vector", "-XX:+UseParallelGC", "-XX:+UseTransparentHugePages"
    };
    String plain = "scripts/profile gemm.nn m64n64k64";
    assertEquals(plain, first(ROW, "", Host.ownJdk(), "0123456789ab", usual));
    assertEquals(plain, first(ROW, "", Host.ownJdk(), "0123456789cd-changed", usual));
  }

  @Test
  void threadsJdkFlagsAndRevisionAreThoseOfTheSlowSide() {
    Row threads = new Row("step.train", "mlp_b4", 2);
    assertEquals(
        "scripts/profile step.train mlp_b4 --threads 2", first(threads, "", Host.ownJdk(), "x"));
    assertEquals(
        "LANEWISE_REVISION=0123456789ab JAVA_HOME=/opt/jdk-b"
            + " LANEWISE_JAVA_OPTS='-XX:UseAVX=2 -Xmx1g' scripts/profile gemm.nn m64n64k64",
        first(ROW, "/opt/jdk-b", "99", "0123456789ab", "-XX:UseAVX=2", "-Xmx1g"));
    assertEquals(
        "JAVA_HOME='the home of JDK 99+1 V' LANEWISE_JAVA_OPTS=-Xint scripts/profile gemm.nn"
            + " m64n64k64",
        first(ROW, "", "99+1 V", "unknown", "-Xint"));
  }

  /** A row may be as fast as before and yet be a regression. */
  @Test
  void theQuestionIsWhatWasFound() {
    assertEquals("Why is x slower?", NextSteps.question(verdict(Verdict.SLOWER, false), "x"));
    assertEquals("Why does x allocate more?", NextSteps.question(verdict(Verdict.SAME, true), "x"));
    assertEquals(
        "Why is x slower, and why does it allocate more?",
        NextSteps.question(verdict(Verdict.SLOWER, true), "x"));
  }

  private static RowVerdict verdict(Verdict time, boolean moreBytes) {
    return new RowVerdict(
        ROW, time, true, 1, 1, 1, 1, 8, 9, 9, 0, 0, 0, 64, moreBytes, 0.0, 0.0, false, "");
  }
}
