package io.lanewise.jmh;

import io.lanewise.jmh.suite.ChildJvm;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.HandOver;
import io.lanewise.jmh.suite.JmhLog;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Share;
import io.lanewise.jmh.suite.SuiteRun;
import io.lanewise.jmh.suite.TempFiles;
import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.peak.Peaks;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the benchmarks of a family and prints them against the machine's peaks. */
@Command(
    description = {
      "Runs the benchmarks of a family with JMH, each after a check of its answer, and prints"
          + " rows.",
      "Times are medians of iterations, in microseconds, +- half the range from fastest to slowest."
          + " FLOPs are those of a plain sum of products, bytes those of the arrays touched once."
          + " \"Of peak\" is against whichever allows less: multiply-adds, or a triad over as many"
          + " bytes, both measured in this process."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Commands.EXIT_CODES,
    exitCodeList = {Commands.DONE, Commands.NOT_DONE, Commands.NOT_READ})
public final class Bench implements Callable<Integer> {
  private static final String HEAD = "%-26s %-32s %11s %6s %8s %6s %9s%n";
  private static final String ROW = "%-26s %-32s %11.2f %6.1f %8s %6s %9s%n";
  private static final TimeValue QUICK = TimeValue.milliseconds(300);

  /** How long compilers may take to come to rest: whole nets need the most. */
  private static final int SETTLE_MILLIS = 15_000;

  private static final int QUICK_SETTLE_MILLIS = 2_000;

  /** The ratio of the peaks at start and end that is worth a word. */
  private static final double PEAKS_APART = 1.25;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FAMILY",
      description =
          "gemm, conv, depthwise, pool, norm, elementwise, softmax, update, step, infer or peak")
  private String family;

  @Parameters(
      index = "1..*",
      paramLabel = "SHAPE|FILE",
      description =
          "shape texts (MODEL_bN for step and infer), or files with one a line; without, a few"
              + " usual ones")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "T",
      description = "threads (default: one for each processor)")
  private Integer threads;

  @Option(names = "--json", paramLabel = "FILE", description = "write JMH's results as JSON")
  private Path json;

  @Option(names = "--quick", description = "few and short iterations: a rough idea")
  private boolean quick;

  @Option(
      names = "--group",
      paramLabel = "G",
      description =
          "instead of a family, run the suite: smoke (under 2 minutes, for errors only), core"
              + " (about 18) or full (hours)")
  private Group group;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "with --group, write results after each fork")
  private Path out;

  @Option(names = "--resume", description = "with --out, go on with a run that was ended")
  private boolean resume;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "with --group, JVMs for each row (default: as the group has)")
  private Integer forks;

  @Option(
      names = "--rows",
      paramLabel = "TEXT",
      description = "with --group, only rows whose benchmark and shape hold this text")
  private String only = "";

  @Spec private CommandSpec spec;

  private final Collection<RunResult> results = new ArrayList<>();

  private Bench() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command and returns its exit code: 0 done, 1 could not be done, 2 wrong usage. */
  static int run(String... args) {
    return Commands.run("bench", new Bench(), 1, args);
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    // Here and now, as the forks would only fail later.
    LanesProvider.description();
    if (threads != null && threads < 1) {
      throw new IllegalArgumentException("--threads is " + threads + ", needs at least 1");
    }
    if (group != null) {
      return suite();
    }
    if (family == null) {
      throw new ParameterException(
          spec.commandLine(), "needs a FAMILY or --group; families are " + Family.names());
    }
    String alone = "a FAMILY is printed alone, only a --group is kept";
    Commands.refuse(spec, alone, "--out", "--resume", "--forks", "--rows");
    Family wanted = Family.of(family);
    Path folder = json == null ? null : json.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("--json: " + folder + " is no folder");
    }
    int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    ShapeArguments shapes = new ShapeArguments(wanted, arguments, count);
    PrintWriter out = spec.commandLine().getOut();
    for (String shape : shapes.skipped()) {
      out.printf("# skipped %s: no shape of %s%n", shape, wanted);
    }
    if (shapes.shapes().isEmpty()) {
      throw new IllegalArgumentException("found no shape of " + wanted);
    }
    try (Parallel parallel = Parallel.of(count)) {
      Peaks peaks = new Peaks(parallel);
      out.printf(
          Locale.ROOT,
          "# %s, java %s, %s; peak %.1f GFLOP/s, memory %.1f GB/s%s%n",
          LanesProvider.description(),
          Runtime.version(),
          Plural.of(count, "thread"),
          peaks.fma(),
          peaks.bandwidth(Peaks.MEMORY_BYTES),
          HandOver.text(HandOver.nanos(parallel)));
      out.printf(HEAD, "benchmark", "shape", "us", "+-%", "GFLOP/s", "GB/s", "of peak");
      for (String shape : shapes.shapes()) {
        out.flush();
        for (RunResult result : run(wanted, shape, count)) {
          results.add(result);
          print(out, wanted, shape, count, result, peaks);
        }
      }
      double last = new Peaks(parallel).fma();
      if (Math.max(last, peaks.fma()) > PEAKS_APART * Math.min(last, peaks.fma())) {
        out.printf(
            Locale.ROOT,
            "# peak %.1f GFLOP/s at the end, not that of the start, which \"of peak\" means%n",
            last);
      }
      out.flush();
    } finally {
      // A shape that fails takes nothing from those before it.
      writeJson();
    }
    return 0;
  }

  private void writeJson() throws IOException {
    if (json != null && !results.isEmpty()) {
      try (PrintStream file = new PrintStream(json.toFile(), "UTF-8")) {
        ResultFormatFactory.getInstance(ResultFormatType.JSON, file).writeOut(results);
      }
    }
  }

  /** Runs a group; a benchmark whose answer is wrong, or which fails, fails the run. */
  private int suite() throws IOException {
    if (family != null || json != null || quick) {
      throw new ParameterException(
          spec.commandLine(), "--group stands alone: no FAMILY, --json or --quick");
    }
    if (forks != null && forks < 1) {
      throw new IllegalArgumentException("--forks is " + forks + ", needs at least 1");
    }
    if (resume && out == null) {
      throw new ParameterException(spec.commandLine(), "--resume needs --out FILE");
    }
    int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    PrintWriter to = spec.commandLine().getOut();
    int passes = forks == null ? group.forks() : forks;
    Results results = SuiteRun.run(group, count, out, resume, passes, only, to);
    return results.failed() ? 1 : 0;
  }

  private Collection<RunResult> run(Family wanted, String shape, int count)
      throws IOException, RunnerException {
    Path log = TempFiles.create("lanewise-bench", ".log");
    List<String> flags = new ArrayList<>(ChildJvm.moduleOptions());
    flags.add("-D" + Settling.LIMIT + "=" + (quick ? QUICK_SETTLE_MILLIS : SETTLE_MILLIS));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(wanted.benchmark().getName()) + "\\.")
            .param("shape", shape)
            .param("threads", Integer.toString(count))
            .shouldFailOnError(true)
            .jvmArgsPrepend(flags.toArray(new String[0]))
            .output(log.toString());
    if (quick) {
      options.forks(1).warmupIterations(5).warmupTime(QUICK);
      options.measurementIterations(5).measurementTime(QUICK);
    }
    try {
      Collection<RunResult> found = JmhLog.run(wanted + " " + shape, options.build(), log);
      Files.delete(log);
      return found;
    } catch (RunnerException e) {
      Path kept = Files.move(log, Path.of(log + ".failed"));
      throw new RunnerException(e.getMessage() + "; see " + kept, e);
    }
  }

  private static void print(
      PrintWriter out, Family family, String shape, int threads, RunResult result, Peaks peaks) {
    String name = result.getParams().getBenchmark();
    String method = name.substring(name.lastIndexOf('.') + 1);
    Statistics micros = result.getPrimaryResult().getStatistics();
    double median = micros.getPercentile(50);
    double nanos = median * 1000;
    Work work = family.work(method, shape, threads);
    double flopNanos = work.flops() / peaks.fma();
    double byteNanos = work.bytes() == 0 ? 0 : work.bytes() / peaks.bandwidth(work.footprint());
    out.printf(
        Locale.ROOT,
        ROW,
        family + "." + method,
        shape,
        median,
        50 * (micros.getMax() - micros.getMin()) / median,
        rate(work.flops() / nanos),
        rate(work.bytes() / nanos),
        Share.text(Math.max(flopNanos, byteNanos) / nanos)
            + (flopNanos > byteNanos ? " fma" : " mem"));
  }

  private static String rate(double value) {
    return value == 0 ? "-" : String.format(Locale.ROOT, "%.1f", value);
  }
}
