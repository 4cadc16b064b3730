package io.lanewise.jmh.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes a comparison: a table on the terminal, and JSON, Markdown and HTML files. */
public final class Reports {
  private static final String JSON = "comparison.json";
  private static final String MARKDOWN = "comparison.md";
  private static final String HTML = "report.html";

  private final Comparison comparison;
  private final Path folder;
  private final List<Results> history;

  /**
   * Reports into a folder.
   *
   * @param history earlier runs; those of another machine or group are left out
   */
  public Reports(Comparison comparison, Path folder, List<Results> history) {
    this.comparison = comparison;
    this.folder = folder;
    this.history = history;
  }

  /**
   * Reads a folder of earlier results files.
   *
   * @throws IllegalArgumentException if it is no folder, or holds a JSON file that is something
   *     else
   */
  public static List<Results> history(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException("--history: " + folder + " is no folder");
    }
    List<Results> runs = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        runs.add(Recorder.read(file));
      }
    }
    return runs;
  }

  /**
   * Checks that no reports of another comparison would be written over.
   *
   * @throws IllegalArgumentException if a folder holds some
   */
  public static void requireNew(Path folder) {
    for (String name : List.of(JSON, MARKDOWN, HTML)) {
      if (Files.exists(folder.resolve(name))) {
        throw new IllegalArgumentException(
            folder.resolve(name) + " is there already, of another comparison; name another --out");
      }
    }
  }

  /** Writes all of them. */
  public void write(PrintWriter terminal) throws IOException {
    Path json = folder.resolve(JSON);
    JsonMapper mapper = JsonMapper.builder().build();
    mapper.writerWithDefaultPrettyPrinter().writeValue(json.toFile(), comparison);
    Files.writeString(folder.resolve(MARKDOWN), MarkdownReport.text(comparison));
    List<Results> runs = runs();
    Files.writeString(folder.resolve(HTML), HtmlReport.text(comparison, runs));
    terminal.print(TextReport.text(comparison));
    terminal.println("reports: " + folder.resolve(HTML) + ", " + MARKDOWN + ", " + JSON);
    terminal.flush();
  }

  /** The runs that a trend is of: the same rows on the same machine, the oldest first. */
  private List<Results> runs() {
    return history.stream()
        .filter(run -> run.group().equals(comparison.group()))
        .filter(run -> run.host().machineDifferences(comparison.candidate()).isEmpty())
        .sorted(Comparator.comparing(Results::started))
        .toList();
  }
}
