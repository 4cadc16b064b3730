package io.lanewise.engine.cli;

import io.lanewise.engine.data.Augment;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Ema;
import io.lanewise.engine.optim.GradientClip;
import io.lanewise.engine.optim.WeightAverage;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.schedule.Schedules;
import io.lanewise.engine.train.Practice;
import java.util.Map;

/** What {@link PracticeOptions} said; see there. */
record PracticeSettings(
    String scheduleText,
    double clipNorm,
    double clipValue,
    int accumulate,
    double ema,
    int cutout,
    double mixUp) {
  /** Nothing but the plain steps. */
  static final PracticeSettings NONE = new PracticeSettings("constant", 0, 0, 1, 0, 0, 0);

  PracticeSettings {
    DataOptions.atLeastOne("--accumulate", accumulate);
    if (!(ema >= 0 && ema < 1)) {
      throw new IllegalArgumentException("--ema is " + ema + ", needs 0 to below 1");
    }
    Schedules.parse(scheduleText);
  }

  Schedule schedule(double rate) {
    return Schedules.parse(scheduleText).times(rate);
  }

  Practice practice() {
    return new Practice(false, Long.MAX_VALUE, accumulate, new GradientClip(clipNorm, clipValue));
  }

  WeightAverage average(Network net) {
    return ema == 0 ? null : new Ema(net.graph().values(), ema);
  }

  Augment on(Augment augment) {
    return augment.withCutout(cutout).withMixUp(mixUp);
  }

  /** Adds texts for a checkpoint, of what differs from {@link #NONE}. */
  void addTo(Map<String, String> texts) {
    put(texts, "schedule", scheduleText, NONE.scheduleText);
    put(texts, "clip-norm", clipNorm, NONE.clipNorm);
    put(texts, "clip-value", clipValue, NONE.clipValue);
    put(texts, "accumulate", accumulate, NONE.accumulate);
    put(texts, "ema", ema, NONE.ema);
    put(texts, "cutout", cutout, NONE.cutout);
    put(texts, "mix-up", mixUp, NONE.mixUp);
  }

  private static void put(Map<String, String> texts, String key, Object value, Object usual) {
    if (!value.equals(usual)) {
      texts.put(key, value.toString());
    }
  }

  /** Reads what {@link #addTo} added. */
  static PracticeSettings of(Map<String, String> texts) {
    return new PracticeSettings(
        texts.getOrDefault("schedule", NONE.scheduleText),
        Double.parseDouble(texts.getOrDefault("clip-norm", "0")),
        Double.parseDouble(texts.getOrDefault("clip-value", "0")),
        Integer.parseInt(texts.getOrDefault("accumulate", "1")),
        Double.parseDouble(texts.getOrDefault("ema", "0")),
        Integer.parseInt(texts.getOrDefault("cutout", "0")),
        Double.parseDouble(texts.getOrDefault("mix-up", "0")));
  }
}
