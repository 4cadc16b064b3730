package io.lanewise.jmh.power;

import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.MeasureException;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * A side that deals out forks that were measured before, in the order and the blocks in which they
 * were measured.
 *
 * <p>A block of a row is the base A four times in a row, with each planted build B, C between them,
 * there and back: {@code A A B C C B A A}. Whatever two of these a comparison needs, it finds in
 * the order A B B A within a few seconds, as if it had measured them.
 */
final class Pool implements Measurer {
  /** What samples of blocks are called in results files. */
  static final String STAGE = "pool";

  /** Forks of the base in a block. */
  static final int BASE = 4;

  /** Forks of a planted build in a block. */
  static final int PLANTED = 2;

  private final Host host;
  private final Map<Row, Deque<Sample>> forks = new HashMap<>();

  private Pool(Host host) {
    this.host = host;
  }

  /**
   * Two sides that share no fork. Blocks follow each other as they were measured, from a pass on
   * that is drawn and, after the last one, from the first. Which of a block's forks of the base are
   * the base's in the comparison, the first and the last or those between, is drawn for each block.
   *
   * @param base where the base's forks come from
   * @param planted where the candidate's come from; rows it lacks are the base's, too
   */
  static Pool[] deal(Results base, Results planted, Random random) {
    Pool[] sides = {new Pool(base.host()), new Pool(base.host())};
    int passes = base.rows().stream().mapToInt(row -> blocks(row, BASE)).max().orElse(0);
    int start = random.nextInt(Math.max(1, passes));
    for (RowResult own : base.rows()) {
      RowResult other = planted == base ? own : planted.row(own.row());
      boolean same = planted == base || other.samples().isEmpty();
      int blocks = blocks(own, BASE);
      blocks = same ? blocks : Math.min(blocks, blocks(other, PLANTED));
      Deque<Sample> one = new ArrayDeque<>();
      Deque<Sample> two = new ArrayDeque<>();
      for (int i = 0; i < blocks; i++) {
        int at = (start + i) % blocks;
        int outer = random.nextInt(2);
        add(one, own, BASE * at + outer, BASE * at + BASE - 1 - outer);
        if (same) {
          add(two, own, BASE * at + 1 - outer, BASE * at + BASE - 2 + outer);
        } else {
          add(two, other, PLANTED * at, PLANTED * at + 1);
        }
      }
      sides[0].forks.put(own.row(), one);
      sides[1].forks.put(own.row(), two);
    }
    return sides;
  }

  private static void add(Deque<Sample> to, RowResult from, int first, int second) {
    to.add(fork(from, first));
    to.add(fork(from, second));
  }

  /** The sample of a fork, by its number in the row's blocks, or null. */
  static Sample fork(RowResult row, int number) {
    return row.stage(STAGE).filter(each -> each.pass() == number).findFirst().orElse(null);
  }

  /** How many blocks of a row are whole, from the first on. */
  static int blocks(RowResult row, int size) {
    int forks = 0;
    while (fork(row, forks) != null) {
      forks++;
    }
    return forks / size;
  }

  /** How many forks of a row are left. */
  int left(Row row) {
    return forks.get(row).size();
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public Ceilings ceilings(int pass, int threads) {
    return new Ceilings(pass, threads, 1, 1, 1, 1, 1, 0);
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
