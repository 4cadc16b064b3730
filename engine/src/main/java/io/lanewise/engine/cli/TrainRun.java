package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.tensor.Resumable;
import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.Metrics;
import io.lanewise.engine.train.Progress;
import io.lanewise.engine.train.TestViews;
import io.lanewise.engine.train.TimeSplit;
import io.lanewise.engine.train.TrainListener;
import io.lanewise.engine.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A training run under way: shows how it goes, saves it, and ends it well on Ctrl-C. */
final class TrainRun {
  private final Trainer trainer;
  private final Parts parts;
  private final TestViews views;
  private final RunFolder folder;
  private final Integer saveEvery;
  private final PrintWriter out;
  private final TimeSplit allTimes = new TimeSplit();
  private final CountDownLatch done = new CountDownLatch(1);

  /** The state in the folder, which is not that of the trainer if it could not be written. */
  private volatile Progress saved;

  /**
   * What a checkpoint saves.
   *
   * @param others what training keeps besides net and optimiser, by name
   */
  record Parts(
      Network net, Optimizer optimizer, Map<String, Resumable> others, Metadata metadata) {}

  /**
   * A run.
   *
   * @param views how the trained net is measured in the end
   * @param saveEvery batches from one checkpoint to the next within an epoch; null for none
   */
  TrainRun(
      Trainer trainer,
      Parts parts,
      TestViews views,
      RunFolder folder,
      Integer saveEvery,
      PrintWriter out) {
    this.trainer = trainer;
    this.parts = parts;
    this.views = views;
    this.folder = folder;
    this.saveEvery = saveEvery;
    this.out = out;
    this.saved = trainer.progress();
  }

  /** Saves the state that a run starts with, so that it can be resumed from the first moment. */
  void saveStart() throws IOException {
    save();
  }

  /** Saves the state, unless it has diverged: then the one before is worth more. */
  private void save() throws IOException {
    if (!isFinite()) {
      return;
    }
    Progress progress = trainer.progress();
    folder.save(progress, this::write);
    saved = progress;
  }

  private boolean isFinite() {
    for (float[] values : parts.net.graph().values().values()) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }

  private void write(Path file) throws IOException {
    Checkpoint.saveTraining(
        file, parts.net, parts.optimizer, parts.others, parts.metadata, trainer.progress().toMap());
  }

  /** Trains to the end, or until the process is told to end. */
  void run(int epochs) throws IOException {
    out.flush();
    ProgressBar bar =
        new ProgressBar(
            out,
            Boolean.getBoolean("lanewise.terminal"),
            Integer.getInteger("lanewise.columns", 80),
            epochs,
            System::nanoTime);
    Thread farewell = new Thread(this::stopWell, "lanewise-stop");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      if (trainer.progress().epoch() == epochs) {
        folder.finish(trainer.progress(), this::write);
      }
      trainer.run(new Listener(bar, epochs));
      Progress progress = trainer.progress();
      if (progress.epoch() < epochs) {
        if (progress.batch() > 0) {
          save();
        }
        return;
      }
    } finally {
      done.countDown();
      removeHook(farewell);
    }
    if (allTimes.steps() > 0) {
      sayTimes();
    }
    printAccuracy(out, folder.testAccuracy());
    if (!views.equals(TestViews.PLAIN)) {
      out.printf("mean of %d views of each image (%s):%n", views.views().size(), views.name());
      printAccuracy(out, trainer.evaluate(views).accuracy());
    }
  }

  private void sayTimes() {
    out.println("time: " + allTimes);
    out.printf(
        Locale.ROOT,
        "a step took %.3f ms, of which it waited %.3f ms for its batch; loading one took %.3f ms, beside other steps%n",
        perStep(allTimes.nanos() - allTimes.nanos(TimeSplit.Part.EVALUATION)),
        perStep(allTimes.nanos(TimeSplit.Part.DATA)),
        perStep(allTimes.loadNanos()));
  }

  private double perStep(long nanos) {
    return nanos * 1e-6 / allTimes.steps();
  }

  static void printAccuracy(PrintWriter out, double accuracy) {
    out.printf(Locale.ROOT, "test accuracy %.4f%n", accuracy);
    out.flush();
  }

  private final class Listener implements TrainListener {
    private final ProgressBar bar;
    private final int epochs;

    Listener(ProgressBar bar, int epochs) {
      this.bar = bar;
      this.epochs = epochs;
    }

    @Override
    public void onStep(int epoch, int batch, int batches, Metrics soFar, double imagesPerSecond)
        throws IOException {
      bar.onStep(epoch, batch, batches, soFar, imagesPerSecond);
      long step = (epoch - 1L) * batches + batch;
      if (saveEvery != null && step % saveEvery == 0) {
        save();
      }
    }

    @Override
    public void onEpoch(EpochReport report) throws IOException {
      folder.save(report, trainer.times(), report.epoch() == epochs, TrainRun.this::write);
      saved = trainer.progress();
      allTimes.add(trainer.times());
      trainer.times().reset();
      bar.onEpoch(report);
    }
  }

  /** Runs when the process is told to end: lets the step end and its state be saved. */
  private void stopWell() {
    trainer.stop();
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.err.println(
        "\nlanewise: stopped; "
            + folder.folder()
            + " holds the state "
            + after(saved)
            + "; to go on: lanewise train --resume "
            + folder.folder());
  }

  /** How far a run is, in words. */
  static String after(Progress progress) {
    if (progress.isStart()) {
      return "before the first step";
    }
    return progress.batch() == 0
        ? "after epoch " + progress.epoch()
        : "in epoch " + (progress.epoch() + 1) + ", after batch " + progress.batch();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook with it.
    }
  }
}
