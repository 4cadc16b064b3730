package io.lanewise.engine.cli;

import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.Cifar10;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.OptimizerSpec;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.Metrics;
import io.lanewise.engine.train.TrainConfig;
import io.lanewise.engine.train.TrainListener;
import io.lanewise.engine.train.Trainer;
import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
  @Mixin private DataOptions data;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "convnetjs-cifar10",
      description =
          "the net: convnetjs-cifar10, mlp, vgg-small, resnet20, resnet18 (default:"
              + " ${DEFAULT-VALUE})")
  private String model;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "passes over the training images (default: ${DEFAULT-VALUE})")
  private int epochs;

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
    DataOptions.atLeastOne("--epochs", epochs);
    DataOptions.atLeastOne("--batch", batch);
    OptimizerSpec optimizerSpec =
        new OptimizerSpec(optimizer, learningRate, momentum, rho, eps, l1, l2);
    Dataset train = Cifar10.train(data.data()).first(data.limit());
    Dataset test = Cifar10.test(data.data()).first(data.limit());
    Network net = Models.build(model, train.imageShape(), train.classNames().size(), seed);
    Normalization normalization = Normalization.CENTERED;
    Augment augment = noAugment ? Augment.NONE : Augment.FLIP_SHIFT_2;
    TrainConfig config =
        new TrainConfig(
            epochs, batch, seed, Schedule.constant(optimizerSpec.rate()), normalization, augment);
    Metadata metadata =
        Metadata.of(net, train.classNames(), normalization).withSettings(settings(optimizerSpec));
    Optimizer steps = optimizerSpec.create(net.graph().parameters());
    PrintWriter print = spec.commandLine().getOut();
    try (Parallel parallel = threads.parallel()) {
      Trainer trainer = new Trainer(net, steps, train, test, config, parallel);
      RunFolder run = RunFolder.create(out, model);
      print.printf(
          Locale.ROOT,
          "%s, %,d parameters; %,d training and %,d test images; %s, batch %d; %d threads, %s%n",
          model,
          net.graph().parameterCount(),
          train.size(),
          test.size(),
          optimizer,
          batch,
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
              epochs);
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
      print.printf(Locale.ROOT, "test accuracy %.4f%n", last.testAccuracy());
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

  private Map<String, String> settings(OptimizerSpec optimizerSpec) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("epochs", "" + epochs);
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
    settings.put("augment", noAugment ? "none" : "flip, shift 2");
    settings.put("seed", "" + seed);
    return settings;
  }
}
