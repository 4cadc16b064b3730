package io.lanewise.jmh.power;

import io.lanewise.jmh.compare.Percent;
import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.compare.SideSpec;
import io.lanewise.jmh.suite.Grid;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures forks with and without planted slowdowns and draws many comparisons from them. */
@Command(
    name = "bench-power",
    description = {
      "Measures how often bench-compare finds planted slowdowns, and how often it is wrong where"
          + " nothing was planted.",
      "Each comparison is drawn from measured forks, none of them twice in one comparison: the order"
          + " is by chance, so the two sides of a comparison are spread over the whole time of"
          + " measuring, and its noise is that of hours, not of neighbouring minutes."
    },
    mixinStandardHelpOptions = true)
public final class BenchPower implements Callable<Integer> {
  private static final String STAGE = "pool";

  @Option(
      names = "--plant",
      paramLabel = "NAME:ROWS=REVISION",
      description = "a planted slowdown and the rows it is in")
  private Map<String, String> plants = new LinkedHashMap<>();

  @Option(names = "--forks", paramLabel = "N", description = "forks of each row (default: 40)")
  private int forks = 40;

  @Option(
      names = "--planted-forks",
      paramLabel = "N",
      description = "forks of each planted row (default: 20)")
  private int plantedForks = 20;

  @Option(
      names = "--rows",
      paramLabel = "TEXT",
      description = "only rows whose benchmark and shape hold this text")
  private String only = "";

  @Option(names = "--runs", paramLabel = "R", description = "comparisons to draw (default: 1000)")
  private int runs = 1000;

  @Option(
      names = "--fail-over",
      paramLabel = "P",
      defaultValue = "5%",
      description = "threshold (default: 5%%)")
  private String failOver;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "where forks go")
  private Path out;

  @Option(names = "--only-draw", description = "measure nothing, draw from what is there")
  private boolean onlyDraw;

  @Spec private CommandSpec spec;

  private final Group group = Group.CORE;

  private BenchPower() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    CommandLine commandLine = new CommandLine(new BenchPower());
    commandLine.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          if (!(error instanceof IllegalArgumentException || error instanceof IOException)) {
            throw error;
          }
          command.getErr().println("bench-power: " + error.getMessage());
          return 2;
        });
    System.exit(commandLine.execute(args));
  }

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(out);
    if (!onlyDraw) {
      measure();
    }
    PrintWriter to = spec.commandLine().getOut();
    Rules rules = Rules.of(Percent.parse(failOver));
    Results base = Recorder.read(out.resolve("base.json"));
    StringBuilder text = new StringBuilder();
    text.append(Draws.of(runs, base, base, rules, 1).text("A/A"));
    try (var files = Files.list(out)) {
      List<Path> planted =
          files
              .filter(file -> file.getFileName().toString().startsWith("plant-"))
              .sorted()
              .toList();
      for (Path file : planted) {
        Results results = Recorder.read(file);
        text.append(Draws.of(runs, base, results, rules, 2).text(results.label()));
      }
    }
    Files.writeString(out.resolve("power.txt"), text);
    to.print(text);
    to.flush();
    return 0;
  }

  /** One fork of everything after the other, again and again; goes on where it was ended. */
  private void measure() throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    List<Row> rows =
        Grid.rows(group, threads).stream().filter(row -> row.toString().contains(only)).toList();
    Map<Recorder, List<Row>> sides = new LinkedHashMap<>();
    Recorder base = recorder("base", "HEAD", out.resolve("base.json"));
    sides.put(base, rows);
    for (Map.Entry<String, String> plant : plants.entrySet()) {
      String name = plant.getKey().replaceFirst(":.*", "");
      String where = plant.getKey().replaceFirst(".*:", "");
      Path file = out.resolve("plant-" + name.replaceAll("[^a-z0-9]", "") + ".json");
      List<Row> planted =
          rows.stream().filter(row -> row.toString().startsWith(where + " ")).toList();
      sides.put(recorder(name, plant.getValue(), file), planted);
    }
    PrintWriter to = spec.commandLine().getOut();
    for (int pass = 0; pass < forks; pass++) {
      to.printf("# pass %d of %d%n", pass + 1, forks);
      to.flush();
      for (Map.Entry<Recorder, List<Row>> side : sides.entrySet()) {
        boolean planted = side.getKey() != base;
        if (!planted || pass < plantedForks) {
          for (Row row : side.getValue()) {
            side.getKey().fork(row, STAGE, pass, pass);
          }
        }
      }
    }
    for (Recorder side : sides.keySet()) {
      side.close();
    }
  }

  private Recorder recorder(String label, String revision, Path file) throws IOException {
    Measurer measurer = new SideSpec(revision, false, "").start(group.timing());
    return Files.exists(file)
        ? Recorder.resume(measurer, file, group.toString(), group.timing())
        : Recorder.begin(measurer, file, label, group.toString(), group.timing());
  }
}
