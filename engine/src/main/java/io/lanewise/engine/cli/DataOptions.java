package io.lanewise.engine.cli;

import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options {@code --data}, {@code --format} and {@code --limit}, and the images they mean. */
final class DataOptions {
  private static final String FORMAT_KEY = "format";
  private static final String LIMIT_KEY = "limit";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "folder with the binary files of CIFAR-10 or CIFAR-100, or the IDX files of MNIST or"
              + " Fashion-MNIST (default: lanewise/cifar-10-batches-bin in your cache folder, where"
              + " scripts/fetch-cifar10 puts it)")
  private Path data;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "cifar10, cifar100, cifar100-coarse, fashion-mnist, mnist (default: by the names of the"
              + " files; fashion-mnist where the path says fashion)")
  private String format;

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

  DataFormat format() throws IOException {
    return format == null ? DataFormat.of(data()) : DataFormat.parse(format);
  }

  private int limit() {
    return limit == null ? Integer.MAX_VALUE : atLeastOne("--limit", limit);
  }

  Dataset train() throws IOException {
    int most = limit();
    return format().train(data()).first(most);
  }

  Dataset test() throws IOException {
    int most = limit();
    return format().test(data()).first(most);
  }

  /** The folder that was given, if one was. */
  Optional<Path> given() {
    return Optional.ofNullable(data);
  }

  /**
   * Takes from a run what was not given: folder, format and, for a resume, limit.
   *
   * @param run its folder, or a file in it
   * @throws IOException if the folder that was given holds files of another kind
   */
  void fillFrom(Path run, Map<String, String> settings, boolean withLimit) throws IOException {
    if (format == null && settings.containsKey(FORMAT_KEY)) {
      DataFormat wanted = DataFormat.parse(settings.get(FORMAT_KEY));
      if (data != null && Files.isDirectory(data)) {
        DataFormat found = DataFormat.of(data);
        if (!found.isInFilesOf(wanted)) {
          throw new IOException(
              String.format(
                  "the net was trained on %s, but %s holds files of %s", wanted, data, found));
        }
      }
      format = wanted.toString();
    }
    if (withLimit && limit == null && settings.containsKey(LIMIT_KEY)) {
      limit = Integer.valueOf(settings.get(LIMIT_KEY));
    }
    if (data == null) {
      data = RunFolder.data(run).orElse(null);
    }
  }

  /** What a run keeps to know its images again. */
  Map<String, String> settings(Dataset train, Dataset test) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(FORMAT_KEY, format().toString());
    if (limit != null) {
      texts.put(LIMIT_KEY, "" + limit);
    }
    describe(texts, "training", train);
    describe(texts, "test", test);
    return texts;
  }

  private static void describe(Map<String, String> texts, String set, Dataset images) {
    texts.put(set + "Images", "" + images.size());
    texts.put(set + "Sha256", images.sha256());
  }

  /**
   * Checks that images are those a run had.
   *
   * @throws IOException if not
   */
  void checkSame(Map<String, String> settings, String set, Dataset images) throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    describe(found, set, images);
    for (Map.Entry<String, String> each : found.entrySet()) {
      String wanted = settings.get(each.getKey());
      if (!each.getValue().equals(wanted)) {
        throw new IOException(
            String.format(
                "%s: the %s images are not those of the run: %s is %s, was %s; give the folder with"
                    + " the same images (--data)",
                data(), set, each.getKey(), each.getValue(), wanted));
      }
    }
  }

  static int atLeastOne(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " is " + value + ", needs at least 1");
    }
    return value;
  }
}
