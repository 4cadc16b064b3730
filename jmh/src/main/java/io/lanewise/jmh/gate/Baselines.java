package io.lanewise.jmh.gate;

import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Stored runs, whose times are compared as multiples of the least that the ceilings of the same
 * pass allow, so that a machine that runs at a lower clock today is not taken for slower code.
 */
final class Baselines {
  private final Path folder;

  Baselines(Path folder) {
    this.folder = folder;
  }

  /** All of a group, in the order of their names, which end with when they were measured. */
  List<Results> all(String group) throws IOException {
    List<Results> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file :
            files.sorted().filter(each -> each.toString().endsWith(".json")).toList()) {
          Results results = Recorder.read(file);
          if (results.group().equals(group)) {
            all.add(results);
          }
        }
      }
    }
    return all;
  }

  /**
   * Stores a run without what no gate needs, and returns the file.
   *
   * @throws IllegalArgumentException if there is one of the same second
   */
  Path store(Results run) throws IOException {
    Files.createDirectories(folder);
    Host host = run.host();
    String jdk = host.jdk().replaceFirst("[^0-9].*", "");
    String when = run.started().replaceAll("[^0-9]", "").substring(0, 14);
    String name =
        String.join(
            "-", host.cpu(), host.processors() + "p", "jdk" + jdk, host.lanes(), run.group(), when);
    Path file =
        folder.resolve(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".json");
    if (Files.exists(file)) {
      throw new IllegalArgumentException(
          file + " is there already, of a run that was started in the same second or is the same");
    }
    Recorder.write(pooled(List.of(run)), file);
    return file;
  }

  /** One run that holds the samples of several, without their iterations. */
  static Results pooled(List<Results> runs) {
    Results head = runs.get(0);
    Results all =
        new Results(
            head.format(),
            head.started(),
            head.label(),
            head.host(),
            head.group(),
            head.timing(),
            head.ceilings(),
            new ArrayList<>());
    for (Results run : runs) {
      for (RowResult row : run.rows()) {
        RowResult to = all.row(row.row());
        row.samples().forEach(sample -> to.samples().add(withoutIterations(sample)));
        to.failures().addAll(row.failures());
      }
    }
    return all;
  }

  private static Sample withoutIterations(Sample sample) {
    return new Sample(
        sample.stage(),
        sample.pass(),
        sample.micros(),
        sample.fraction(),
        sample.allocated(),
        sample.arrays(),
        List.of(),
        sample.curve());
  }
}
