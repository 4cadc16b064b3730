package io.lanewise.engine.train;

import io.lanewise.engine.optim.GradientClip;

/**
 * Practices of training that most runs do without.
 *
 * @param dropLast whether the last batch of an epoch is left out if it is smaller than the others
 * @param mostSteps steps after which training ends, be it in the middle of an epoch
 * @param accumulate batches whose gradients make one step, at least 1
 * @param clip keeps gradients from growing too large
 */
public record Practice(boolean dropLast, long mostSteps, int accumulate, GradientClip clip) {
  /** None of them. */
  public static final Practice NONE = new Practice(false, Long.MAX_VALUE, 1, GradientClip.NONE);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public Practice {
    if (mostSteps < 1 || accumulate < 1) {
      throw new IllegalArgumentException(
          String.format(
              "found %d steps and %d batches a step, needs at least 1 each",
              mostSteps, accumulate));
    }
  }

  /**
   * Steps in a run.
   *
   * @param epochs passes over the training set
   * @param batches batches in each
   */
  long steps(int epochs, int batches) {
    return Math.min(mostSteps, epochs * stepsAnEpoch(batches));
  }

  /** Steps in an epoch; the last one may have fewer batches. */
  long stepsAnEpoch(int batches) {
    return (batches - 1) / accumulate + 1;
  }
}
