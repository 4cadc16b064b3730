package io.lanewise.engine.cli;

import io.lanewise.engine.train.SanityChecks.RateRange;
import java.util.Arrays;
import java.util.Locale;

/** Draws a learning-rate range test as SVG: loss over the logarithm of the rate. */
final class RateChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 60;
  private static final int RIGHT = WIDTH - 20;
  private static final int TOP = 50;
  private static final int BOTTOM = HEIGHT - 50;

  private final RateRange range;
  private final double firstExponent;
  private final double lastExponent;
  private final double highest;
  private final StringBuilder svg = new StringBuilder();

  private RateChart(RateRange range) {
    double[] rates = range.rates();
    this.range = range;
    this.firstExponent = Math.log10(rates[0]);
    this.lastExponent = Math.max(firstExponent + 0.1, Math.log10(rates[rates.length - 1]));
    this.highest = 1.1 * Arrays.stream(range.losses()).max().orElseThrow();
  }

  /** The picture, a file of its own. */
  static String svg(String title, RateRange range) {
    return new RateChart(range).draw(title);
  }

  private String draw(String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
        WIDTH, HEIGHT);
    String escaped = title.replace("&", "&amp;").replace("<", "&lt;");
    text(WIDTH / 2, 25, "middle", escaped);
    for (int e = (int) Math.ceil(firstExponent); e <= lastExponent; e++) {
      line(x(e), TOP, x(e), BOTTOM, "#ddd");
      text(x(e), BOTTOM + 20, "middle", "1e" + e);
    }
    double step = niceStep(highest / 5);
    for (int i = 0; i * step <= highest; i++) {
      line(LEFT, y(i * step), RIGHT, y(i * step), "#ddd");
      text(LEFT - 8, y(i * step) + 4, "end", String.format(Locale.ROOT, "%.3g", i * step));
    }
    text((LEFT + RIGHT) / 2, HEIGHT - 10, "middle", "learning rate");
    text(LEFT, TOP - 8, "middle", "loss");
    double steepest = Math.log10(range.steepest());
    line(x(steepest), TOP, x(steepest), BOTTOM, "#c60");
    text(x(steepest) + 5, TOP + 14, "start", "steepest");
    add("<polyline fill=\"none\" stroke=\"#06c\" stroke-width=\"2\" points=\"");
    for (int i = 0; i < range.rates().length; i++) {
      add("%.1f,%.1f ", x(Math.log10(range.rates()[i])), y(range.losses()[i]));
    }
    return svg.append("\"/>\n</svg>\n").toString();
  }

  /** 1, 2 or 5 times a power of ten, at least this much. */
  private static double niceStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private double x(double exponent) {
    return LEFT + (RIGHT - LEFT) * (exponent - firstExponent) / (lastExponent - firstExponent);
  }

  private double y(double loss) {
    return BOTTOM - (BOTTOM - TOP) * loss / highest;
  }

  private void line(double x1, double y1, double x2, double y2, String color) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
        x1, y1, x2, y2, color);
  }

  private void text(double x, double y, String anchor, String text) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
