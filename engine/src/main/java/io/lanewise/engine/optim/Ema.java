package io.lanewise.engine.optim;

import java.util.Map;

/**
 * An exponential moving average (Polyak and Juditsky, 1992, in the form usual today): training goes
 * on with the net as it is, the average is what is measured and saved. Early on it forgets faster,
 * {@code min(decay, done / (done + 10))}, as it would else remember the first values for long.
 */
public final class Ema extends WeightAverage {
  private final double decay;

  /**
   * An average.
   *
   * @param live the values by name: parameters and buffers
   * @param decay share of the average that a step keeps, for example 0.999
   */
  public Ema(Map<String, float[]> live, double decay) {
    super(live);
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("ema: decay is " + decay + ", needs 0 to below 1");
    }
    this.decay = decay;
  }

  @Override
  protected void update(long done, long planned) {
    blend(Math.min(decay, done / (done + 10.0)));
  }

  @Override
  public void swap() {
    exchange();
  }
}
