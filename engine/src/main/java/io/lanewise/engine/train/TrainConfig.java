package io.lanewise.engine.train;

import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.schedule.Schedule;

/**
 * How to train.
 *
 * @param epochs passes over the training set, at least 1
 * @param batch samples in a step, at least 1
 * @param seed seed of the order of samples, of augmentation and of dropout
 * @param schedule the learning rate
 * @param normalization how pixels become floats
 * @param augment random changes of the training images
 * @param practice what else is done
 */
public record TrainConfig(
    int epochs,
    int batch,
    long seed,
    Schedule schedule,
    Normalization normalization,
    Augment augment,
    Practice practice) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if epochs or batch is below 1
   */
  public TrainConfig {
    if (epochs < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "found epochs " + epochs + " and batch " + batch + ", needs at least 1 each");
    }
  }

  /** Settings with nothing else done. */
  public TrainConfig(
      int epochs,
      int batch,
      long seed,
      Schedule schedule,
      Normalization normalization,
      Augment augment) {
    this(epochs, batch, seed, schedule, normalization, augment, Practice.NONE);
  }

  /** Settings with seed 1, centred pixels, and flips and shifts of up to 2 pixels. */
  public static TrainConfig of(int epochs, int batch, Schedule schedule) {
    return new TrainConfig(
        epochs, batch, 1, schedule, Normalization.CENTERED, Augment.FLIP_SHIFT_2);
  }
}
