package io.lanewise.jmh.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A comparison, done.
 *
 * @param baseLabel what the base is called
 * @param candidateLabel what the candidate is called
 * @param base where and with what it was measured
 * @param candidate likewise
 * @param candidateHome the JDK of the candidate as the user named it, or empty
 * @param group which rows
 * @param design how its samples came about
 * @param ceilings what the machine allowed one thread, the best of all passes and both sides
 * @param rules how it was decided
 * @param verdicts one for each row
 * @param remarks what else is to be known of how it came about, a sentence each
 */
public record Comparison(
    String baseLabel,
    String candidateLabel,
    Host base,
    Host candidate,
    String candidateHome,
    String group,
    Design design,
    Ceilings ceilings,
    Rules rules,
    List<RowVerdict> verdicts,
    List<String> remarks) {
  /** The comparison that verdicts on two results make. */
  static Comparison of(
      String baseLabel,
      String candidateLabel,
      Results base,
      Results candidate,
      String candidateHome,
      Design design,
      Rules rules,
      List<RowVerdict> verdicts,
      List<String> remarks) {
    List<String> all = new ArrayList<>(remarks);
    if (base.host().machineDifferences(candidate.host()).isEmpty()) {
      all.addAll(Phases.remarks(base, candidate));
    }
    return new Comparison(
        baseLabel,
        candidateLabel,
        base.host(),
        candidate.host(),
        candidateHome,
        candidate.group(),
        design,
        Ceilings.best(List.of(base, candidate), 1),
        rules,
        verdicts,
        List.copyOf(all));
  }

  /** How verdicts come about, for whoever reads a report. */
  public String method() {
    return "Each sample is the median of one fork, a JVM of its own; "
        + design.text()
        + ". Ratios are Hodges-Lehmann estimates with intervals of 95 % from the rank test"
        + " of Mann and Whitney (Apache Commons Statistics). Faster and slower: p below "
        + rules.alpha()
        + " in the whole comparison, corrected for the number of rows by Holm's method"
        + (design == Design.ALTERNATING
            ? " and by an equal share for each of " + rules.looks() + " looks at fresh forks"
            : "")
        + ". Same: the interval of 90 % lies within "
        + Percent.of(rules.failOver())
        + ". A regression is a slower row whose ratio is beyond that, or a call that allocates more"
        + " bytes, or makes more arrays of numbers, on every fork.";
  }

  /** What must be known before any verdict is believed, a sentence each. */
  @JsonProperty
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    List<String> machines = base.machineDifferences(candidate);
    if (!machines.isEmpty()) {
      notes.add(
          "The sides were measured on different machines: "
              + String.join("; ", machines)
              + ". Their ratios say nothing of code, so none is a regression, and the exit status"
              + " is 2.");
    }
    if (group.equals(Group.SMOKE.toString())) {
      notes.add(
          "Rows of group smoke are too short to be timed: their verdicts are for a try alone.");
    }
    List<String> others = new ArrayList<>(base.differences(candidate));
    others.removeAll(machines);
    if (!others.isEmpty()) {
      notes.add("Base and candidate differ in " + String.join("; ", others) + ".");
    }
    notes.addAll(remarks);
    List<Row> uncounted =
        verdicts.stream().filter(RowVerdict::isUncounted).map(RowVerdict::row).toList();
    if (!uncounted.isEmpty()) {
      notes.add(
          "Not all forks of "
              + Plural.of(uncounted.size(), "row")
              + " counted the arrays of numbers that a call makes, so more of them would not have"
              + " been found there: "
              + Plural.names(uncounted)
              + ".");
    }
    List<RowVerdict> undecided = with(Verdict.UNDECIDED);
    if (!undecided.isEmpty()) {
      RowVerdict worst =
          undecided.stream().max(Comparator.comparingDouble(RowVerdict::high)).orElseThrow();
      notes.add(
          Plural.of(undecided.size(), "row")
              + (undecided.size() == 1 ? " is" : " are")
              + " undecided: neither shown to have changed nor to be the same within "
              + Percent.of(rules.failOver())
              + " without allocating more; what is least known is "
              + worst.row()
              + String.format(Locale.ROOT, ", ratio %.3f to %.3f.", worst.low(), worst.high()));
    }
    return notes;
  }

  /** Rows with a verdict. */
  public List<RowVerdict> with(Verdict verdict) {
    return verdicts.stream().filter(each -> each.verdict() == verdict).toList();
  }

  /** How many rows have each verdict. */
  @JsonProperty
  public Map<Verdict, Integer> counts() {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      counts.put(verdict, with(verdict).size());
    }
    return counts;
  }

  /** Confirmed regressions. */
  public List<RowVerdict> regressions() {
    return verdicts.stream().filter(RowVerdict::regression).toList();
  }

  /**
   * The exit status: 1 for a confirmed regression, 2 if something could not be measured, or the
   * machines were not the same.
   */
  @JsonProperty
  public int exitStatus() {
    if (!regressions().isEmpty()) {
      return 1;
    }
    boolean judged = with(Verdict.FAILED).isEmpty() && base.machineDifferences(candidate).isEmpty();
    return judged ? 0 : 2;
  }

  /** One sentence. */
  @JsonProperty
  public String summary() {
    return String.format(
        "%s; %d slower, %d faster, %d the same, %d undecided, %d failed",
        Plural.of(regressions().size(), "regression"),
        with(Verdict.SLOWER).size(),
        with(Verdict.FASTER).size(),
        with(Verdict.SAME).size(),
        with(Verdict.UNDECIDED).size(),
        with(Verdict.FAILED).size());
  }
}
