package io.lanewise.jmh.compare;

import io.lanewise.jmh.Commands;
import io.lanewise.jmh.report.Reports;
import io.lanewise.jmh.suite.Grid;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.LaunchOptions;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RunFolders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two builds, JDKs or results files, and says which rows got slower. */
@Command(
    description = {
      "Compares a candidate with a base: builds both, runs their benchmarks in turn (A B B A), each"
          + " fork a fresh JVM, until it is clear what is slower, faster or the same.",
      "Two results files are compared as they are."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Commands.EXIT_CODES,
    exitCodeList = {
      "0:no regression is confirmed, though rows may be undecided",
      Commands.REGRESSION,
      Commands.NO_VERDICT
    })
public final class BenchCompare implements Callable<Integer> {
  private static final String BASE = "base.json";
  private static final String CANDIDATE = "candidate.json";

  @Parameters(
      arity = "0..2",
      paramLabel = "SIDE",
      description =
          "base and candidate: a results file (then both are), a git revision, or . for the working"
              + " tree")
  private List<String> sides = new ArrayList<>();

  @Option(
      names = "--jdk",
      paramLabel = "HOME",
      description = "a side that is the working tree on another JDK; twice for both sides")
  private List<String> jdks = new ArrayList<>();

  @Option(
      names = "--base-flags",
      paramLabel = "OPTIONS",
      description =
          "JVM options of the base, such as \"-XX:UseAVX=2\"; LANEWISE_JAVA_OPTS adds to both")
  private String baseFlags = "";

  @Option(
      names = "--candidate-flags",
      paramLabel = "OPTIONS",
      description = "JVM options of the candidate")
  private String candidateFlags = "";

  @Option(
      names = "--group",
      paramLabel = "G",
      defaultValue = "core",
      description = "core (default), full, or for a try smoke, which is too short to be timed")
  private Group group;

  @Option(
      names = "--rows",
      paramLabel = "TEXT",
      description = "only rows whose benchmark and shape hold this text")
  private String only = "";

  @Option(
      names = "--fail-over",
      paramLabel = "P",
      defaultValue = "5%",
      description = "how much slower is a regression (default: 5%%)")
  private String failOver;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description =
          "look again only at as many unclear rows as there is time for; builds and the first forks"
              + " of all rows are made in any case")
  private double minutes = Double.POSITIVE_INFINITY;

  @Option(
      names = "--threads",
      paramLabel = "T",
      description = "threads of steps and inference (default: one for each processor)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where results and reports go (default: below runs)")
  private Path out;

  @Option(names = "--resume", description = "with --out, go on with a comparison that was ended")
  private boolean resume;

  @Option(
      names = "--history",
      paramLabel = "DIR",
      description = "a folder of earlier results files, for the trend in the report")
  private Path history;

  @Spec private CommandSpec spec;

  private BenchCompare() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command and returns its exit status. */
  static int run(String... args) {
    return Commands.run("bench-compare", new BenchCompare(), 2, args);
  }

  @Override
  public Integer call() throws IOException {
    if (!sides.isEmpty() && !jdks.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "which side is the base would not be clear: needs two of --jdk or two other sides, found "
              + sides.get(0)
              + " and --jdk "
              + jdks.get(0));
    }
    List<SideSpec> specs = new ArrayList<>();
    sides.forEach(side -> specs.add(new SideSpec(side, false, flags(specs.size()))));
    jdks.forEach(home -> specs.add(new SideSpec(home, true, flags(specs.size()))));
    if (specs.size() != 2) {
      throw new ParameterException(
          spec.commandLine(),
          "needs two sides, the base and then the candidate, found "
              + specs.size()
              + (jdks.size() == 1 ? ": --jdk " + jdks.get(0) + "; name the other --jdk, too" : ""));
    }
    if (specs.get(0).isFile() != specs.get(1).isFile()) {
      String other = specs.get(specs.get(0).isFile() ? 1 : 0).text();
      throw new ParameterException(
          spec.commandLine(),
          "a results file can only be compared with another, and "
              + other
              + (Files.exists(Path.of(other)) ? " is none" : " does not exist as a file"));
    }
    if (specs.get(0).isFile()) {
      String only = "two results files are compared as they are";
      Commands.refuse(spec, only, "--base-flags", "--candidate-flags", "--group", "--rows");
      Commands.refuse(spec, only, "--minutes", "--threads", "--resume");
    }
    if (resume && out == null) {
      throw new ParameterException(spec.commandLine(), "--resume needs --out DIR");
    }
    Rules rules = Rules.of(Percent.parse(failOver));
    if (threads < 1) {
      throw new IllegalArgumentException("--threads is " + threads + ", needs at least 1");
    }
    if (!(minutes > 0)) {
      throw new IllegalArgumentException("--minutes is " + minutes + ", needs more than 0");
    }
    for (SideSpec each : specs) {
      each.check();
    }
    // Here, as a file that cannot be read must not cost the verdict of hours.
    List<Results> earlier = history == null ? List.of() : Reports.history(history);
    Path folder = out == null ? RunFolders.fresh("compare") : out;
    if (!resume) {
      Reports.requireNew(folder);
    }
    Comparison comparison =
        specs.get(0).isFile()
            ? ofFiles(specs, rules)
            : measure(specs.get(0), specs.get(1), rules, folder);
    Files.createDirectories(folder);
    PrintWriter to = spec.commandLine().getOut();
    new Reports(comparison, folder, earlier).write(to);
    return comparison.exitStatus();
  }

  private String flags(int side) {
    return side == 0 ? baseFlags : candidateFlags;
  }

  private Comparison ofFiles(List<SideSpec> specs, Rules rules) throws IOException {
    Results base = Recorder.read(Path.of(specs.get(0).text()));
    Results candidate = Recorder.read(Path.of(specs.get(1).text()));
    return FileComparison.of(
        specs.get(0).label(specs.get(1)),
        specs.get(1).label(specs.get(0)),
        base,
        candidate,
        rules,
        Design.FILES);
  }

  private Comparison measure(SideSpec a, SideSpec b, Rules rules, Path folder) throws IOException {
    List<Row> rows = Grid.rows(group, threads, only);
    Files.createDirectories(folder);
    for (String file : List.of(BASE, CANDIDATE)) {
      Recorder.check(folder.resolve(file), resume, group.toString(), group.timing());
    }
    PrintWriter to = spec.commandLine().getOut();
    to.println(Recorder.place(folder, folder.resolve(BASE), resume));
    double seconds = 2 * rules.screen() * rows.size() * group.timing().forkSeconds();
    to.printf(
        "# %s; first forks take about %s%n",
        Plural.of(rows.size(), "row"), Plural.minutes(seconds));
    if (seconds > 60 * minutes) {
      to.println(
          "# that is longer than --minutes allows, so no row may be looked at again; --rows takes"
              + " fewer rows");
    }
    if (!LaunchOptions.ofUser().isEmpty()) {
      to.println("# both sides with " + String.join(" ", LaunchOptions.ofUser()));
    }
    to.flush();
    long start = System.nanoTime();
    TimeLimit limit =
        new TimeLimit(
            minutes,
            2 * rules.confirm() * group.timing().forkSeconds(),
            () -> (System.nanoTime() - start) / 1e9);
    try (Recorder base = recorder(a, a.label(b), folder.resolve(BASE));
        Recorder candidate = recorder(b, b.label(a), folder.resolve(CANDIDATE))) {
      Procedure procedure =
          new Procedure(
              rules,
              base,
              candidate,
              limit,
              text -> {
                to.printf("# %4.0f s: %s%n", (System.nanoTime() - start) / 1e9, text);
                to.flush();
              });
      List<RowVerdict> verdicts = procedure.run(rows);
      return Comparison.of(
          a.label(b),
          b.label(a),
          base.results(),
          candidate.results(),
          b.isJdk() ? b.text() : "",
          Design.ALTERNATING,
          rules,
          verdicts,
          limit.remarks());
    }
  }

  private Recorder recorder(SideSpec side, String label, Path file) throws IOException {
    Measurer measurer = side.start(label, group.timing());
    return resume && Files.exists(file)
        ? Recorder.resume(measurer, file, group.toString(), group.timing())
        : Recorder.begin(measurer, file, label, group.toString(), group.timing());
  }
}
