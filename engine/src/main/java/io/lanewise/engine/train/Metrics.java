package io.lanewise.engine.train;

/** Sums loss and accuracy over batches, sample by sample in order. */
public final class Metrics {
  private double lossSum;
  private long correct;
  private long samples;

  /** Nothing measured yet. */
  public Metrics() {}

  /** As they were when {@link #toString} wrote them down. */
  static Metrics parse(String text) {
    Metrics metrics = new Metrics();
    String[] words = text.split(" ");
    metrics.lossSum = Double.parseDouble(words[0]);
    metrics.correct = Long.parseLong(words[1]);
    metrics.samples = Long.parseLong(words[2]);
    return metrics;
  }

  /**
   * Adds a batch.
   *
   * @param losses one loss a sample
   * @param scores {@code [n, classes]}
   * @param labels {@code [n]}
   * @param n samples in the batch
   * @param classes number of classes
   */
  public void add(float[] losses, float[] scores, int[] labels, int n, int classes) {
    for (int i = 0; i < n; i++) {
      lossSum += losses[i];
      if (largest(scores, i * classes, classes) == labels[i]) {
        correct++;
      }
    }
    samples += n;
  }

  private static int largest(float[] scores, int at, int classes) {
    int best = 0;
    for (int j = 1; j < classes; j++) {
      if (scores[at + j] > scores[at + best]) {
        best = j;
      }
    }
    return best;
  }

  /** Mean loss over all samples; NaN before the first. */
  public double loss() {
    return lossSum / samples;
  }

  /** Share of samples whose largest score is that of their class, 0 to 1. */
  public double accuracy() {
    return (double) correct / samples;
  }

  /** Samples added. */
  public long samples() {
    return samples;
  }

  /** The sums: of the losses to the last bit, of right answers and of samples. */
  @Override
  public String toString() {
    return Double.toHexString(lossSum) + " " + correct + " " + samples;
  }
}
