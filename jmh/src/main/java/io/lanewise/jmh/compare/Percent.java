package io.lanewise.jmh.compare;

import java.util.Locale;

/** Shares as people write them. */
public final class Percent {
  /** Nobody measures less, but whoever means 5 % may write 0.05. */
  private static final double LEAST = 0.1;

  private Percent() {}

  /** A share such as {@code 5%}. */
  public static String of(double share) {
    return String.format(Locale.ROOT, "%.3g%%", 100 * share)
        .replaceFirst("\\.0+%|(\\.[0-9]*[1-9])0+%", "$1%");
  }

  /**
   * Reads {@code 5%}, {@code 5} or {@code 2.5%}.
   *
   * @throws IllegalArgumentException if it is no share from 0.1 to below 100 %
   */
  public static double parse(String text) {
    try {
      double percent = Double.parseDouble(text.replace("%", "").strip());
      if (percent >= LEAST && percent < 100) {
        return percent / 100;
      }
    } catch (NumberFormatException e) {
      throw wrong(text, e);
    }
    throw wrong(text, null);
  }

  private static IllegalArgumentException wrong(String text, Exception cause) {
    return new IllegalArgumentException(
        "'" + text + "' is no threshold, needs a share from 0.1% to below 100%, like 5%", cause);
  }
}
