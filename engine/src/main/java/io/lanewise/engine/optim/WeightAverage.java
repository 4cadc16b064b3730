package io.lanewise.engine.optim;

import io.lanewise.engine.tensor.Resumable;
import io.lanewise.kernels.lanes.Lanes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A moving average of everything a net has learned, running statistics included, updated after each
 * step.
 */
public abstract class WeightAverage implements Resumable {
  private final Map<String, float[]> live;
  private final Map<String, float[]> average = new LinkedHashMap<>();
  private long steps;

  /**
   * An average that starts with the values there are now.
   *
   * @param live the values by name: parameters and buffers
   */
  protected WeightAverage(Map<String, float[]> live) {
    this.live = new LinkedHashMap<>(live);
    live.forEach((name, values) -> average.put(name, values.clone()));
  }

  /**
   * Called when the optimiser has made a step.
   *
   * @param planned steps in the whole run
   */
  public final void afterStep(long planned) {
    steps++;
    update(steps, planned);
  }

  /**
   * Moves the average.
   *
   * @param done steps done, from 1
   * @param planned steps in the whole run
   */
  protected abstract void update(long done, long planned);

  @Override
  public final long steps() {
    return steps;
  }

  @Override
  public final void steps(long done) {
    this.steps = done;
  }

  /**
   * Called before the net is measured or saved, and once more after that: whatever the first call
   * puts into the net, the second takes out again.
   *
   * <p>A checkpoint written between the two holds a net as it is meant to be used; who restores it
   * to train on calls this after restoring parameters, buffers and {@link #state}.
   */
  public void swap() {}

  /** The live arrays of the average, by the names of what they average. */
  @Override
  public final Map<String, float[]> state() {
    return new LinkedHashMap<>(average);
  }

  /**
   * {@code average = decay * average + (1 - decay) * value}. The two factors add up to 1 as floats,
   * too: a sum that is off by 1e-8 moves an average whose decay is 0.9999 by 1e-4 of its size.
   */
  protected final void blend(double decay) {
    float kept = (float) decay;
    float taken = 1 - kept;
    forEach(
        (values, mean) -> {
          Lanes.ACTIVE.scale(kept, mean, 0, mean, 0, mean.length);
          Lanes.ACTIVE.accumulateScaled(taken, values, 0, mean, 0, mean.length);
        });
  }

  /** {@code value = average}. */
  protected final void copyToNet() {
    forEach((values, mean) -> System.arraycopy(mean, 0, values, 0, mean.length));
  }

  /** Exchanges values and average. */
  protected final void exchange() {
    forEach(
        (values, mean) -> {
          for (int i = 0; i < mean.length; i++) {
            float value = values[i];
            values[i] = mean[i];
            mean[i] = value;
          }
        });
  }

  private interface Pair {
    void of(float[] values, float[] mean);
  }

  private void forEach(Pair action) {
    live.forEach((name, values) -> action.of(values, average.get(name)));
  }
}
