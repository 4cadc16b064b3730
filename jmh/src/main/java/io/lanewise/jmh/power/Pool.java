package io.lanewise.jmh.power;

import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.MeasureException;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A side that deals out forks that were measured before, in an order drawn by chance. */
final class Pool implements Measurer {
  private final Host host;
  private final Map<Row, Deque<Sample>> forks = new HashMap<>();

  private Pool(Host host) {
    this.host = host;
  }

  /**
   * Two sides that share no fork.
   *
   * @param base where the base's forks come from
   * @param planted where the candidate's come from; rows it lacks are the base's, too
   */
  static Pool[] deal(Results base, Results planted, Random random) {
    Pool[] sides = {new Pool(base.host()), new Pool(base.host())};
    base.rows()
        .forEach(
            result -> {
              List<Sample> own = new ArrayList<>(result.samples());
              Collections.shuffle(own, random);
              List<Sample> other = new ArrayList<>(planted.row(result.row()).samples());
              Collections.shuffle(other, random);
              int half = planted == base || other.isEmpty() ? own.size() / 2 : own.size();
              boolean same = half < own.size();
              sides[0].forks.put(result.row(), new ArrayDeque<>(own.subList(0, half)));
              List<Sample> rest = same ? own.subList(half, own.size()) : other;
              sides[1].forks.put(result.row(), new ArrayDeque<>(rest));
            });
    return sides;
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public Ceilings ceilings(int pass, int threads) {
    return new Ceilings(pass, threads, 1, 1, 1, 1, 1);
  }

  @Override
  public Sample fork(Row row) throws MeasureException {
    Sample next = forks.get(row).poll();
    if (next == null) {
      throw new MeasureException("too few forks of " + row + " were measured", null);
    }
    return next;
  }

  @Override
  public void close() {}
}
