package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.MetricsCsv;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that a training run writes; it never overwrites an earlier run. */
final class RunFolder {
  private static final String METRICS = "metrics.csv";
  private static final String MODEL = "model.safetensors";

  private final Path folder;
  private final MetricsCsv metrics;
  private volatile int savedEpochs;

  private RunFolder(Path folder, MetricsCsv metrics) {
    this.folder = folder;
    this.metrics = metrics;
  }

  /**
   * Makes the folder and starts {@code metrics.csv} in it, so that a run that could not be written
   * fails before it trains.
   *
   * @param wanted the folder, or null for the next free {@code runs/MODEL-NUMBER}
   * @throws IOException if it holds a run already, or cannot be written
   */
  static RunFolder create(Path wanted, String model) throws IOException {
    if (wanted != null && wanted.toString().isEmpty()) {
      throw new IllegalArgumentException("--out is empty, needs a folder for the results");
    }
    Path folder = wanted == null ? nextFree(model) : wanted;
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IOException(folder + " is a file, needs a folder for the results (--out)");
    }
    for (String file : new String[] {METRICS, MODEL}) {
      Path earlier = folder.resolve(file);
      if (Files.exists(earlier) && !MetricsCsv.isEmpty(earlier)) {
        throw new IOException(
            earlier + " is there from an earlier run; name another folder (--out)");
      }
    }
    try {
      Files.createDirectories(folder);
      return new RunFolder(folder, new MetricsCsv(folder.resolve(METRICS)));
    } catch (AccessDeniedException e) {
      throw new IOException(
          folder + " cannot be written: no permission; name another folder (--out)", e);
    } catch (IOException e) {
      throw new IOException(
          folder + " cannot be written: " + reason(e) + "; name another folder (--out)", e);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    boolean onlyThePath =
        e instanceof FileSystemException && ((FileSystemException) e).getReason() == null;
    return message == null || onlyThePath ? "the system refuses" : message;
  }

  private static Path nextFree(String model) {
    int number = 1;
    while (Files.exists(Path.of("runs", model + "-" + number))) {
      number++;
    }
    return Path.of("runs", model + "-" + number);
  }

  Path folder() {
    return folder;
  }

  /** Saves the net, then the epoch's line; what was saved before stays if that fails. */
  void save(EpochReport report, Network net, Metadata metadata) throws IOException {
    try {
      Checkpoint.save(folder.resolve(MODEL), net, metadata);
      metrics.append(report);
    } catch (IOException e) {
      throw new IOException(
          folder
              + " cannot be written after epoch "
              + report.epoch()
              + ": "
              + reason(e)
              + "; what was saved before is kept",
          e);
    }
    savedEpochs = report.epoch();
  }

  /** Epochs whose net is in the folder. */
  int savedEpochs() {
    return savedEpochs;
  }

  /** The model file that a user means: the file itself, or the one in a run's folder. */
  static Path modelFile(Path given) throws IOException {
    Path file = Files.isDirectory(given) ? given.resolve(MODEL) : given;
    if (!Files.exists(file)) {
      throw new IOException(file + " does not exist, needs a model.safetensors of a training run");
    }
    return file;
  }
}
