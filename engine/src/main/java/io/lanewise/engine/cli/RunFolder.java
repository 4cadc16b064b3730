package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.MetricsCsv;
import io.lanewise.engine.train.Progress;
import io.lanewise.engine.train.TimeSplit;
import io.lanewise.engine.train.TimesCsv;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that a training run writes; it never overwrites another run.
 *
 * <p>While the run goes on, {@code checkpoint.safetensors} is the state it can be resumed from; a
 * finished run leaves {@code model.safetensors}, which can be resumed with more epochs. Both are
 * replaced at once, and the lines of an epoch are written before its checkpoint and dropped on
 * resume if that was never written: whenever the process ends, the folder holds a state to go on
 * from. A folder is written by one run at a time ({@link RunLock}).
 */
final class RunFolder implements AutoCloseable {
  private static final String METRICS = "metrics.csv";
  private static final String TIMES = "times.csv";
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String MODEL = "model.safetensors";

  private final Path folder;
  private final RunLock lock;
  private final MetricsCsv metrics;
  private final TimesCsv times;

  /** Writes a checkpoint into a file. */
  interface Writer {
    void write(Path file) throws IOException;
  }

  /** The folder belongs to another run. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  private RunFolder(Path folder, RunLock lock, MetricsCsv metrics, TimesCsv times) {
    this.folder = folder;
    this.lock = lock;
    this.metrics = metrics;
    this.times = times;
  }

  /**
   * Makes the folder and starts the files of the epochs in it, so that a run that could not be
   * written fails before it trains.
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
    try {
      Files.createDirectories(folder);
      RunLock lock = RunLock.take(folder);
      try {
        return begin(folder, lock);
      } catch (IOException e) {
        lock.close();
        throw e;
      }
    } catch (RefusedException e) {
      throw e;
    } catch (AccessDeniedException e) {
      throw new IOException(
          folder + " cannot be written: no permission; name another folder (--out)", e);
    } catch (IOException e) {
      throw new IOException(
          folder + " cannot be written: " + reason(e) + "; name another folder (--out)", e);
    }
  }

  private static RunFolder begin(Path folder, RunLock lock) throws IOException {
    Path csv = folder.resolve(METRICS);
    refuseIf(Files.exists(csv) && !MetricsCsv.isEmpty(csv), csv);
    refuseIf(Files.exists(folder.resolve(MODEL)), folder.resolve(MODEL));
    refuseIf(hasBegun(folder.resolve(CHECKPOINT)), folder.resolve(CHECKPOINT));
    Files.deleteIfExists(folder.resolve(TIMES));
    return new RunFolder(
        folder, lock, MetricsCsv.create(csv), TimesCsv.create(folder.resolve(TIMES)));
  }

  private static void refuseIf(boolean earlierRun, Path file) throws IOException {
    if (earlierRun) {
      throw new RefusedException(
          file
              + " is there from an earlier run; go on with it (--resume "
              + file.getParent()
              + "), or name another folder (--out)");
    }
  }

  /** Whether a checkpoint holds steps; one that cannot be read is taken for one that does. */
  private static boolean hasBegun(Path checkpoint) {
    if (!Files.exists(checkpoint)) {
      return false;
    }
    try {
      return !Progress.of(Checkpoint.load(checkpoint).state()).isStart();
    } catch (IOException | IllegalArgumentException e) {
      return true;
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

  /**
   * The state that a run can go on from.
   *
   * @throws IOException if there is none, or it is damaged
   * @throws IllegalArgumentException if it was not saved in training
   */
  static Checkpoint latest(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? " is a file" : " does not exist";
      throw new IOException(folder + what + ", needs the folder of a training run (--resume)");
    }
    Path model = folder.resolve(MODEL);
    Path checkpoint = folder.resolve(CHECKPOINT);
    if (!Files.exists(model) && !Files.exists(checkpoint)) {
      throw new IOException(
          String.format(
              "%s holds neither %s nor %s, needs the folder of a training run (--resume)",
              folder, CHECKPOINT, MODEL));
    }
    if (!Files.exists(checkpoint)) {
      return resumable(model);
    }
    Checkpoint underWay = resumable(checkpoint);
    if (!Files.exists(model)) {
      return underWay;
    }
    Checkpoint finished = resumable(model);
    return progress(finished).compareTo(progress(underWay)) > 0 ? finished : underWay;
  }

  private static Checkpoint resumable(Path file) throws IOException {
    Checkpoint checkpoint = Checkpoint.load(file);
    if (!checkpoint.isTraining()) {
      throw new IOException(
          file + " was saved to be used, without an optimiser's state: it cannot be resumed");
    }
    progress(checkpoint);
    return checkpoint;
  }

  /** How far the run of a checkpoint was. */
  static Progress progress(Checkpoint checkpoint) throws IOException {
    try {
      return Progress.of(checkpoint.state());
    } catch (IllegalArgumentException e) {
      throw new IOException(checkpoint.path() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Goes on in the folder of a run.
   *
   * @param epochs whole epochs done
   * @throws IOException if its files do not go with them, or cannot be written
   */
  static RunFolder resume(Path folder, int epochs) throws IOException {
    RunLock lock = RunLock.take(folder);
    try {
      return new RunFolder(
          folder,
          lock,
          MetricsCsv.resume(folder.resolve(METRICS), epochs),
          TimesCsv.resume(folder.resolve(TIMES), epochs));
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  Path folder() {
    return folder;
  }

  /** Seconds up to the last epoch. */
  double seconds() {
    return metrics.seconds();
  }

  /** Test accuracy after the last epoch; NaN if it is not known. */
  double testAccuracy() {
    return metrics.testAccuracy();
  }

  /** Saves an epoch: its lines first, then the state. */
  void save(EpochReport report, TimeSplit split, boolean finished, Writer state)
      throws IOException {
    try {
      metrics.append(report);
      times.append(report.epoch(), split);
      if (finished) {
        state.write(folder.resolve(MODEL));
        Files.deleteIfExists(folder.resolve(CHECKPOINT));
      } else {
        state.write(folder.resolve(CHECKPOINT));
      }
    } catch (IOException e) {
      throw notSaved("after epoch " + report.epoch(), e);
    }
  }

  /** Saves the state between two steps. */
  void save(Progress progress, Writer state) throws IOException {
    try {
      state.write(folder.resolve(CHECKPOINT));
    } catch (IOException e) {
      throw notSaved("in epoch " + (progress.epoch() + 1) + ", after batch " + progress.batch(), e);
    }
  }

  private IOException notSaved(String when, IOException e) {
    return new IOException(
        folder + " cannot be written " + when + ": " + reason(e) + "; what was saved is kept", e);
  }

  /**
   * The model file that a user means: the file itself, or in a run's folder that of the finished
   * run, else the last checkpoint.
   */
  static Path modelFile(Path given) throws IOException {
    Path file = Files.isDirectory(given) ? given.resolve(MODEL) : given;
    if (Files.isDirectory(given) && !Files.exists(file)) {
      Path checkpoint = given.resolve(CHECKPOINT);
      file = Files.exists(checkpoint) ? checkpoint : file;
    }
    if (!Files.exists(file)) {
      throw new IOException(file + " does not exist, needs a model.safetensors of a training run");
    }
    return file;
  }
}
