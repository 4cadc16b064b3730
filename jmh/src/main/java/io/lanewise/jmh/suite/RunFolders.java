package io.lanewise.jmh.suite;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Where runs go that were given no place of their own. */
public final class RunFolders {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private RunFolders() {}

  /** A folder below {@code runs} that is named by what runs, and the time. */
  public static Path fresh(String what) {
    String name = what + "-" + LocalDateTime.now().format(TIME);
    return Path.of(System.getProperty("bench.root", "."), "runs", name);
  }
}
