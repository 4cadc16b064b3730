package io.lanewise.jmh.report;

import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.compare.Percent;
import io.lanewise.jmh.compare.RowVerdict;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Results;
import java.util.List;

/** The comparison as one HTML file that needs no other. */
final class HtmlReport {
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; color: #222 }
      table { border-collapse: collapse; font-size: 13px } td, th { padding: .2em .7em; border-bottom: 1px solid #ddd }
      th { text-align: left } td.n { text-align: right; font-variant-numeric: tabular-nums }
      .slower { background: #fdd } .faster { background: #dfd } .undecided, .failed { background: #ffc }
      figure { margin: 2em 0 } svg { max-width: 100%; height: auto } code { background: #eee; padding: 0 .3em }
      """;

  private final Comparison comparison;
  private final StringBuilder text = new StringBuilder();

  private HtmlReport(Comparison comparison) {
    this.comparison = comparison;
  }

  /** The file's text. */
  static String text(Comparison comparison, List<Results> history) {
    HtmlReport report = new HtmlReport(comparison);
    report.write(history);
    return report.text.toString();
  }

  private void write(List<Results> history) {
    String title =
        escape(comparison.candidateLabel()) + " against " + escape(comparison.baseLabel());
    text.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(title)
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(title)
        .append("</h1>\n<p><strong>")
        .append(escape(comparison.summary()))
        .append(".</strong></p>\n");
    for (String note : comparison.notes()) {
      text.append("<p class=\"undecided\">").append(escape(note)).append("</p>\n");
    }
    nextSteps();
    if (Charts.isMeasured(comparison)) {
      figure(
          "Ratio of times, candidate by base, with 95 % intervals; dashed: --fail-over "
              + Percent.of(comparison.rules().failOver())
              + " either way",
          Charts.ratios(comparison));
    }
    table();
    if (Charts.hasRoof(comparison)) {
      figure(
          "Roofline: what rows reach, by how much they compute for each byte",
          Charts.roofline(comparison));
    }
    if (!history.isEmpty()) {
      figure(
          "Trend over stored runs: share of the ceilings of the same run", Charts.trend(history));
    }
    host("Base", comparison.baseLabel(), comparison.base());
    host("Candidate", comparison.candidateLabel(), comparison.candidate());
    text.append("<h2>How this was decided</h2>\n<p>")
        .append(escape(comparison.method()))
        .append("</p>\n</body></html>\n");
  }

  private void nextSteps() {
    for (RowVerdict each : comparison.regressions()) {
      String question = NextSteps.question(each, "<b>" + each.row() + "</b>");
      text.append("<p>").append(question).append(' ');
      for (String step : NextSteps.of(comparison, each.row())) {
        text.append("<code>").append(escape(step)).append("</code> ");
      }
      text.append("</p>\n");
    }
  }

  private void figure(String caption, String svg) {
    text.append("<h2>").append(caption).append("</h2>\n<figure>").append(svg).append("</figure>\n");
  }

  private void table() {
    text.append("<h2>Rows</h2>\n<table><tr>");
    String[] heads = {
      "benchmark",
      "shape",
      "threads",
      "base us",
      "candidate us",
      "ratio",
      "95 %",
      "p",
      "forks a side",
      "base of peak",
      "candidate of peak",
      "base bytes",
      "candidate bytes",
      "base arrays",
      "candidate arrays",
      "verdict"
    };
    for (String head : heads) {
      text.append("<th>").append(head).append("</th>");
    }
    text.append("</tr>\n");
    for (RowVerdict each : comparison.verdicts()) {
      text.append("<tr class=\"").append(each.verdict()).append("\"><td>");
      text.append(each.row().benchmark()).append("</td><td>").append(each.row().shape());
      text.append("</td>");
      number(Integer.toString(each.row().threads()));
      number(Numbers.known(each, Numbers.micros(each.baseMicros())));
      number(Numbers.known(each, Numbers.micros(each.candidateMicros())));
      number(Numbers.known(each, Numbers.ratio(each.ratio())));
      number(Numbers.known(each, Numbers.interval(each)));
      number(each.p() == 1 ? "" : Numbers.p(each.p()));
      number(Numbers.known(each, Integer.toString(each.forks())));
      number(Numbers.percent(each.baseFraction()));
      number(Numbers.percent(each.candidateFraction()));
      number(Numbers.known(each, Long.toString(Math.round(each.baseBytes()))));
      number(Numbers.known(each, Long.toString(Math.round(each.candidateBytes()))));
      number(Numbers.arrays(each.baseArrays()));
      number(Numbers.arrays(each.candidateArrays()));
      text.append("<td>").append(escape(Numbers.verdict(each))).append("</td></tr>\n");
    }
    text.append("</table>\n");
  }

  private void number(String value) {
    text.append("<td class=\"n\">").append(value).append("</td>");
  }

  private void host(String what, String label, Host host) {
    text.append("<h2>").append(what).append(": ").append(escape(label)).append("</h2>\n<p>");
    text.append(
        escape(
            String.join(
                "; ",
                host.cpu() + ", " + Plural.of(host.processors(), "processor"),
                host.os(),
                host.jdk() + ", " + host.vm(),
                "flags " + String.join(" ", host.flags()),
                "lanes " + host.lanes(),
                host.source())));
    text.append("</p>\n");
  }

  private static String escape(String value) {
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
