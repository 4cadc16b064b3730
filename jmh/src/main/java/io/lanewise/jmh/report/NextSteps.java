package io.lanewise.jmh.report;

import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.compare.RowVerdict;
import io.lanewise.jmh.compare.Verdict;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.LaunchOptions;
import io.lanewise.jmh.suite.Row;
import java.util.ArrayList;
import java.util.List;

/** What to do about a slow row of the candidate. */
final class NextSteps {
  private NextSteps() {}

  /** The question that they answer, of a row that is named as the report names rows. */
  static String question(RowVerdict verdict, String name) {
    boolean slower = verdict.verdict() == Verdict.SLOWER;
    if (!verdict.allocatesMore()) {
      return "Why is " + name + " slower?";
    }
    return slower
        ? "Why is " + name + " slower, and why does it allocate more?"
        : "Why does " + name + " allocate more?";
  }

  /** Commands, the first one first, which run the row as the candidate did. */
  static List<String> of(Comparison comparison, Row row) {
    if (row.isFresh()) {
      return List.of("JVM options -Xlog:startuptime", "-Xlog:class+load");
    }
    String as = environment(comparison);
    String what = row + (row.threads() == 1 ? "" : " --threads " + row.threads());
    return List.of(as + "scripts/profile " + what, as + "scripts/asm " + what);
  }

  /** Build, JDK and flags of the candidate, where the scripts would not choose them anyway. */
  private static String environment(Comparison comparison) {
    Host host = comparison.candidate();
    StringBuilder text = new StringBuilder();
    if (host.revision().matches("[0-9a-f]{7,40}")
        && !host.revision().equals(System.getProperty("bench.revision"))) {
      text.append("LANEWISE_REVISION=").append(host.revision()).append(' ');
    }
    String home = comparison.candidateHome();
    if (home.isEmpty() && !host.jdk().equals(Host.ownJdk())) {
      // No folder: the scripts refuse it, so that no other JDK is run unnoticed.
      home = "the home of JDK " + host.jdk();
    }
    if (!home.isEmpty()) {
      text.append("JAVA_HOME=").append(quoted(home)).append(' ');
    }
    List<String> flags = new ArrayList<>(host.flags());
    flags.removeAll(LaunchOptions.usual());
    flags.remove(LaunchOptions.QUIET);
    if (!flags.isEmpty()) {
      text.append("LANEWISE_JAVA_OPTS=").append(quoted(String.join(" ", flags))).append(' ');
    }
    return text.toString();
  }

  private static String quoted(String value) {
    return value.matches("[\\w./:+=,-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}
