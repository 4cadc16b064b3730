package io.lanewise.jmh.report;

import io.lanewise.jmh.Work;
import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.compare.RowVerdict;
import io.lanewise.jmh.compare.Verdict;
import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.RowResult;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogarithmicAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.Range;
import org.jfree.data.time.Second;
import org.jfree.data.time.TimeSeries;
import org.jfree.data.time.TimeSeriesCollection;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;

/** The plots of a report, drawn by JFreeChart as SVG. */
final class Charts {
  private static final int WIDTH = 1000;
  private static final double ROOF_FROM = 0.05;
  private static final double ROOF_TO = 1000;

  /** Memory, L2, L1; base and candidate. */
  private static final Color[] ROOF_COLORS = {
    new Color(0x555555),
    new Color(0x888888),
    new Color(0xbbbbbb),
    new Color(0x4477aa),
    new Color(0xee7733)
  };

  private static final Map<Verdict, Color> COLORS =
      Map.of(
          Verdict.SLOWER, new Color(0xcc3311),
          Verdict.FASTER, new Color(0x228833),
          Verdict.SAME, new Color(0x4477aa),
          Verdict.UNDECIDED, new Color(0xbb9900),
          Verdict.FAILED, Color.GRAY);

  private Charts() {}

  /** Whether there is a ratio to show. */
  static boolean isMeasured(Comparison comparison) {
    return comparison.verdicts().stream().anyMatch(each -> each.verdict() != Verdict.FAILED);
  }

  /** Whether there is a row to show below the ceilings. */
  static boolean hasRoof(Comparison comparison) {
    return comparison.ceilings().fma() > 0
        && comparison.verdicts().stream().anyMatch(Charts::isOnRoof);
  }

  /** A row a line, the ratio and its interval; dashed lines show the threshold. */
  static String ratios(Comparison comparison) {
    List<RowVerdict> rows =
        comparison.verdicts().stream().filter(each -> each.verdict() != Verdict.FAILED).toList();
    XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDrawYError(false);
    for (Verdict verdict : Verdict.values()) {
      XYIntervalSeries series = new XYIntervalSeries(verdict);
      for (int i = 0; i < rows.size(); i++) {
        RowVerdict each = rows.get(i);
        if (each.verdict() == verdict) {
          double y = rows.size() - 1 - i;
          series.add(each.ratio(), low(each), high(each), y, y, y);
        }
      }
      if (series.getItemCount() > 0) {
        data.addSeries(series);
        renderer.setSeriesPaint(data.getSeriesCount() - 1, COLORS.get(verdict));
      }
    }
    String[] names = new String[rows.size()];
    for (int i = 0; i < names.length; i++) {
      names[names.length - 1 - i] = rows.get(i).row().toString();
    }
    SymbolAxis nameAxis = new SymbolAxis(null, names);
    nameAxis.setGridBandsVisible(false);
    NumberAxis ratioAxis = new NumberAxis("candidate / base: to the left is faster");
    ratioAxis.setRange(range(comparison));
    XYPlot plot = new XYPlot(data, ratioAxis, nameAxis, renderer);
    double threshold = comparison.rules().failOver();
    plot.addDomainMarker(line(1, false));
    plot.addDomainMarker(line(1 + threshold, true));
    plot.addDomainMarker(line(1 / (1 + threshold), true));
    return svg(plot, 110 + 20 * names.length);
  }

  /** All intervals, and however far away these are, 1 and the thresholds, with some room. */
  static Range range(Comparison comparison) {
    double threshold = 1 + comparison.rules().failOver();
    double low = 1 / threshold;
    double high = threshold;
    for (RowVerdict each : comparison.verdicts()) {
      if (each.verdict() != Verdict.FAILED) {
        low = Math.min(low, low(each));
        high = Math.max(high, high(each));
      }
    }
    double room = 0.05 * (high - low);
    return new Range(low - room, high + room);
  }

  /** Of an interval without an end as much as can be drawn. */
  private static double low(RowVerdict verdict) {
    return Math.max(verdict.low(), 0.1 * verdict.ratio());
  }

  private static double high(RowVerdict verdict) {
    return Math.min(verdict.high(), 10 * verdict.ratio());
  }

  private static ValueMarker line(double at, boolean dashed) {
    float[] dash = dashed ? new float[] {4, 4} : null;
    BasicStroke stroke =
        new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, dash, 0);
    return new ValueMarker(at, Color.DARK_GRAY, stroke);
  }

  /**
   * Achieved GFLOP/s of kernels on one thread by FLOPs a byte, under the best ceilings of both
   * sides.
   */
  static String roofline(Comparison comparison) {
    XYSeriesCollection data = new XYSeriesCollection();
    Ceilings ceilings = comparison.ceilings();
    data.addSeries(roof("memory", ceilings.fma(), ceilings.memory()));
    data.addSeries(roof("L2", ceilings.fma(), ceilings.l2()));
    data.addSeries(roof("L1", ceilings.fma(), ceilings.l1()));
    XYSeries base = new XYSeries("base");
    XYSeries candidate = new XYSeries("candidate");
    for (RowVerdict each : comparison.verdicts()) {
      if (isOnRoof(each)) {
        Work work = each.row().work();
        double intensity = (double) work.flops() / work.bytes();
        base.add(intensity, work.flops() / each.baseMicros() / 1000);
        candidate.add(intensity, work.flops() / each.candidateMicros() / 1000);
      }
    }
    data.addSeries(base);
    data.addSeries(candidate);
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
    for (int i = 0; i < ROOF_COLORS.length; i++) {
      boolean point = i >= ROOF_COLORS.length - 2;
      renderer.setSeriesLinesVisible(i, !point);
      renderer.setSeriesShapesVisible(i, point);
      renderer.setSeriesShape(i, new Ellipse2D.Double(-4, -4, 8, 8));
      renderer.setSeriesPaint(i, ROOF_COLORS[i]);
    }
    LogarithmicAxis y = new LogarithmicAxis("GFLOP/s");
    XYPlot plot = new XYPlot(data, new LogarithmicAxis("FLOPs a byte"), y, renderer);
    return svg(plot, 500);
  }

  /** The ceilings are those of one thread. */
  private static boolean isOnRoof(RowVerdict verdict) {
    Work work = verdict.row().work();
    return verdict.verdict() != Verdict.FAILED
        && verdict.row().threads() == 1
        && work.flops() > 0
        && work.bytes() > 0;
  }

  private static XYSeries roof(String name, double fma, double bandwidth) {
    XYSeries series = new XYSeries(name);
    series.add(ROOF_FROM, Math.min(fma, bandwidth * ROOF_FROM));
    series.add(fma / bandwidth, fma);
    series.add(ROOF_TO, fma);
    return series;
  }

  /** A line a family: the mean share of its rows, run after run. */
  static String trend(List<Results> runs) {
    Map<String, TimeSeries> families = new TreeMap<>();
    for (Results run : runs) {
      Map<String, double[]> sums = new TreeMap<>();
      for (RowResult row : run.rows()) {
        if (!row.samples().isEmpty() && row.fraction() > 0) {
          String family = row.row().benchmark().replaceFirst("\\..*", "");
          double[] sum = sums.computeIfAbsent(family, key -> new double[2]);
          sum[0] += 100 * row.fraction();
          sum[1]++;
        }
      }
      Second when = new Second(Date.from(Instant.parse(run.started())));
      sums.forEach(
          (family, sum) ->
              families.computeIfAbsent(family, TimeSeries::new).addOrUpdate(when, sum[0] / sum[1]));
    }
    TimeSeriesCollection data = new TimeSeriesCollection();
    families.values().forEach(data::addSeries);
    JFreeChart chart =
        ChartFactory.createTimeSeriesChart(null, null, "% of the ceiling, mean of rows", data);
    XYPlot plot = chart.getXYPlot();
    ((XYLineAndShapeRenderer) plot.getRenderer()).setDefaultShapesVisible(true);
    return svg(plot, 400);
  }

  private static String svg(XYPlot plot, int height) {
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    JFreeChart chart = new JFreeChart(null, null, plot, true);
    chart.setBackgroundPaint(Color.WHITE);
    SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, height);
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
    String size = "viewBox=\"0 0 " + WIDTH + " " + height + "\"";
    return graphics.getSVGElement().replaceFirst("<svg ", "<svg " + size + " ");
  }
}
