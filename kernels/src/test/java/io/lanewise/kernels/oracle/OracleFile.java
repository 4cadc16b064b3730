package io.lanewise.kernels.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads {@code testdata/oracles/*.txt}, what PyTorch computes on small inputs; {@code
 * scripts/make-oracles.py} writes them and describes the format.
 */
final class OracleFile {
  private static final String REPAIR = "; repair it by /usr/bin/python3 scripts/make-oracles.py";

  private final Path path;
  private final List<String> lines;
  private final List<OracleCase> cases = new ArrayList<>();
  private int at;

  private OracleFile(Path path) {
    this.path = path;
    try {
      this.lines = Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException(path + REPAIR, e);
    }
  }

  /**
   * Reads all files.
   *
   * @throws IllegalStateException if a file breaks the format, saying where
   */
  static List<OracleCase> readAll() {
    Path folder = root().resolve("testdata/oracles");
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().flatMap(path -> read(path).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + REPAIR, e);
    }
  }

  /** Reads one file. */
  static List<OracleCase> read(Path path) {
    OracleFile file = new OracleFile(path);
    while (file.skipToCase()) {
      file.readCase();
    }
    if (file.cases.isEmpty()) {
      throw file.broken("the end", "a case");
    }
    return file.cases;
  }

  /** The folder that holds testdata, by {@code tests.root} or upwards from here. */
  private static Path root() {
    String given = System.getProperty("tests.root");
    Path folder = Path.of(given == null ? "" : given).toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("testdata"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException(
          "no folder testdata here or above: start in the project, or with -Dtests.root=");
    }
    return folder;
  }

  private boolean skipToCase() {
    while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith("#"))) {
      at++;
    }
    return at < lines.size();
  }

  private void readCase() {
    String[] head = lines.get(at).split(" ");
    if (!head[0].equals("case") || head.length < 3) {
      throw broken(lines.get(at), "case <op> <shape> [key=value ...]");
    }
    Map<String, String> keys = new LinkedHashMap<>();
    for (int i = 3; i < head.length; i++) {
      String[] pair = head[i].split("=");
      if (pair.length != 2) {
        throw broken(head[i], "key=value");
      }
      keys.put(pair[0], pair[1]);
    }
    String name = lines.get(at).substring("case ".length());
    Map<String, double[]> arrays = new LinkedHashMap<>();
    for (at++; at < lines.size() && !lines.get(at).equals("end"); at++) {
      String[] words = lines.get(at).split(" ");
      if (words.length < 2 || arrays.put(words[0], values(words)) != null) {
        throw broken(lines.get(at), "<array name> <count> <value> ..., each name once");
      }
    }
    if (at == lines.size()) {
      throw broken("the end", "end");
    }
    at++;
    cases.add(new OracleCase(name, head[1], head[2], keys, arrays));
  }

  private double[] values(String[] words) {
    try {
      double[] values = new double[Integer.parseInt(words[1])];
      if (values.length != words.length - 2) {
        throw broken(words.length - 2 + " values of " + words[0], words[1]);
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = Double.parseDouble(words[i + 2]);
      }
      return values;
    } catch (NumberFormatException e) {
      throw broken(e.getMessage(), "a number");
    }
  }

  private IllegalStateException broken(String found, String needed) {
    return new IllegalStateException(
        path + " line " + (at + 1) + ": found " + found + ", needs " + needed + REPAIR);
  }
}
