package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.recipe.Recipe;
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

  private static final double DEFAULT_EPOCHS = 10;

  @Mixin private DataOptions data;
  @Mixin private TrainOptions options;
  @Mixin private PracticeOptions practice;
  @Mixin private RecipeOption recipe;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "passes over the training images (default: 10; with --recipe what it is made for; with"
              + " --resume those of the run)")
  private Double epochs;

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
      description = "save a checkpoint every N batches, too, not only after each epoch")
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
    TrainPlan plan = plan(format);
    Dataset train = data.train();
    Dataset test = data.test();
    Map<String, String> texts = plan.toMap(format);
    texts.putAll(data.settings(train, test));
    try (Parallel parallel = threads.parallel()) {
      Setup setup = new Setup(plan, texts, format, train, test, parallel);
      try (RunFolder folder = RunFolder.create(out, plan.name())) {
        saveData(folder);
        TrainRun run = setup.run(folder, saveEvery, printer());
        run.saveStart();
        setup.describe(printer());
        printer().println("writing to " + folder.folder());
        run.run(setup.config().epochs());
      }
    }
  }

  private TrainPlan plan(DataFormat format) {
    double wanted = epochs == null ? DEFAULT_EPOCHS : epochs;
    return recipe
        .plan(spec, epochs, options.seed())
        .orElseGet(() -> options.settings(wanted, format, practice.settings()));
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
    try (RunFolder folder = RunFolder.open(resume)) {
      goOn(folder);
    }
  }

  private void goOn(RunFolder folder) throws IOException {
    Checkpoint checkpoint = folder.latest();
    Progress progress = RunFolder.progress(checkpoint);
    Map<String, String> texts = new LinkedHashMap<>(checkpoint.metadata().settings());
    TrainPlan planned = plannedSettings(checkpoint, texts);
    TrainPlan settings = epochs == null ? planned : planned.withEpochs(epochs);
    if (RunFolder.isFinished(checkpoint) && settings.epochs() == planned.epochs()) {
      folder.resume(progress.epoch());
      sayFinished(progress, folder.testAccuracy());
      return;
    }
    texts.put("epochs", TrainSettings.epochsText(settings.epochs()));
    data.fillFrom(resume, texts, true);
    Dataset train = data.train();
    Dataset test = data.test();
    data.checkSame(texts, "training", train);
    data.checkSame(texts, "test", test);
    try (Parallel parallel = threads.parallel()) {
      Setup setup = new Setup(settings, texts, data.format(), train, test, parallel);
      checkpoint.into(setup.made.network());
      checkpoint.intoOptimizer(setup.made.optimizer());
      checkpoint.intoOthers(setup.trainer.others());
      setup.trainer.resume(progress, (int) Math.ceil(planned.epochs()));
      folder.resume(progress.epoch());
      saveData(folder);
      setup.trainer.secondsBefore(folder.seconds());
      TrainRun run = setup.run(folder, saveEvery, printer());
      setup.describe(printer());
      printer().println("going on in " + resume + " " + TrainRun.after(progress));
      run.run(setup.config().epochs());
    }
  }

  /** Lets those who come later find the images, if they are not in their usual place. */
  private void saveData(RunFolder folder) throws IOException {
    if (data.given().isPresent()) {
      folder.saveData(data.data());
    }
  }

  private static TrainPlan plannedSettings(Checkpoint checkpoint, Map<String, String> texts)
      throws IOException {
    try {
      return TrainPlan.of(checkpoint.metadata().model(), texts);
    } catch (IllegalArgumentException e) {
      throw new IOException(checkpoint.path() + ": " + e.getMessage(), e);
    }
  }

  private void sayFinished(Progress progress, double accuracy) {
    printer()
        .printf(
            Locale.ROOT,
            "%s is finished, %d epochs are done; a larger --epochs goes on, unless the learning"
                + " rate depends on it%n",
            resume,
            progress.epoch());
    TrainRun.printAccuracy(printer(), accuracy);
  }

  private PrintWriter printer() {
    return spec.commandLine().getOut();
  }

  /** What is made from a plan and images, in the same way at the start and on resume. */
  private static final class Setup {
    private final TrainPlan plan;
    private final Dataset train;
    private final Dataset test;
    private final Parallel parallel;
    private final Recipe.Setup made;
    private final Metadata metadata;
    private final Trainer trainer;

    Setup(
        TrainPlan plan,
        Map<String, String> texts,
        DataFormat format,
        Dataset train,
        Dataset test,
        Parallel parallel) {
      this.plan = plan;
      this.train = train;
      this.test = test;
      this.parallel = parallel;
      this.made = plan.prepare(train, format);
      this.metadata =
          Metadata.of(made.network(), train.classNames(), config().normalization())
              .withSettings(texts);
      this.trainer =
          new Trainer(
              made.network(), made.optimizer(), made.average(), train, test, config(), parallel);
    }

    TrainConfig config() {
      return made.config();
    }

    TrainRun run(RunFolder folder, Integer saveEvery, PrintWriter out) {
      TrainRun.Parts parts =
          new TrainRun.Parts(made.network(), made.optimizer(), trainer.others(), metadata);
      return new TrainRun(trainer, parts, made.views(), folder, saveEvery, out);
    }

    void describe(PrintWriter out) {
      out.printf(
          Locale.ROOT,
          "%s, %,d parameters; %,d training and %,d test images; %s, batch %d; %s, %s%n",
          plan.name(),
          made.network().graph().parameterCount(),
          train.size(),
          test.size(),
          plan.optimizerText(),
          config().batch(),
          ThreadOption.count(parallel),
          LanesProvider.description());
    }
  }
}
