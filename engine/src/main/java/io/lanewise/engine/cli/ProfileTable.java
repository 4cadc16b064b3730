package io.lanewise.engine.cli;

import io.lanewise.engine.profile.StepProfile;
import io.lanewise.engine.profile.StepProfile.Row;
import io.lanewise.kernels.peak.Peaks;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints a step profile against the machine's peaks, within 100 columns. */
final class ProfileTable {
  private static final String HEAD = "%-10s %-32s %-14s %9s %6s %7s %6s %9s%n";
  private static final String SUM = "%-10s %-32s %-14s %9.3f %6.1f%n";
  private static final String ROW = "%-10s %-32s %-14s %9.3f %6.1f %7s %6s %9s%n";

  /** Rows that take less than this share of the step are printed as one. */
  private static final double SMALL = 0.001;

  /** A share of the peak that no row can have, whatever the noise of measuring. */
  private static final double IMPOSSIBLE = 1.2;

  /** Convolutions that may be computed in Winograd tiles, with their window. */
  private static final Pattern TILED =
      Pattern.compile(
          "n.*_oc[0-9]+_k(3s1p[0-9x]+|3s2p1(?:x1x[0-9x]+)?|5s1p[0-9x]+)(?:_ceil|_exact)?"
              + " (forward|backwardInput|backwardWeight)");

  /** A tile of 4x4 outputs takes 36 multiplications, not 144. */
  private static final double TILED_LESS = 4;

  /** At stride 2 a tile of 2x2 outputs takes 25 multiplications, not 36. */
  private static final double STRIDED_LESS = 36 / 25d;

  /** Along rows of 5x5 windows 4 outputs take 8 multiplications, not 20. */
  private static final double ROWS_LESS = 2.5;

  private final StepProfile profile;
  private final Peaks peaks;

  ProfileTable(StepProfile profile, Peaks peaks) {
    this.profile = profile;
    this.peaks = peaks;
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "# peak: %.1f GFLOP/s; triad of 512 KB %.1f GB/s, of %d MB %.1f GB/s%n",
        peaks.fma(),
        peaks.bandwidth(1 << 19),
        Peaks.MEMORY_BYTES >> 20,
        peaks.bandwidth(Peaks.MEMORY_BYTES));
    out.printf(HEAD, "node", "shape", "direction", "ms", "%", "GFLOP/s", "GB/s", "of peak");
    double wall = profile.wallNanos();
    double sum = 0;
    double small = 0;
    int smallRows = 0;
    boolean impossible = false;
    for (Row row : profile.rows()) {
      sum += row.nanos();
      if (row.nanos() < SMALL * wall) {
        small += row.nanos();
        smallRows++;
      } else {
        impossible |= isImpossible(row, ofPeak(row));
        print(out, row, wall);
      }
    }
    if (smallRows > 0) {
      print(out, smallRows + " rows", "of less than 0.1 % each", small, wall);
    }
    print(out, "rest", "idle threads, forks, checks", wall - sum, wall);
    print(out, "step", "by the clock", wall, wall);
    if (impossible) {
      out.println(
          "# some rows are above the peak: it was measured too low, on a busy machine:"
              + " ignore that column");
    }
  }

  /** Whether a row cannot have such a share of the peak, so that the peak must be wrong. */
  static boolean isImpossible(Row row, double share) {
    Matcher tiled = TILED.matcher(row.shape() + " " + row.direction());
    double less = 1;
    if (tiled.matches()) {
      String window = tiled.group(1);
      double square = window.startsWith("3s1") ? TILED_LESS : STRIDED_LESS;
      less = window.startsWith("5") ? ROWS_LESS : square;
    }
    return share > IMPOSSIBLE * less;
  }

  /** Share of the time that this machine needs at its peak. */
  private double ofPeak(Row row) {
    double flopNanos = row.flops() / peaks.fma();
    double byteNanos = row.bytes() / peaks.bandwidth(row.bytesAtOnce());
    return Math.max(flopNanos, byteNanos) / row.nanos();
  }

  private void print(PrintWriter out, Row row, double wall) {
    double nanos = row.nanos();
    double flopNanos = row.flops() / peaks.fma();
    double byteNanos = row.bytes() / peaks.bandwidth(row.bytesAtOnce());
    boolean computes = flopNanos > byteNanos;
    out.printf(
        Locale.ROOT,
        ROW,
        row.node(),
        row.shape(),
        row.direction(),
        nanos * 1e-6,
        100 * nanos / wall,
        rate(row.flops() / nanos),
        rate(row.bytes() / nanos),
        percent(ofPeak(row)) + (computes ? " fma" : " mem"));
  }

  private static void print(PrintWriter out, String what, String more, double nanos, double wall) {
    out.printf(Locale.ROOT, SUM, what, more, "", nanos * 1e-6, 100 * nanos / wall);
  }

  /** Three digits at most: more than the peak is no measurement, however much it is. */
  static String percent(double share) {
    return share < 9.995 ? String.format(Locale.ROOT, "%.0f%%", 100 * share) : ">999%";
  }

  private static String rate(double value) {
    return value == 0 ? "-" : String.format(Locale.ROOT, "%.1f", value);
  }
}
