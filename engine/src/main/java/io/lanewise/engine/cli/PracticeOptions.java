package io.lanewise.engine.cli;

import picocli.CommandLine.Option;

/** The practices of training that runs do without unless told otherwise. */
final class PracticeOptions {
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
      defaultValue = "0",
      description =
          "measure and save a moving average of the weights that keeps this share of itself in a"
              + " step; 0 for none (default)")
  private double ema;

  @Option(
      names = "--cutout",
      paramLabel = "N",
      defaultValue = "0",
      description = "zero a square of N x N pixels of each training image; 0 for none (default)")
  private int cutout;

  @Option(
      names = "--mix-up",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "mix each training image with another one, in shares from Beta(X, X), X from 0.01 to 4; 0"
              + " for never (default)")
  private double mixUp;

  PracticeSettings settings() {
    return new PracticeSettings(schedule, clipNorm, clipValue, accumulate, ema, cutout, mixUp);
  }
}
