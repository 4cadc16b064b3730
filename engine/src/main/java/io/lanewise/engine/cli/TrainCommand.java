package io.lanewise.engine.cli;

import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.Cifar10;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Ema;
import io.lanewise.engine.optim.GradientClip;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.OptimizerSpec;
import io.lanewise.engine.optim.WeightAverage;
import io.lanewise.engine.recipe.Recipe;
import io.lanewise.engine.recipe.Recipes;
import io.lanewise.engine.schedule.Schedules;
import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.Metrics;
import io.lanewise.engine.train.Practice;
import io.lanewise.engine.train.TestViews;
import io.lanewise.engine.train.TrainConfig;
import io.lanewise.engine.train.TrainListener;
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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a net. */
@Command(
    name = "train",
    description = {
      "Trains a net on CIFAR-10 binary files and measures it on the test set after each epoch.",
      "Writes metrics.csv and model.safetensors into RUNDIR; the last line is the final test"
          + " accuracy. Without options these are the settings of the ConvNetJS CIFAR-10 demo."
    })
final class TrainCommand implements Callable<Integer> {
  private static final int DEFAULT_EPOCHS = 10;

  private static final List<String> FIXED_BY_RECIPES =
      List.of(
          "--model",
          "--batch",
          "--optimizer",
          "--lr",
          "--momentum",
          "--rho",
          "--eps",
          "--l1",
          "--l2",
          "--schedule",
          "--clip-norm",
          "--clip-value",
          "--accumulate",
          "--ema",
          "--no-augment");

  @Mixin private DataOptions data;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "convnetjs-cifar10",
      description =
          "the net: convnetjs-cifar10, mlp, vgg-small, resnet20, resnet18,"
              + " airbench94 (default:"
              + " ${DEFAULT-VALUE})")
  private String model;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description = {
        "net and all settings at once: convnetjs, resnet20, airbench94; goes with --epochs, --seed,"
            + " and what names data and folders"
      })
  private String recipe;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "passes over the training images (default: 10, or what the recipe is made for)")
  private Double epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "4",
      description = "images in a step (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adadelta",
      description =
          "sgd, momentum, nesterov, adagrad, adadelta, rmsprop, adam, adamw (default:"
              + " ${DEFAULT-VALUE})")
  private String optimizer;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description =
          "learning rate (default: 1 for adadelta; 0.001 for rmsprop, adam, adamw; else 0.01)")
  private Double learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      description = "for momentum and nesterov (default: 0.9), sgd and rmsprop (default: 0)")
  private Double momentum;

  @Option(
      names = "--rho",
      paramLabel = "X",
      description = "decay of averages, for adadelta (default: 0.95) and rmsprop (default: 0.99)")
  private Double rho;

  @Option(
      names = "--eps",
      paramLabel = "X",
      description = "keeps divisors above 0 (default: 1e-8, adagrad 1e-10)")
  private Double eps;

  @Option(
      names = "--l1",
      paramLabel = "X",
      defaultValue = "0",
      description = "L1 regularisation, biases excluded (default: ${DEFAULT-VALUE})")
  private double l1;

  @Option(
      names = "--l2",
      paramLabel = "X",
      defaultValue = "1e-4",
      description =
          "L2 regularisation, biases excluded; decoupled decay with adamw (default:"
              + " ${DEFAULT-VALUE})")
  private double l2;

  @Option(
      names = "--schedule",
      paramLabel = "TEXT",
      defaultValue = "constant",
      description = {
        "factor on the learning rate over the run: constant, step:FACTOR,AT[,AT...],"
            + " exponential:END, cosine[:END], linear[:END], one-cycle[:PEAK[,START[,END]]],"
            + " piecewise:AT=RATE,AT=RATE..., warm-up:AT,SCHEDULE; AT and PEAK are shares of the"
            + " run, 0 to 1 (default: ${DEFAULT-VALUE})"
      })
  private String schedule;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      defaultValue = "0",
      description = "scale gradients down to this norm, all together; 0 for never (default)")
  private double clipNorm;

  @Option(
      names = "--clip-value",
      paramLabel = "X",
      defaultValue = "0",
      description = "cut gradients off at this absolute value; 0 for never (default)")
  private double clipValue;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      defaultValue = "1",
      description = "batches whose gradients make one step (default: ${DEFAULT-VALUE})")
  private int accumulate;

  @Option(
      names = "--ema",
      paramLabel = "X",
      description = "measure and save an exponential moving average that keeps X a step")
  private Double ema;

  @Option(
      names = "--no-augment",
      description = "train on the images as they are, without flips and shifts of up to 2 pixels")
  private boolean noAugment;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "seed of weights, order and augmentation (default: ${DEFAULT-VALUE})")
  private long seed;

  @Mixin private ThreadOption threads;

  @Option(
      names = "--out",
      paramLabel = "RUNDIR",
      description = "a folder for the results, new or empty (default: runs/MODEL-NUMBER)")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (recipe != null) {
      refuseWhatRecipesFix();
    }
    Dataset train = Cifar10.train(data.data()).first(data.limit());
    Dataset test = Cifar10.test(data.data()).first(data.limit());
    return recipe == null ? train(train, test) : trainRecipe(Recipes.named(recipe), train, test);
  }

  private void refuseWhatRecipesFix() {
    for (String option : FIXED_BY_RECIPES) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new IllegalArgumentException(
            "--recipe " + recipe + " fixes " + option + "; leave one of the two out");
      }
    }
  }

  private int trainRecipe(Recipe wanted, Dataset train, Dataset test) throws IOException {
    double length = epochs == null ? wanted.epochs() : epochs;
    Recipe.Setup setup = wanted.prepare(train, length, seed);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("recipe", wanted.name());
    settings.put("epochs", "" + length);
    settings.put("seed", "" + seed);
    return run(setup, wanted.name(), settings, train, test);
  }

  private int train(Dataset train, Dataset test) throws IOException {
    OptimizerSpec optimizerSpec =
        new OptimizerSpec(optimizer, learningRate, momentum, rho, eps, l1, l2);
    DataOptions.atLeastOne("--batch", batch);
    int passes = epochs == null ? DEFAULT_EPOCHS : (int) (double) epochs;
    if (epochs != null && (passes != epochs || passes < 1)) {
      throw new IllegalArgumentException(
          "--epochs is " + epochs + ", needs a whole number of at least 1 without a recipe");
    }
    Network net = Models.build(model, train.imageShape(), train.classNames().size(), seed);
    Augment augment = noAugment ? Augment.NONE : Augment.FLIP_SHIFT_2;
    TrainConfig config =
        new TrainConfig(
            passes,
            batch,
            seed,
            Schedules.parse(schedule).times(optimizerSpec.rate()),
            Normalization.CENTERED,
            augment,
            new Practice(false, Long.MAX_VALUE, accumulate, new GradientClip(clipNorm, clipValue)));
    Optimizer steps = optimizerSpec.create(net.graph().parameters());
    WeightAverage average = ema == null ? null : new Ema(net.graph().values(), ema);
    Recipe.Setup setup = new Recipe.Setup(net, steps, average, config, TestViews.PLAIN);
    return run(setup, model, settings(optimizerSpec, passes), train, test);
  }

  private int run(
      Recipe.Setup setup, String name, Map<String, String> settings, Dataset train, Dataset test)
      throws IOException {
    Network net = setup.network();
    TrainConfig config = setup.config();
    Metadata metadata =
        Metadata.of(net, train.classNames(), config.normalization()).withSettings(settings);
    PrintWriter print = spec.commandLine().getOut();
    try (Parallel parallel = threads.parallel()) {
      Trainer trainer =
          new Trainer(net, setup.optimizer(), setup.average(), train, test, config, parallel);
      RunFolder run = RunFolder.create(out, name);
      print.printf(
          Locale.ROOT,
          "%s, %,d parameters; %,d training and %,d test images; %s, batch %d; %d threads, %s%n",
          name,
          net.graph().parameterCount(),
          train.size(),
          test.size(),
          recipe == null ? optimizer : "its recipe",
          config.batch(),
          parallel.threads(),
          LanesProvider.description());
      print.println("writing to " + run.folder());
      print.flush();
      Thread farewell = new Thread(() -> sayWhatIsLeft(run));
      Runtime.getRuntime().addShutdownHook(farewell);
      ProgressBar bar =
          new ProgressBar(
              print,
              Boolean.getBoolean("lanewise.terminal"),
              Integer.getInteger("lanewise.columns", 80),
              config.epochs());
      EpochReport last;
      try {
        last =
            trainer.run(
                new TrainListener() {
                  @Override
                  public void onStep(
                      int epoch, int index, int batches, Metrics soFar, double imagesPerSecond) {
                    bar.onStep(epoch, index, batches, soFar, imagesPerSecond);
                  }

                  @Override
                  public void onEpoch(EpochReport report) throws IOException {
                    run.save(report, net, metadata);
                    bar.onEpoch(report);
                  }
                });
      } finally {
        removeHook(farewell);
      }
      if (setup.views() != TestViews.PLAIN) {
        print.printf(Locale.ROOT, "test accuracy of single views %.4f%n", last.testAccuracy());
        print.flush();
        Metrics averaged = trainer.evaluate(setup.views());
        print.printf(
            Locale.ROOT,
            "test accuracy %.4f, mean of %d views%n",
            averaged.accuracy(),
            setup.views().views().size());
      } else {
        print.printf(Locale.ROOT, "test accuracy %.4f%n", last.testAccuracy());
      }
      print.flush();
    }
    return 0;
  }

  private static void sayWhatIsLeft(RunFolder run) {
    int saved = run.savedEpochs();
    System.err.println(
        "\nlanewise: stopped; "
            + run.folder()
            + (saved == 0 ? " holds no net yet" : " holds the net of epoch " + saved));
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook with it.
    }
  }

  private Map<String, String> settings(OptimizerSpec optimizerSpec, int passes) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("epochs", "" + passes);
    settings.put("batch", "" + batch);
    settings.put("optimizer", optimizer);
    settings.put("lr", "" + optimizerSpec.rate());
    if (momentum != null) {
      settings.put("momentum", "" + momentum);
    }
    if (rho != null) {
      settings.put("rho", "" + rho);
    }
    if (eps != null) {
      settings.put("eps", "" + eps);
    }
    settings.put("l1", "" + l1);
    settings.put("l2", "" + l2);
    settings.put("schedule", schedule);
    if (clipNorm > 0 || clipValue > 0) {
      settings.put("clip", "norm " + clipNorm + ", value " + clipValue);
    }
    if (accumulate > 1) {
      settings.put("accumulate", "" + accumulate);
    }
    if (ema != null) {
      settings.put("ema", "" + ema);
    }
    settings.put("augment", noAugment ? "none" : "flip, shift 2");
    settings.put("seed", "" + seed);
    return settings;
  }
}
