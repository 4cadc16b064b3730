package io.lanewise.jmh.explain;

import io.lanewise.jmh.Commands;
import io.lanewise.jmh.Family;
import io.lanewise.jmh.suite.ChildJvm;
import io.lanewise.jmh.suite.JmhLog;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.TempFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says why a row is as fast as it is: by a flight recording, or by the code that C2 made. */
@Command(
    description = {
      "Runs one benchmark and says where its time goes (scripts/profile), or prints the innermost"
          + " loops that C2 compiled, with spills counted (scripts/asm)."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Commands.EXIT_CODES,
    exitCodeList = {Commands.DONE, Commands.NOT_DONE, Commands.NOT_READ})
public final class Explain implements Callable<Integer> {
  /** What JVMs call x86-64. */
  private static final List<String> X86 = List.of("amd64", "x86_64");

  private static final int METHODS = 3;
  private static final int LOOPS = 8;
  private static final String UNASKED = "; no SHAPE was given, this is the first that is usual";

  @Parameters(index = "0", paramLabel = "BENCHMARK", description = "such as conv.forward")
  private String benchmark;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SHAPE",
      description = "the text of a shape, or MODEL_bN (default: the first that is usual)")
  private String shape;

  @Option(names = "--threads", paramLabel = "T", description = "threads (default: 1)")
  private int threads = 1;

  @Option(names = "--seconds", paramLabel = "S", description = "how long (default: 5)")
  private int seconds = 5;

  @Option(names = "--asm", hidden = true)
  private boolean asm;

  @Option(
      names = "--all",
      description = "the text of all loops that are counted, not of the first alone")
  private boolean all;

  @Spec private CommandSpec spec;

  private Explain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command and returns its exit status. */
  static int run(String... args) {
    String name = List.of(args).contains("--asm") ? "asm" : "profile";
    return Commands.run(name, new Explain(), 1, args);
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    if (threads < 1 || seconds < 1) {
      throw new IllegalArgumentException(
          "found --threads " + threads + " and --seconds " + seconds + ", needs at least 1 each");
    }
    String arch = System.getProperty("os.arch");
    if (asm && !X86.contains(arch)) {
      throw new IllegalArgumentException(
          "asm reads machine code of x86-64, found " + arch + "; scripts/profile is for all");
    }
    if (!asm) {
      Commands.refuse(spec, "a profile prints no loops, scripts/asm does", "--all");
    }
    if (Row.isFresh(benchmark)) {
      throw new IllegalArgumentException(
          benchmark + " is the start of a JVM; use -Xlog:startuptime or -Xlog:class+load there");
    }
    boolean given = shape != null;
    if (!given) {
      shape = Family.of(benchmark.replaceFirst("\\..*", "")).shapes().get(0);
    }
    Row row = new Row(benchmark, shape, threads);
    PrintWriter out = spec.commandLine().getOut();
    out.println("# " + row + ", " + Plural.of(threads, "thread") + (given ? "" : UNASKED));
    out.flush();
    Path folder = Files.createTempDirectory("lanewise-explain");
    Profile profile = Profile.read(record(row, folder));
    if (asm) {
      List<String> methods = profile.hottestMethods(METHODS);
      out.println("hottest compiled methods: " + String.join(", ", methods));
      printLoops(HotLoop.find(compile(row, methods, folder.resolve("vm.log"))), all, out);
      TempFiles.deleteFolder(folder);
    } else {
      out.println(profile);
      out.println("the recording is in " + folder + "; jfr or JDK Mission Control show more");
    }
    out.flush();
    return 0;
  }

  private ChainedOptionsBuilder options(Row row, Path log) {
    Family family = Family.of(row.benchmark().replaceFirst("\\..*", ""));
    String method = row.benchmark().replaceFirst(".*\\.", "");
    return new OptionsBuilder()
        .include("^" + Pattern.quote(family.benchmark().getName() + "." + method) + "$")
        .param("shape", row.shape())
        .param("threads", Integer.toString(row.threads()))
        .forks(1)
        .warmupIterations(3)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(1)
        .measurementTime(TimeValue.seconds(seconds))
        .shouldFailOnError(true)
        .jvmArgsPrepend(ChildJvm.moduleOptions().toArray(new String[0]))
        .output(log.toString());
  }

  private static void run(Row row, Options options, Path log) throws IOException, RunnerException {
    try {
      JmhLog.run(row, options, log);
    } catch (RunnerException e) {
      throw new RunnerException(e.getMessage() + "; see " + log, e);
    }
  }

  /** Records a fork and returns the recording. */
  private Path record(Row row, Path folder) throws IOException, RunnerException {
    ChainedOptionsBuilder options = options(row, folder.resolve("jmh.log"));
    options.addProfiler("jfr", "dir=" + folder + ";configName=profile");
    run(row, options.build(), folder.resolve("jmh.log"));
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jfr"))
          .findFirst()
          .orElseThrow(() -> new IOException("JMH left no recording in " + folder));
    }
  }

  /** Runs a fork that prints the code of some methods, and returns what it printed. */
  private List<String> compile(Row row, List<String> methods, Path log)
      throws IOException, RunnerException {
    List<String> flags = new ArrayList<>();
    flags.add("-XX:+UnlockDiagnosticVMOptions");
    flags.add("-XX:+LogVMOutput");
    flags.add("-XX:-DisplayVMOutput");
    flags.add("-XX:LogFile=" + log);
    flags.add("-XX:PrintAssemblyOptions=intel");
    methods.forEach(method -> flags.add("-XX:CompileCommand=print," + method));
    Path jmhLog = log.resolveSibling("jmh-asm.log");
    ChainedOptionsBuilder options = options(row, jmhLog);
    options.jvmArgsAppend(flags.toArray(new String[0]));
    run(row, options.build(), jmhLog);
    return MachineCode.disassemble(Files.readAllLines(log), "objdump");
  }

  /** A line for each loop, numbered, and below them the text of the first, or of all of these. */
  static void printLoops(List<HotLoop> loops, boolean all, PrintWriter out) {
    if (loops.isEmpty()) {
      out.println("C2 compiled none of them, or they hold no loop");
    }
    if (!loops.isEmpty() && HotLoop.isOsr(loops.get(0).method())) {
      out.println("C2 compiled no whole method in that time: try more --seconds");
    }
    int shown = Math.min(LOOPS, loops.size());
    if (shown < loops.size()) {
      out.println("the " + shown + " of " + loops.size() + " loops with the most vectors:");
    }
    for (int i = 0; i < shown; i++) {
      out.println("loop " + (i + 1) + " in " + loops.get(i).summary());
    }
    for (int i = 0; i < (all ? shown : Math.min(1, shown)); i++) {
      out.println();
      out.println("loop " + (i + 1) + " in " + loops.get(i).method() + ":");
      loops.get(i).instructions().forEach(out::println);
    }
  }
}
