package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.train.Progress;
import io.lanewise.engine.train.TrainConfig;
import io.lanewise.engine.train.Trainer;
import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a net, from its beginning or from where a run was stopped. */
@Command(
    name = "train",
    description = {
      "Trains a net on CIFAR-10, CIFAR-100, MNIST or Fashion-MNIST files and measures it on the test"
          + " set after each epoch.",
      "Writes metrics.csv, times.csv and checkpoint.safetensors into RUNDIR, at the end"
          + " model.safetensors; the last line is the final test accuracy. Without options these"
          + " are the settings of the ConvNetJS CIFAR-10 demo.",
      "A run that was stopped, by Ctrl-C or by force, goes on with --resume RUNDIR and comes to the"
          + " same bits as if it had not been."
    })
final class TrainCommand implements Callable<Integer> {
  /** What may be said anew when a run goes on; none of it changes the result. */
  private static final Set<String> WITH_RESUME =
      Set.of("--resume", "--epochs", "--data", "--threads", "--save-every");

  @Mixin private DataOptions data;
  @Mixin private TrainOptions options;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "passes over the training images (default: ${DEFAULT-VALUE}; with --resume those of the"
              + " run)")
  private int epochs;

  @Mixin private ThreadOption threads;

  @Option(
      names = "--out",
      paramLabel = "RUNDIR",
      description = "a folder for the results, new or empty (default: runs/MODEL-NUMBER)")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "RUNDIR",
      description =
          "go on with a run, with its settings; of the other options only --epochs, to do more of"
              + " them, --data, --threads and --save-every may be given")
  private Path resume;

  @Option(
      names = "--save-every",
      paramLabel = "N",
      description = "save a checkpoint every N steps, too, not only after each epoch")
  private Integer saveEvery;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (saveEvery != null) {
      DataOptions.atLeastOne("--save-every", saveEvery);
    }
    if (resume != null) {
      resume();
    } else {
      start();
    }
    return 0;
  }

  private void start() throws IOException {
    DataFormat format = data.format();
    TrainSettings settings = options.settings(epochs, format);
    Dataset train = data.train();
    Dataset test = data.test();
    Map<String, String> texts = settings.toMap(format);
    texts.putAll(data.settings(train, test));
    try (Parallel parallel = threads.parallel()) {
      Setup setup = new Setup(settings, texts, format, train, test, parallel);
      RunFolder folder = RunFolder.create(out, settings.model());
      TrainRun run = new TrainRun(setup.trainer, setup.parts(), folder, saveEvery, printer());
      run.saveStart();
      setup.describe(printer());
      printer().println("writing to " + folder.folder());
      run.run(settings.epochs());
    }
  }

  private void resume() throws IOException {
    List<String> refused =
        spec.commandLine().getParseResult().matchedOptions().stream()
            .map(option -> option.longestName())
            .filter(name -> !WITH_RESUME.contains(name))
            .toList();
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              "--resume goes on with the settings of the run, found %s as well; leave it out, or"
                  + " start a run of its own without --resume",
              String.join(", ", refused)));
    }
    if (resume.toString().isEmpty()) {
      throw new IllegalArgumentException("--resume is empty, needs the folder of a run");
    }
    Checkpoint checkpoint = RunFolder.latest(resume);
    Progress progress = RunFolder.progress(checkpoint);
    Map<String, String> texts = new LinkedHashMap<>(checkpoint.metadata().settings());
    TrainSettings planned = plannedSettings(checkpoint, texts);
    boolean given = spec.commandLine().getParseResult().hasMatchedOption("--epochs");
    TrainSettings settings = given ? planned.withEpochs(epochs) : planned;
    if (progress.epoch() == settings.epochs() && progress.batch() == 0) {
      sayFinished(progress);
      return;
    }
    texts.put("epochs", "" + settings.epochs());
    data.fillFrom(texts, true);
    Dataset train = data.train();
    Dataset test = data.test();
    data.checkSame(texts, "training", train);
    data.checkSame(texts, "test", test);
    try (Parallel parallel = threads.parallel()) {
      Setup setup = new Setup(settings, texts, data.format(), train, test, parallel);
      checkpoint.into(setup.net);
      checkpoint.intoOptimizer(setup.optimizer);
      checkpoint.intoOthers(Map.of());
      setup.trainer.resume(progress, planned.epochs());
      RunFolder folder = RunFolder.resume(resume, progress.epoch());
      setup.trainer.secondsBefore(folder.seconds());
      TrainRun run = new TrainRun(setup.trainer, setup.parts(), folder, saveEvery, printer());
      setup.describe(printer());
      printer().println("going on in " + resume + " " + TrainRun.after(progress));
      run.run(settings.epochs());
    }
  }

  private static TrainSettings plannedSettings(Checkpoint checkpoint, Map<String, String> texts)
      throws IOException {
    try {
      return TrainSettings.of(checkpoint.metadata().model(), texts);
    } catch (IllegalArgumentException e) {
      throw new IOException(checkpoint.path() + ": " + e.getMessage(), e);
    }
  }

  private void sayFinished(Progress progress) throws IOException {
    double accuracy = RunFolder.resume(resume, progress.epoch()).testAccuracy();
    printer()
        .printf(
            Locale.ROOT,
            "%s is finished, %d epochs are done; --epochs with a larger number goes on%n",
            resume,
            progress.epoch());
    TrainRun.printAccuracy(printer(), accuracy);
  }

  private PrintWriter printer() {
    return spec.commandLine().getOut();
  }

  /** What is made from settings and images, in the same way at the start and on resume. */
  private static final class Setup {
    private final TrainSettings settings;
    private final Dataset train;
    private final Dataset test;
    private final Parallel parallel;
    private final Network net;
    private final Optimizer optimizer;
    private final Metadata metadata;
    private final Trainer trainer;

    Setup(
        TrainSettings settings,
        Map<String, String> texts,
        DataFormat format,
        Dataset train,
        Dataset test,
        Parallel parallel) {
      this.settings = settings;
      this.train = train;
      this.test = test;
      this.parallel = parallel;
      int classes = train.classNames().size();
      Normalization normalization = settings.normalization(train);
      this.net = Models.build(settings.model(), train.imageShape(), classes, settings.seed());
      this.optimizer = settings.optimizer().create(net.graph().parameters());
      this.metadata = Metadata.of(net, train.classNames(), normalization).withSettings(texts);
      TrainConfig config =
          new TrainConfig(
              settings.epochs(),
              settings.batch(),
              settings.seed(),
              Schedule.constant(settings.optimizer().rate()),
              normalization,
              settings.augment(format));
      this.trainer = new Trainer(net, optimizer, train, test, config, parallel);
    }

    TrainRun.Parts parts() {
      return new TrainRun.Parts(net, optimizer, Map.of(), metadata);
    }

    void describe(PrintWriter out) {
      out.printf(
          Locale.ROOT,
          "%s, %,d parameters; %,d training and %,d test images; %s, batch %d; %d threads, %s%n",
          settings.model(),
          net.graph().parameterCount(),
          train.size(),
          test.size(),
          settings.optimizer().name(),
          settings.batch(),
          parallel.threads(),
          LanesProvider.description());
    }
  }
}
