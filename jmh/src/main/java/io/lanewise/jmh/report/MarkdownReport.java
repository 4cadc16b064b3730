package io.lanewise.jmh.report;

import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.compare.RowVerdict;
import io.lanewise.jmh.compare.Verdict;
import java.util.List;

/** The comparison for a pull request: what changed in front, the rest folded. */
final class MarkdownReport {
  private static final String HEAD =
      "| benchmark | shape | base us | candidate us | ratio | 95 % | verdict |\n"
          + "|---|---|--:|--:|--:|---|---|\n";

  private MarkdownReport() {}

  static String text(Comparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append("### Performance: ").append(comparison.candidateLabel());
    text.append(" against ").append(comparison.baseLabel()).append("\n\n");
    text.append(comparison.summary()).append(".\n\n");
    comparison.notes().forEach(note -> text.append("**").append(note).append("**\n\n"));
    List<RowVerdict> changed =
        comparison.verdicts().stream().filter(MarkdownReport::matters).toList();
    if (!changed.isEmpty()) {
      text.append(HEAD);
      changed.forEach(each -> text.append(line(each)));
      text.append('\n');
    }
    for (RowVerdict each : comparison.regressions()) {
      text.append(NextSteps.question(each, "`" + each.row() + "`")).append(" `");
      text.append(String.join("` or `", NextSteps.of(comparison, each.row()))).append("`\n\n");
    }
    text.append("<details><summary>All rows, and how this was decided</summary>\n\n").append(HEAD);
    comparison.verdicts().forEach(each -> text.append(line(each)));
    text.append('\n').append(comparison.method()).append("\n\n");
    text.append(comparison.candidate().cpu()).append(", base on ");
    text.append(comparison.base().jdk()).append(", candidate on ");
    text.append(comparison.candidate().jdk()).append(".\n\n</details>\n");
    return text.toString();
  }

  private static boolean matters(RowVerdict each) {
    return each.regression()
        || each.verdict() == Verdict.SLOWER
        || each.verdict() == Verdict.FASTER
        || each.verdict() == Verdict.FAILED;
  }

  private static String line(RowVerdict each) {
    return String.format(
        "| %s | %s | %s | %s | %s | %s | %s |%n",
        each.row().benchmark(),
        each.row().shape(),
        Numbers.known(each, Numbers.micros(each.baseMicros())),
        Numbers.known(each, Numbers.micros(each.candidateMicros())),
        Numbers.known(each, Numbers.ratio(each.ratio())),
        Numbers.known(each, Numbers.interval(each)),
        Numbers.verdict(each).replace("|", "\\|"));
  }
}
