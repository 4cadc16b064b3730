package io.lanewise.engine.optim;

import io.lanewise.engine.schedule.Schedule;
import java.util.Map;

/**
 * Lookahead (Zhang et al., 2019): every few steps slow weights move towards the fast ones, and the
 * fast ones start again from there: {@code slow = decay * slow + (1 - decay) * w; w = slow}. After
 * the last step {@code w = slow}, so that what was learned since the last visit is dropped.
 */
public final class Lookahead extends WeightAverage {
  private final int every;
  private final Schedule decay;

  /**
   * Slow weights.
   *
   * @param live the values by name: parameters and buffers
   * @param every steps from one visit to the next, at least 1
   * @param decay share of the slow weights that a visit keeps, by steps done
   */
  public Lookahead(Map<String, float[]> live, int every, Schedule decay) {
    super(live);
    if (every < 1) {
      throw new IllegalArgumentException("lookahead: every is " + every + ", needs at least 1");
    }
    this.every = every;
    this.decay = decay;
  }

  @Override
  protected void update(long done, long planned) {
    if (done % every == 0) {
      blend(decay.rate(done, planned));
      copyToNet();
    }
    if (done == planned) {
      copyToNet();
    }
  }
}
