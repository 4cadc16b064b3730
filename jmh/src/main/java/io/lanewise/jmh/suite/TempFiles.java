package io.lanewise.jmh.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Files that one run needs, and nobody after it. */
public final class TempFiles {
  private TempFiles() {}

  /** An empty file that goes with this process at the latest, unless that is killed at once. */
  public static Path create(String name, String suffix) throws IOException {
    Path file = Files.createTempFile(name, suffix);
    file.toFile().deleteOnExit();
    return file;
  }

  /** Deletes a folder with all that it holds. */
  public static void deleteFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
