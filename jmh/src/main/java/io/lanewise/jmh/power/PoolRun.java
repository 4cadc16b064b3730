package io.lanewise.jmh.power;

import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Measures blocks of forks, pass by pass over the rows, until time is up.
 *
 * <p>Planted rows come first. Then there are as many passes over all others as a screen takes.
 * After these come rows of which a comparison would want more, those that a screen does not always
 * call the same, and with time left the rest.
 */
final class PoolRun {
  private final Recorder base;
  private final Map<Recorder, List<Row>> plants;
  private final Rules rules;
  private final BooleanSupplier late;
  private final Consumer<String> progress;

  /**
   * A run.
   *
   * @param base the build that plants are compared with
   * @param plants builds with something planted, and the rows that it is measured on
   * @param late whether time is up; the block that is being measured is finished
   */
  PoolRun(
      Recorder base,
      Map<Recorder, List<Row>> plants,
      Rules rules,
      BooleanSupplier late,
      Consumer<String> progress) {
    this.base = base;
    this.plants = plants;
    this.rules = rules;
    this.late = late;
    this.progress = progress;
  }

  /** Measures what is missing to so many blocks of each row. */
  void run(List<Row> rows, int passes) throws IOException {
    List<Row> others = new ArrayList<>(rows);
    others.removeIf(this::isPlanted);
    int screen = Math.min(passes, rules.screen() / Pool.PLANTED);
    boolean left =
        passes(rows.stream().filter(this::isPlanted).toList(), 0, passes)
            && passes(others, 0, screen);
    if (left) {
      List<Row> unclear = new ArrayList<>();
      List<Row> clear = new ArrayList<>();
      others.retainAll(Draws.rows(base.results(), rules));
      for (Row row : others) {
        (Draws.isClear(base.results(), row, rules) ? clear : unclear).add(row);
      }
      left = passes(unclear, screen, passes) && passes(clear, screen, passes);
    }
    if (!left) {
      progress.accept("time is up");
    }
  }

  private boolean isPlanted(Row row) {
    return plants.values().stream().anyMatch(planted -> planted.contains(row));
  }

  /** Measures blocks, and returns whether there was time for all of them. */
  private boolean passes(List<Row> rows, int from, int to) throws IOException {
    for (int pass = from; pass < to && !rows.isEmpty(); pass++) {
      progress.accept("block " + (pass + 1) + " of " + to + " of " + Plural.of(rows.size(), "row"));
      for (Row row : rows) {
        if (late.getAsBoolean()) {
          return false;
        }
        block(row, pass);
      }
    }
    return true;
  }

  /** Measures a block, anew if it was not finished: its forks must be neighbours in time. */
  private void block(Row row, int pass) throws IOException {
    List<Recorder> there = new ArrayList<>();
    plants.forEach(
        (plant, planted) -> {
          if (planted.contains(row)) {
            there.add(plant);
          }
        });
    if (isWhole(base, row, pass, Pool.BASE)
        && there.stream().allMatch(plant -> isWhole(plant, row, pass, Pool.PLANTED))) {
      return;
    }
    forget(base, row, pass, Pool.BASE);
    there.forEach(plant -> forget(plant, row, pass, Pool.PLANTED));
    List<Recorder> back = new ArrayList<>(there);
    Collections.reverse(back);
    int half = Pool.BASE / 2;
    boolean sound = true;
    for (int i = 0; i < half; i++) {
      sound = sound && base.fork(row, Pool.STAGE, Pool.BASE * pass + i, pass);
    }
    for (Recorder plant : there) {
      sound = sound && plant.fork(row, Pool.STAGE, Pool.PLANTED * pass, pass);
    }
    for (Recorder plant : back) {
      sound = sound && plant.fork(row, Pool.STAGE, Pool.PLANTED * pass + 1, pass);
    }
    for (int i = half; i < Pool.BASE; i++) {
      sound = sound && base.fork(row, Pool.STAGE, Pool.BASE * pass + i, pass);
    }
  }

  private static boolean isWhole(Recorder side, Row row, int pass, int size) {
    for (int i = 0; i < size; i++) {
      if (Pool.fork(side.results().row(row), size * pass + i) == null) {
        return false;
      }
    }
    return true;
  }

  private static void forget(Recorder side, Row row, int pass, int size) {
    side.results().row(row).samples().removeIf(sample -> sample.pass() / size == pass);
  }
}
