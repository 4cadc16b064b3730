package io.lanewise.kernels.update;

/** The checks that the optimizers' settings share. */
final class SettingsCheck {
  private SettingsCheck() {}

  /** Refuses what is negative, infinite or NaN as a float. */
  static void notNegative(String settings, String name, double value) {
    if (!(value >= 0 && value <= Float.MAX_VALUE)) {
      throw wrong(settings, name, value, "a finite number of at least 0");
    }
  }

  /** Refuses what is 0 as a float, too, so that 0 is never divided by 0. */
  static void positive(String settings, String name, double value) {
    if (!((float) value > 0 && value <= Float.MAX_VALUE)) {
      throw wrong(settings, name, value, "a finite number above 0");
    }
  }

  /** Refuses what cannot be the factor of a moving average. */
  static void decayRate(String settings, String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw wrong(settings, name, value, "at least 0 and less than 1");
    }
  }

  private static IllegalArgumentException wrong(
      String settings, String name, double value, String need) {
    return new IllegalArgumentException(
        settings + ": " + name + " is " + value + ", needs " + need);
  }
}
