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
  private final Comparison comparison;
  private final Path folder;
  private final Path history;

  /**
   * Reports into a folder.
   *
   * @param history a folder of earlier results files, or null
   */
  public Reports(Comparison comparison, Path folder, Path history) {
    this.comparison = comparison;
    this.folder = folder;
    this.history = history;
  }

  /** Writes all of them. */
  public void write(PrintWriter terminal) throws IOException {
    Path json = folder.resolve("comparison.json");
    JsonMapper mapper = JsonMapper.builder().build();
    mapper.writerWithDefaultPrettyPrinter().writeValue(json.toFile(), comparison);
    Files.writeString(folder.resolve("comparison.md"), MarkdownReport.text(comparison));
    List<Results> runs = runs();
    Files.writeString(folder.resolve("report.html"), HtmlReport.text(comparison, runs));
    terminal.print(TextReport.text(comparison));
    terminal.println("reports: " + folder.resolve("report.html") + ", comparison.md, .json");
    terminal.flush();
  }

  /** Earlier runs, the oldest first. */
  private List<Results> runs() throws IOException {
    List<Results> runs = new ArrayList<>();
    if (history != null) {
      try (Stream<Path> files = Files.list(history)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
          runs.add(Recorder.read(file));
        }
      }
    }
    runs.sort(Comparator.comparing(Results::started));
    return runs;
  }
}
