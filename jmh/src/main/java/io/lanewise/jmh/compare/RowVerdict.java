package io.lanewise.jmh.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lanewise.jmh.suite.Row;

/**
 * What a comparison says of a row.
 *
 * @param row which
 * @param verdict on its time
 * @param regression whether it is slower by more than the threshold, or allocates more
 * @param ratio the candidate's time by the base's, from the samples that decided
 * @param low lower end of the ratio's interval of 95 %
 * @param high its upper end
 * @param p p-value of the rank test, corrected for the number of rows
 * @param forks on each side that decided
 * @param baseMicros median time of the base's calls, over all forks
 * @param candidateMicros of the candidate's
 * @param baseFraction share of the ceiling that the base reached
 * @param candidateFraction that the candidate reached
 * @param baseBytes what a call of the base allocates
 * @param candidateBytes what one of the candidate does
 * @param moreBytes whether that is confirmed to be more
 * @param baseArrays arrays of numbers that a call of the base makes, null if a fork that decided
 *     did not count them
 * @param candidateArrays those that one of the candidate makes, or null likewise
 * @param moreArrays whether that is confirmed to be more
 * @param failure why there is no verdict, or empty
 */
public record RowVerdict(
    Row row,
    Verdict verdict,
    boolean regression,
    double ratio,
    double low,
    double high,
    double p,
    int forks,
    double baseMicros,
    double candidateMicros,
    double baseFraction,
    double candidateFraction,
    double baseBytes,
    double candidateBytes,
    boolean moreBytes,
    Double baseArrays,
    Double candidateArrays,
    boolean moreArrays,
    String failure) {
  /** Whether a call is confirmed to allocate more. */
  @JsonProperty
  public boolean allocatesMore() {
    return moreBytes || moreArrays;
  }

  /** Whether more arrays of numbers would not have been found. */
  boolean isUncounted() {
    return verdict != Verdict.FAILED
        && !row.isFresh()
        && (baseArrays == null || candidateArrays == null);
  }

  /** The same numbers, of which something is still to be confirmed. */
  RowVerdict undecided() {
    return as(Verdict.UNDECIDED, regression);
  }

  /** The same numbers of another machine, which make no regression. */
  RowVerdict ofAnotherMachine() {
    return as(verdict, false);
  }

  private RowVerdict as(Verdict other, boolean isRegression) {
    return new RowVerdict(
        row,
        other,
        isRegression,
        ratio,
        low,
        high,
        p,
        forks,
        baseMicros,
        candidateMicros,
        baseFraction,
        candidateFraction,
        baseBytes,
        candidateBytes,
        moreBytes,
        baseArrays,
        candidateArrays,
        moreArrays,
        failure);
  }

  /** A row that could not be measured. */
  static RowVerdict failed(Row row, String why) {
    return new RowVerdict(
        row, Verdict.FAILED, false, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, false, null, null, false, why);
  }
}
