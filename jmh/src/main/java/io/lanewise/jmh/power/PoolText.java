package io.lanewise.jmh.power;

import io.lanewise.jmh.suite.Medians;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a pool is made of, and whether the order A B B A favours a side. */
final class PoolText {
  private PoolText() {}

  /** Some lines of text. */
  static String of(Results base) {
    int forks = 0;
    int least = Integer.MAX_VALUE;
    int most = 0;
    List<Double> effects = new ArrayList<>();
    for (RowResult row : base.rows()) {
      int blocks = Pool.blocks(row, Pool.BASE);
      forks += row.samples().size();
      least = Math.min(least, blocks);
      most = Math.max(most, blocks);
      if (blocks > 0) {
        effects.add(effect(row, blocks));
      }
    }
    double mean = effects.stream().mapToDouble(each -> each).average().orElse(0);
    double squares = effects.stream().mapToDouble(each -> (each - mean) * (each - mean)).sum();
    double error = Math.sqrt(squares / Math.max(1, effects.size() - 1) / effects.size());
    return String.format(
        Locale.ROOT,
        "# %s, %s, %s, %s, %s%n# %s in blocks of %d forks, %d forks of the base, %d to %d blocks a"
            + " row%n# the two forks within a block took %.2f %% (+- %.2f) longer than those at its"
            + " ends%n",
        base.host().cpu(),
        Plural.of(base.host().processors(), "processor"),
        base.host().jdk(),
        base.host().lanes(),
        base.host().source(),
        Plural.of(base.rows().size(), "row"),
        Pool.BASE,
        forks,
        least,
        most,
        100 * mean,
        200 * error);
  }

  /** The median over blocks of the logarithm of inner by outer forks. */
  private static double effect(RowResult row, int blocks) {
    List<Double> logs = new ArrayList<>();
    for (int at = 0; at < blocks; at++) {
      double[] log = new double[Pool.BASE];
      for (int i = 0; i < log.length; i++) {
        Sample fork = Pool.fork(row, Pool.BASE * at + i);
        log[i] = Math.log(fork.micros());
      }
      logs.add((log[1] + log[2] - log[0] - log[3]) / 2);
    }
    return Medians.of(logs);
  }
}
