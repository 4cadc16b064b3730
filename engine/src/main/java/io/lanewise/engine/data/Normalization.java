package io.lanewise.engine.data;

import java.util.Arrays;

/**
 * How pixels become the numbers a net sees: {@code (value - mean[ch]) / std[ch]} of channel values
 * scaled to 0..1, as torchvision's {@code Normalize}. A net must be asked with the normalisation it
 * was trained with, so a checkpoint carries it.
 */
public final class Normalization {
  /** Values from -0.5 to 0.5, as in the CIFAR-10 demo of ConvNetJS. */
  public static final Normalization CENTERED =
      of(new float[] {0.5f, 0.5f, 0.5f}, new float[] {1, 1, 1});

  /** Mean and standard deviation of the channels of the CIFAR-10 training images. */
  public static final Normalization CIFAR10 =
      of(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2470f, 0.2435f, 0.2616f});

  private final float[] mean;
  private final float[] std;

  private Normalization(float[] mean, float[] std) {
    this.mean = mean;
    this.std = std;
  }

  /**
   * A normalisation.
   *
   * @param mean {@code [c]}, of values from 0 to 1
   * @param std {@code [c]}, standard deviation of values from 0 to 1, greater than 0
   * @throws IllegalArgumentException if the lengths differ or are 0, a mean is not finite, or a
   *     standard deviation is not finite and greater than 0
   */
  public static Normalization of(float[] mean, float[] std) {
    if (mean.length != std.length || mean.length == 0) {
      throw new IllegalArgumentException(
          String.format(
              "normalisation: found %d means and %d standard deviations, needs one of each a"
                  + " channel",
              mean.length, std.length));
    }
    for (int ch = 0; ch < mean.length; ch++) {
      if (!Float.isFinite(mean[ch])) {
        throw new IllegalArgumentException(
            "normalisation: mean[" + ch + "] is " + mean[ch] + ", needs a finite number");
      }
      if (!(std[ch] > 0) || std[ch] == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "normalisation: std[" + ch + "] is " + std[ch] + ", needs a finite number above 0");
      }
    }
    return new Normalization(mean.clone(), std.clone());
  }

  /**
   * Reads what {@link #toString} wrote, to the same bits.
   *
   * @param text for example {@code mean 0.5 0.5 0.5 std 1.0 1.0 1.0}
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Normalization parse(String text) {
    String[] words = text.split(" ");
    int c = words.length / 2 - 1;
    if (c < 1
        || words.length != 2 * c + 2
        || !words[0].equals("mean")
        || !words[c + 1].equals("std")) {
      throw notNormalization(text);
    }
    try {
      return of(floats(words, 1, c), floats(words, c + 2, c));
    } catch (NumberFormatException e) {
      throw notNormalization(text);
    }
  }

  /** Values from -0.5 to 0.5, for any number of channels. */
  public static Normalization centered(int channels) {
    float[] mean = new float[channels];
    float[] std = new float[channels];
    Arrays.fill(mean, 0.5f);
    Arrays.fill(std, 1);
    return of(mean, std);
  }

  /**
   * Mean 0 and standard deviation 1 for each channel of a data set: {@code mean = sum / n} and
   * {@code std = sqrt(sum of squares / n - mean^2)} over all pixels. Bytes are added up as whole
   * numbers, so the result has the same bits on any machine; a channel of one colour throughout is
   * only centred.
   */
  public static Normalization of(Dataset dataset) {
    int channels = dataset.imageShape().dim(2);
    int area = dataset.imageShape().size() / channels;
    long[] sums = new long[channels];
    long[] squares = new long[channels];
    byte[] planes = new byte[channels * area];
    for (int i = 0; i < dataset.size(); i++) {
      dataset.copyImage(i, planes, 0);
      for (int j = 0; j < planes.length; j++) {
        int value = planes[j] & 0xff;
        sums[j / area] += value;
        squares[j / area] += value * value;
      }
    }
    float[] mean = new float[channels];
    float[] std = new float[channels];
    double pixels = (double) dataset.size() * area;
    for (int ch = 0; ch < channels; ch++) {
      double average = sums[ch] / pixels;
      double variance = squares[ch] / pixels - average * average;
      mean[ch] = (float) (average / 255);
      std[ch] = variance > 0 ? (float) (Math.sqrt(variance) / 255) : 1;
    }
    return of(mean, std);
  }

  private static float[] floats(String[] words, int at, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.parseFloat(words[at + i]);
    }
    return values;
  }

  private static IllegalArgumentException notNormalization(String text) {
    return new IllegalArgumentException(
        "found normalisation \"" + text + "\", needs the form \"" + CENTERED + "\"");
  }

  /** Number of channels. */
  public int channels() {
    return mean.length;
  }

  /** The mean of each channel, {@code [c]}, of values from 0 to 1; a copy. */
  public float[] mean() {
    return mean.clone();
  }

  /** The standard deviation of each channel, {@code [c]}, of values from 0 to 1; a copy. */
  public float[] std() {
    return std.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Normalization
        && Arrays.equals(mean, ((Normalization) other).mean)
        && Arrays.equals(std, ((Normalization) other).std);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(std);
  }

  /** For example {@code mean 0.5 0.5 0.5 std 1.0 1.0 1.0}; {@link #parse} reads it. */
  @Override
  public String toString() {
    return "mean" + join(mean) + " std" + join(std);
  }

  private static String join(float[] values) {
    StringBuilder text = new StringBuilder();
    for (float value : values) {
      text.append(' ').append(value);
    }
    return text.toString();
  }
}
