package io.lanewise.engine.cli;

import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.optim.OptimizerSpec;
import java.util.List;
import picocli.CommandLine.Option;

/** What is trained and how: the options that a run keeps for all its life. */
final class TrainOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "convnetjs-cifar10",
      description =
          "the net: convnetjs-cifar10, mlp, vgg-small, resnet20, resnet18,"
              + " airbench94 (default: ${DEFAULT-VALUE})")
  private String model;

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
      names = "--normalize",
      paramLabel = "HOW",
      description =
          "data: mean 0 and standard deviation 1 for each channel of the training images; centered:"
              + " values from -0.5 to 0.5 (default: centered for CIFAR-10, as in the demo, else"
              + " data)")
  private String normalize;

  @Option(
      names = "--no-augment",
      description =
          "train on the images as they are, without flips (digits are never flipped) and shifts of"
              + " up to 2 pixels")
  private boolean noAugment;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "seed of weights, order and augmentation (default: ${DEFAULT-VALUE})")
  private long seed;

  /** The options that recipes decide. */
  static List<String> fixedByRecipes() {
    return List.of(
        "--model",
        "--batch",
        "--optimizer",
        "--lr",
        "--momentum",
        "--rho",
        "--eps",
        "--l1",
        "--l2",
        "--normalize",
        "--no-augment",
        "--schedule",
        "--clip-norm",
        "--clip-value",
        "--accumulate",
        "--ema",
        "--cutout",
        "--mix-up");
  }

  long seed() {
    return seed;
  }

  /** The settings that are meant; those not given depend on the data. */
  TrainSettings settings(double epochs, DataFormat format, PracticeSettings practice) {
    String usual = format == DataFormat.CIFAR10 ? TrainSettings.CENTERED : TrainSettings.DATA;
    return new TrainSettings(
        model,
        epochs,
        batch,
        new OptimizerSpec(optimizer, learningRate, momentum, rho, eps, l1, l2),
        normalize == null ? usual : normalize,
        !noAugment,
        seed,
        practice);
  }
}
