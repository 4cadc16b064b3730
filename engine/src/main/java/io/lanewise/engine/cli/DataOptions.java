package io.lanewise.engine.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options {@code --data} and {@code --limit}. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "folder with the CIFAR-10 binary files (default: lanewise/cifar-10-batches-bin in your"
              + " cache folder, where scripts/fetch-cifar10 puts it)")
  private Path data;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "use only the first N images of each set")
  private Integer limit;

  Path data() {
    if (data != null) {
      if (data.toString().isEmpty()) {
        throw new IllegalArgumentException("--data is empty, needs a folder");
      }
      return data;
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path root =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return root.resolve("lanewise").resolve("cifar-10-batches-bin");
  }

  int limit() {
    return limit == null ? Integer.MAX_VALUE : atLeastOne("--limit", limit);
  }

  static int atLeastOne(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " is " + value + ", needs at least 1");
    }
    return value;
  }
}
