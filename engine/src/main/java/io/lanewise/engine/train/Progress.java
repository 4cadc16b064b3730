package io.lanewise.engine.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a run is: what a {@link Trainer} needs to go on, besides parameters and the optimiser.
 * Random streams need no more than this, as they are functions of seed, epoch, image and step.
 *
 * @param epoch whole epochs done, evaluation included
 * @param batch batches done of the epoch that is under way
 * @param metrics sums over those batches, as {@link Metrics#toString} writes them
 */
public record Progress(int epoch, int batch, String metrics) implements Comparable<Progress> {
  private static final String EPOCH = "epoch";
  private static final String BATCH = "batch";
  private static final String METRICS = "metrics";

  /** Nothing done yet. */
  public static final Progress START = afterEpoch(0);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative, or the metrics are none
   */
  public Progress {
    if (epoch < 0 || batch < 0) {
      throw new IllegalArgumentException(
          "found epoch " + epoch + " and batch " + batch + ", needs at least 0 each");
    }
    try {
      Metrics.parse(metrics);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "found metrics \"" + metrics + "\", needs sums of loss, right answers and samples", e);
    }
  }

  static Progress afterEpoch(int epochs) {
    return new Progress(epochs, 0, new Metrics().toString());
  }

  /** Texts for a checkpoint. */
  public Map<String, String> toMap() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(EPOCH, Integer.toString(epoch));
    texts.put(BATCH, Integer.toString(batch));
    texts.put(METRICS, metrics);
    return texts;
  }

  /**
   * Reads what {@link #toMap} wrote.
   *
   * @throws IllegalArgumentException if a text is missing or wrong
   */
  public static Progress of(Map<String, String> texts) {
    try {
      return new Progress(
          Integer.parseInt(texts.getOrDefault(EPOCH, "")),
          Integer.parseInt(texts.getOrDefault(BATCH, "")),
          texts.getOrDefault(METRICS, ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "found state " + texts + ", needs epoch and batch as whole numbers", e);
    }
  }

  /** Whether nothing is done yet. */
  public boolean isStart() {
    return epoch == 0 && batch == 0;
  }

  /** The one that is further is greater. */
  @Override
  public int compareTo(Progress other) {
    return epoch != other.epoch
        ? Integer.compare(epoch, other.epoch)
        : Integer.compare(batch, other.batch);
  }
}
