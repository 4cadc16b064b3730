package io.lanewise.jmh.compare;

import java.util.Locale;

/** What can be said of a candidate's time. */
public enum Verdict {
  /** It is shorter: the corrected test rejects that nothing differs. */
  FASTER,
  /** It is longer: the corrected test rejects that nothing differs. */
  SLOWER,
  /** The whole interval lies within the threshold. */
  SAME,
  /** Neither: the forks are too few or too far apart. */
  UNDECIDED,
  /** It could not be measured. */
  FAILED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
