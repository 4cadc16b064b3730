package io.lanewise.jmh.gate;

import io.lanewise.jmh.Commands;
import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.compare.Design;
import io.lanewise.jmh.compare.FileComparison;
import io.lanewise.jmh.compare.Percent;
import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.report.Reports;
import io.lanewise.jmh.suite.Grid;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.RunFolders;
import io.lanewise.jmh.suite.SuiteRun;
import io.lanewise.jmh.suite.Timing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the working tree against stored runs of machines like this one. */
@Command(
    description = {
      "Runs the suite and compares it with the baselines of the same processor, JDK and flags, as"
          + " shares of the peaks measured in the same run. Rows that only one side has are named,"
          + " and the others judged."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Commands.EXIT_CODES,
    exitCodeList = {
      "0:no regression is confirmed, though rows may be undecided; or the run is stored",
      Commands.REGRESSION,
      "2:something could not be done, measured or judged, or no baseline applies"
    })
public final class BenchGate implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "a results file of scripts/bench --group, instead of a run now")
  private Path file;

  @Option(
      names = "--group",
      paramLabel = "G",
      defaultValue = "core",
      description = "core or full (default: core)")
  private Group group;

  @Option(
      names = "--rows",
      paramLabel = "TEXT",
      description = "only rows whose benchmark and shape hold this text")
  private String only = "";

  @Option(
      names = "--baselines",
      paramLabel = "DIR",
      description = "where baselines are (default: jmh/baselines)")
  private Path folder = Path.of(System.getProperty("bench.root", "."), "jmh", "baselines");

  @Option(
      names = "--fail-over",
      paramLabel = "P",
      defaultValue = "10%",
      description =
          "how much slower is a regression (default: 10%%, as another day is noise of its own)")
  private String failOver;

  @Option(names = "--record", description = "store the run as a baseline instead of checking it")
  private boolean record;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where results and reports go (default: below runs)")
  private Path out;

  @Option(names = "--resume", description = "with --out, go on with a run that was ended")
  private boolean resume;

  @Spec private CommandSpec spec;

  private BenchGate() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command and returns its exit status. */
  static int run(String... args) {
    return Commands.run("bench-gate", new BenchGate(), 2, args);
  }

  @Override
  public Integer call() throws IOException {
    Rules rules = Rules.of(Percent.parse(failOver));
    PrintWriter to = spec.commandLine().getOut();
    Baselines baselines = new Baselines(folder);
    if (resume && out == null) {
      throw new ParameterException(spec.commandLine(), "--resume needs --out DIR");
    }
    if (file != null) {
      Commands.refuse(spec, file + " is judged as it is", "--group", "--resume");
    }
    if (record) {
      Commands.refuse(spec, "--record stores a run and judges none", "--fail-over");
    }
    out = out == null ? RunFolders.fresh("gate") : out;
    if (!resume && !record) {
      Reports.requireNew(out);
    }
    Results run = file == null ? null : given();
    String wanted = run == null ? group.toString() : run.group();
    if (wanted.equals(Group.SMOKE.toString())) {
      throw new IllegalArgumentException(
          "rows of group smoke are too short to be timed and cannot be judged; needs core or full");
    }
    if (record) {
      store(run == null ? measure(to) : run, baselines, to);
      return 0;
    }
    Host host = run == null ? Host.here() : run.host();
    Timing timing = run == null ? group.timing() : run.timing();
    List<Results> all = baselines.all(wanted);
    List<Results> fitting = fitting(all, wanted, host, timing, to);
    if (fitting.isEmpty()) {
      return 2;
    }
    run = run == null ? measure(to) : run;
    Comparison comparison =
        FileComparison.of(
            Plural.of(fitting.size(), "baseline"),
            "this run",
            Baselines.pooled(fitting).only(only),
            run,
            rules,
            Design.CEILINGS);
    Files.createDirectories(out);
    List<Results> runs = new ArrayList<>(all);
    runs.add(run);
    new Reports(comparison, out, runs).write(to);
    return comparison.exitStatus();
  }

  /** The run of the file that was named. */
  private Results given() throws IOException {
    Results run = Recorder.read(file);
    if (!run.otherStages().isEmpty()) {
      throw new IllegalArgumentException(
          file
              + " is a side of a comparison ("
              + String.join(", ", run.otherStages())
              + "), measured where another side was; needs a run of scripts/bench --group");
    }
    Results some = run.only(only);
    if (some.rows().isEmpty()) {
      throw new IllegalArgumentException(
          file + " holds no row" + (only.isEmpty() ? "" : " with '" + only + "'"));
    }
    return some;
  }

  private static void store(Results run, Baselines baselines, PrintWriter to) throws IOException {
    if (run.failed()) {
      throw new IllegalArgumentException(
          "a run with failures is no baseline; the first is " + firstFailure(run));
    }
    Group of = Group.valueOf(run.group().toUpperCase(Locale.ROOT));
    int rows = Grid.rows(of, run.host().processors()).size();
    to.println("stored " + baselines.store(run));
    long held = run.rows().stream().filter(row -> !row.samples().isEmpty()).count();
    if (held < rows) {
      String part = held + " of " + Plural.of(rows, "row") + " of " + of;
      to.println("it holds " + part + "; no gate judges the others by it");
    }
    to.flush();
  }

  private static String firstFailure(Results run) {
    return run.rows().stream()
        .filter(row -> !row.failures().isEmpty())
        .map(row -> row.row() + ": " + row.failures().get(0))
        .findFirst()
        .orElseThrow();
  }

  private Results measure(PrintWriter to) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    return SuiteRun.run(group, threads, out.resolve("run.json"), resume, group.forks(), only, to);
  }

  /** The baselines that apply; of the others it says why not. */
  private List<Results> fitting(
      List<Results> all, String wanted, Host host, Timing timing, PrintWriter to) {
    List<Results> fitting = new ArrayList<>();
    for (Results each : all) {
      List<String> differences = new ArrayList<>(each.host().differences(host));
      if (!each.otherStages().isEmpty()) {
        differences.add("what they are: it is a side of a comparison");
      }
      if (!Objects.equals(timing, each.timing())) {
        differences.add("forks at " + each.timing() + " and " + timing);
      }
      if (differences.isEmpty()) {
        fitting.add(each);
      } else {
        to.printf(
            "# the baseline of %s does not apply, it and this run differ in %s%n",
            each.started(), String.join("; ", differences));
      }
    }
    if (all.isEmpty()) {
      to.println("bench-gate: " + folder + " has no baseline of " + wanted + "; see --record");
    } else if (fitting.isEmpty()) {
      String some = Plural.of(all.size(), "baseline");
      to.println("bench-gate: of " + some + " none applies to this machine");
    }
    to.flush();
    return fitting;
  }
}
