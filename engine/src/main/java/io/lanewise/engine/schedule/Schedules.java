package io.lanewise.engine.schedule;

import io.lanewise.kernels.settings.Nearest;
import java.util.List;

/**
 * Schedules from text, as {@code lanewise train --schedule} takes them. All are factors on the
 * learning rate:
 *
 * <pre>
 * constant                        1
 * step:FACTOR,AT[,AT...]          times FACTOR at each AT
 * exponential:END                 1 down to END, by the same factor each step
 * cosine[:END]                    1 down to END (0) along a cosine
 * linear[:END]                    1 down to END (0) on a line
 * one-cycle[:PEAK[,START[,END]]]  START (0) up to 1 at PEAK (0.3), down to END (0)
 * piecewise:AT=RATE,AT=RATE...    lines from point to point
 * warm-up:AT,SCHEDULE             from 0 on a line until AT, then SCHEDULE
 * </pre>
 *
 * <p>AT and PEAK are shares of the run, 0 to 1.
 */
public final class Schedules {
  private static final List<String> NAMES =
      List.of(
          "constant",
          "step",
          "exponential",
          "cosine",
          "linear",
          "one-cycle",
          "piecewise",
          "warm-up");
  private static final String FORMS =
      "constant, step:FACTOR,AT[,AT...], exponential:END, cosine[:END], linear[:END],"
          + " one-cycle[:PEAK[,START[,END]]], piecewise:AT=RATE,AT=RATE..., warm-up:AT,SCHEDULE";

  private Schedules() {}

  /**
   * Reads a schedule.
   *
   * @throws IllegalArgumentException if the text is none, saying what is
   */
  public static Schedule parse(String text) {
    int colon = text.indexOf(':');
    String name = (colon < 0 ? text : text.substring(0, colon)).strip();
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    switch (name) {
      case "constant":
        numbers(text, rest, 0, 0);
        return Schedule.constant(1);
      case "step":
        double[] step = numbers(text, rest, 2, Integer.MAX_VALUE);
        double[] at = new double[step.length - 1];
        for (int i = 0; i < at.length; i++) {
          at[i] = share(text, step[i + 1]);
        }
        return Schedule.step(atLeastZero(text, step[0]), at);
      case "exponential":
        double last = numbers(text, rest, 1, 1)[0];
        if (!(last > 0 && last < Double.POSITIVE_INFINITY)) {
          throw error(text, "END is " + last + ", must be a finite number above 0");
        }
        return Schedule.exponential(last);
      case "cosine":
        return Schedule.cosine(atLeastZero(text, or(numbers(text, rest, 0, 1), 0, 0)));
      case "linear":
        return Schedule.linear(atLeastZero(text, or(numbers(text, rest, 0, 1), 0, 0)));
      case "one-cycle":
        double[] cycle = numbers(text, rest, 0, 3);
        return Schedule.oneCycle(
            share(text, or(cycle, 0, 0.3)),
            atLeastZero(text, or(cycle, 1, 0)),
            atLeastZero(text, or(cycle, 2, 0)));
      case "piecewise":
        return piecewise(text, rest);
      case "warm-up":
        int comma = rest.indexOf(',');
        if (comma < 0) {
          throw error(text, "warm-up wants AT and a schedule");
        }
        double until = numbers(text, rest.substring(0, comma), 1, 1)[0];
        return Schedule.warmUp(share(text, until), parse(rest.substring(comma + 1)));
      default:
        String meant = Nearest.to(name, NAMES).map(", did you mean %s?"::formatted).orElse("");
        throw error(text, "there is no \"" + name + "\"" + meant);
    }
  }

  private static Schedule piecewise(String text, String rest) {
    String[] points = rest.split(",", -1);
    double[] positions = new double[points.length];
    double[] rates = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      String[] sides = points[i].split("=", -1);
      if (sides.length != 2) {
        throw error(text, "\"" + points[i] + "\" is not AT=RATE");
      }
      positions[i] = share(text, number(text, sides[0]));
      rates[i] = atLeastZero(text, number(text, sides[1]));
    }
    return Schedule.piecewise(positions, rates);
  }

  private static double[] numbers(String text, String list, int least, int most) {
    String[] words = list.isEmpty() ? new String[0] : list.split(",", -1);
    if (words.length < least || words.length > most) {
      String numbers = words.length == 1 ? " number" : " numbers";
      throw error(text, "found " + words.length + numbers + " behind the name");
    }
    double[] numbers = new double[words.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(text, words[i]);
    }
    return numbers;
  }

  private static double number(String text, String word) {
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw error(text, "\"" + word + "\" is no number");
    }
  }

  private static double share(String text, double number) {
    if (!(number >= 0 && number <= 1)) {
      throw error(text, number + " is no share of the run, 0 to 1");
    }
    return number;
  }

  private static double atLeastZero(String text, double number) {
    if (!(number >= 0 && number < Double.POSITIVE_INFINITY)) {
      throw error(text, "a factor is " + number + ", must be at least 0");
    }
    return number;
  }

  private static double or(double[] numbers, int index, double usual) {
    return index < numbers.length ? numbers[index] : usual;
  }

  private static IllegalArgumentException error(String text, String why) {
    return new IllegalArgumentException(
        "schedule \"" + text + "\": " + why + "; needs one of " + FORMS);
  }
}
