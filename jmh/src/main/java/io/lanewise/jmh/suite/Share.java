package io.lanewise.jmh.suite;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Shares of ceilings as people read them. */
public final class Share {
  private Share() {}

  /**
   * In percent; small ones with two digits that count, as 1 % may stand for 0.6 % and for 1.4 %.
   */
  public static String text(double share) {
    double percent = 100 * share;
    return percent >= 10
        ? String.format(Locale.ROOT, "%.0f%%", percent)
        : new BigDecimal(percent).round(new MathContext(2)).toPlainString() + "%";
  }
}
