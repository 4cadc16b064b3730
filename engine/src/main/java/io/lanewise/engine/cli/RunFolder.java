package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.MetricsCsv;
import io.lanewise.engine.train.Progress;
import io.lanewise.engine.train.TimeSplit;
import io.lanewise.engine.train.TimesCsv;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder that a training run writes; it never overwrites another run.
 *
 * <p>While the run goes on, {@code checkpoint.safetensors} is the state it can be resumed from; a
 * finished run leaves {@code model.safetensors}, which can be resumed with more epochs. Both are
 * replaced at once, and the lines of an epoch are written before its checkpoint and dropped on
 * resume if that was never written: whenever the process ends, the folder holds a state to go on
 * from. A folder is written by one run at a time ({@link RunLock}).
 *
 * <p>Where the images are is in a file of its own, {@code data-folder.txt}, so that the net has the
 * same bits wherever they lie.
 */
final class RunFolder implements AutoCloseable {
  private static final String METRICS = "metrics.csv";
  private static final String TIMES = "times.csv";
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String MODEL = "model.safetensors";
  private static final String DATA = "data-folder.txt";

  private final Path folder;
  private final RunLock lock;
  private MetricsCsv metrics;
  private TimesCsv times;

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

  private RunFolder(Path folder, RunLock lock) {
    this.folder = folder;
    this.lock = lock;
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
    if (wanted != null && Files.exists(wanted) && !Files.isDirectory(wanted)) {
      throw new IOException(wanted + " is a file, needs a folder for the results (--out)");
    }
    Path folder = wanted == null ? Path.of("runs") : wanted;
    try {
      Files.createDirectories(folder);
      if (wanted == null) {
        folder = makeNextFree(folder, model);
      }
      RunFolder made = new RunFolder(folder, RunLock.take(folder));
      try {
        made.begin();
        return made;
      } catch (IOException e) {
        made.close();
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

  private void begin() throws IOException {
    Path csv = folder.resolve(METRICS);
    refuseIf(Files.exists(csv) && !MetricsCsv.isEmpty(csv), csv);
    refuseIf(Files.exists(folder.resolve(MODEL)), folder.resolve(MODEL));
    refuseIf(hasBegun(folder.resolve(CHECKPOINT)), folder.resolve(CHECKPOINT));
    Files.deleteIfExists(folder.resolve(TIMES));
    metrics = MetricsCsv.create(csv);
    times = TimesCsv.create(folder.resolve(TIMES));
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

  /** Makes the folder with the next free number; of runs that start together each gets its own. */
  private static Path makeNextFree(Path runs, String model) throws IOException {
    for (int number = 1; ; number++) {
      Path next = runs.resolve(model + "-" + number);
      if (!Files.exists(next)) {
        try {
          return Files.createDirectory(next);
        } catch (FileAlreadyExistsException e) {
          // Another run was faster; the next number.
        }
      }
    }
  }

  /**
   * Takes the folder of a run to go on with it.
   *
   * @throws IOException if it is none, or another run is writing it
   */
  static RunFolder open(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? " is a file" : " does not exist";
      throw new IOException(folder + what + ", needs the folder of a training run (--resume)");
    }
    if (!Files.exists(folder.resolve(MODEL)) && !Files.exists(folder.resolve(CHECKPOINT))) {
      throw new IOException(
          String.format(
              "%s holds neither %s nor %s, needs the folder of a training run (--resume)",
              folder, CHECKPOINT, MODEL));
    }
    return new RunFolder(folder, RunLock.take(folder));
  }

  /**
   * The state that the run can go on from.
   *
   * @throws IOException if it is damaged, or was not saved in training
   */
  Checkpoint latest() throws IOException {
    Path model = folder.resolve(MODEL);
    Path checkpoint = folder.resolve(CHECKPOINT);
    if (!Files.exists(checkpoint)) {
      return resumable(model);
    }
    Checkpoint underWay = resumable(checkpoint);
    if (!Files.exists(model)) {
      return underWay;
    }
    Checkpoint finished = resumable(model);
    return progress(finished).compareTo(progress(underWay)) < 0 ? underWay : finished;
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

  /** Whether a checkpoint of this folder is that of a finished run. */
  static boolean isFinished(Checkpoint checkpoint) {
    return checkpoint.path().endsWith(MODEL);
  }

  /**
   * Goes on with the files of the epochs.
   *
   * @param epochs whole epochs done
   * @throws IOException if the files do not go with them, or cannot be written
   */
  void resume(int epochs) throws IOException {
    metrics = MetricsCsv.resume(folder.resolve(METRICS), epochs);
    times = TimesCsv.resume(folder.resolve(TIMES), epochs);
  }

  /** Writes down where the images of the run are. */
  void saveData(Path images) throws IOException {
    Files.writeString(folder.resolve(DATA), images.toAbsolutePath().normalize() + "\n");
  }

  /**
   * Where the images of a run are, if it says so.
   *
   * @param given the run's folder, or a file in it
   */
  static Optional<Path> data(Path given) throws IOException {
    Path file = Files.isDirectory(given) ? given.resolve(DATA) : given.resolveSibling(DATA);
    return Files.exists(file)
        ? Optional.of(Path.of(Files.readString(file).strip()))
        : Optional.empty();
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
        writeModel(state);
      } else {
        state.write(folder.resolve(CHECKPOINT));
      }
    } catch (IOException e) {
      throw notSaved("after epoch " + report.epoch(), e);
    }
  }

  /** Saves the state of a run as that of a finished one. */
  void finish(Progress progress, Writer state) throws IOException {
    try {
      writeModel(state);
    } catch (IOException e) {
      throw notSaved(TrainRun.after(progress), e);
    }
  }

  private void writeModel(Writer state) throws IOException {
    state.write(folder.resolve(MODEL));
    Files.deleteIfExists(folder.resolve(CHECKPOINT));
  }

  /** Saves the state between two steps. */
  void save(Progress progress, Writer state) throws IOException {
    try {
      state.write(folder.resolve(CHECKPOINT));
    } catch (IOException e) {
      throw notSaved(TrainRun.after(progress), e);
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

  /** Says so if what {@link #modelFile} found is the last state of a run that has not ended. */
  static void sayIfUnfinished(Path file, Checkpoint state, PrintWriter out) {
    if (file.endsWith(CHECKPOINT)) {
      Progress done = Progress.of(state.state());
      out.printf(
          "# not finished: its last state has epoch %d and %d batches more; --resume goes on%n",
          done.epoch(), done.batch());
    }
  }
}
