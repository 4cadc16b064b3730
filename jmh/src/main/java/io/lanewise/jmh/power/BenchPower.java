package io.lanewise.jmh.power;

import io.lanewise.jmh.Commands;
import io.lanewise.jmh.compare.Percent;
import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.compare.SideSpec;
import io.lanewise.jmh.suite.Grid;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures forks with and without planted slowdowns and draws many comparisons from them. */
@Command(
    description = {
      "Measures how often bench-compare finds planted slowdowns, and how often it is wrong where"
          + " nothing was planted.",
      "Forks are measured in blocks of one row, base and planted builds in turn (A A B C C B A A);"
          + " each comparison is drawn from blocks that follow each other, in the order of time, so"
          + " that its two sides are as near to each other as in a comparison that measures. No"
          + " fork is used twice in one comparison, but comparisons share forks."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Commands.EXIT_CODES,
    exitCodeList = {Commands.DONE, Commands.NO_VERDICT})
public final class BenchPower implements Callable<Integer> {
  @Option(
      names = "--plant",
      paramLabel = "NAME:ROWS=REVISION",
      description = "a planted slowdown, and a part of the names of the rows it is measured on")
  private Map<String, String> plants = new LinkedHashMap<>();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "measure no longer than this, builds not counted (default: no limit)")
  private double minutes = Double.POSITIVE_INFINITY;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description = "blocks of each row (default: 10, as many as a comparison may use)")
  private int blocks = 10;

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

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "where forks go; measuring goes on with those that are there")
  private Path out;

  @Option(names = "--only-draw", description = "measure nothing, draw from what is there")
  private boolean onlyDraw;

  @Spec private CommandSpec spec;

  private final Group group = Group.CORE;

  private BenchPower() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command and returns its exit status. */
  static int run(String... args) {
    return Commands.run("bench-power", new BenchPower(), 2, args);
  }

  @Override
  public Integer call() throws IOException {
    Rules rules = Rules.of(Percent.parse(failOver));
    if (onlyDraw) {
      String only = "--only-draw measures nothing";
      Commands.refuse(spec, only, "--plant", "--minutes", "--blocks", "--rows");
    }
    if (blocks * Pool.PLANTED < rules.screen()) {
      throw new IllegalArgumentException(
          "--blocks is " + blocks + ", needs at least " + rules.screen() / Pool.PLANTED);
    }
    if (!(minutes > 0)) {
      throw new IllegalArgumentException("--minutes is " + minutes + ", needs more than 0");
    }
    if (runs < 1) {
      throw new IllegalArgumentException("--runs is " + runs + ", needs at least 1");
    }
    Files.createDirectories(out);
    if (!onlyDraw) {
      measure(rules);
    }
    return draw(rules);
  }

  private int draw(Rules rules) throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    Results base = Recorder.read(baseFile());
    StringBuilder text = new StringBuilder(PoolText.of(base));
    boolean failed = base.failed();
    int drawn = Draws.rows(base, rules).size();
    if (drawn < base.rows().size()) {
      text.append(
          "# "
              + drawn
              + " of "
              + Plural.of(base.rows().size(), "row")
              + " can be drawn, with the "
              + rules.screen()
              + " forks a side of a screen\n");
    }
    text.append(Draws.of(runs, base, base, rules, 1).text("A/A"));
    for (Path file : plantFiles()) {
      Results results = Recorder.read(file);
      failed |= results.failed();
      text.append(Draws.of(runs, base, results, rules, 2).text(results.label()));
    }
    if (failed) {
      text.append("# some rows failed, see the files in " + out.getFileName() + "\n");
    }
    Files.writeString(out.resolve("power.txt"), text);
    to.print(text);
    to.flush();
    return failed || drawn == 0 ? 2 : 0;
  }

  private Path baseFile() {
    return out.resolve("base.json");
  }

  private List<Path> plantFiles() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files
          .filter(file -> file.getFileName().toString().matches("plant-.*\\.json"))
          .sorted(
              Comparator.comparing((Path file) -> file.toString().length())
                  .thenComparing(file -> file))
          .toList();
    }
  }

  private void measure(Rules rules) throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    int threads = Runtime.getRuntime().availableProcessors();
    List<Row> rows = Grid.rows(group, threads, only);
    Recorder.check(baseFile(), true, group.toString(), group.timing());
    Map<String, List<Row>> places = places(rows, to);
    for (String plant : places.keySet()) {
      Recorder.check(plantFile(plant), true, group.toString(), group.timing());
    }
    try (Recorder base = recorder(side("HEAD"), "base", baseFile())) {
      Map<Recorder, List<Row>> planted = new LinkedHashMap<>();
      try {
        for (Map.Entry<String, List<Row>> plant : places.entrySet()) {
          String name = plant.getKey();
          Measurer side = new SharedCeilings(side(plants.get(name)), base);
          planted.put(recorder(side, plantName(name), plantFile(name)), plant.getValue());
        }
        // Builds do not count.
        long start = System.nanoTime();
        new PoolRun(
                base,
                planted,
                rules,
                () -> (System.nanoTime() - start) / 60e9 > minutes,
                text -> {
                  to.printf("# %4.0f s: %s%n", (System.nanoTime() - start) / 1e9, text);
                  to.flush();
                })
            .run(rows, blocks);
      } finally {
        for (Recorder side : planted.keySet()) {
          side.close();
        }
      }
    }
  }

  /** The rows that each plant is measured on; one without any needs no build. */
  private Map<String, List<Row>> places(List<Row> rows, PrintWriter to) {
    Map<String, List<Row>> places = new LinkedHashMap<>();
    for (String plant : plants.keySet()) {
      String where = plant.replaceFirst(".*:", "");
      List<Row> planted = rows.stream().filter(row -> row.toString().contains(where)).toList();
      if (planted.isEmpty()) {
        to.println("# " + plantName(plant) + " is left out: no row holds '" + where + "'");
      } else {
        places.put(plant, planted);
      }
    }
    to.flush();
    return places;
  }

  private static String plantName(String plant) {
    return plant.replaceFirst(":.*", "");
  }

  private Path plantFile(String plant) {
    return out.resolve("plant-" + plantName(plant).replaceAll("[^a-z0-9]", "") + ".json");
  }

  private Measurer side(String revision) throws IOException {
    return new SideSpec(revision, false, "").start(revision, group.timing());
  }

  private Recorder recorder(Measurer measurer, String label, Path file) throws IOException {
    return Files.exists(file)
        ? Recorder.resume(measurer, file, group.toString(), group.timing())
        : Recorder.begin(measurer, file, label, group.toString(), group.timing());
  }
}
