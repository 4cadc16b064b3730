package io.lanewise.engine.cli;

import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.optim.OptimizerSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that decides what training comes to, besides the images: from the command line, or from the
 * checkpoint of an earlier run.
 *
 * @param model a net of the zoo
 * @param epochs passes over the training images
 * @param batch images in a step
 * @param optimizer the optimiser and its settings
 * @param normalize {@code centered} or {@code data}
 * @param augmented whether training images are changed at random
 * @param seed seed of weights, order and augmentation
 */
record TrainSettings(
    String model,
    int epochs,
    int batch,
    OptimizerSpec optimizer,
    String normalize,
    boolean augmented,
    long seed) {
  static final String CENTERED = "centered";
  static final String DATA = "data";
  private static final String NO_AUGMENT = "none";

  TrainSettings {
    DataOptions.atLeastOne("--epochs", epochs);
    DataOptions.atLeastOne("--batch", batch);
    if (!normalize.equals(CENTERED) && !normalize.equals(DATA)) {
      throw new IllegalArgumentException(
          "--normalize is " + normalize + ", needs " + CENTERED + " or " + DATA);
    }
  }

  /** The same for another number of epochs. */
  TrainSettings withEpochs(int other) {
    return new TrainSettings(model, other, batch, optimizer, normalize, augmented, seed);
  }

  Normalization normalization(Dataset train) {
    return normalize.equals(DATA)
        ? Normalization.of(train)
        : Normalization.centered(train.imageShape().dim(2));
  }

  Augment augment(DataFormat format) {
    return augmented ? format.augment() : Augment.NONE;
  }

  /** Texts for a checkpoint. */
  Map<String, String> toMap(DataFormat format) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("epochs", "" + epochs);
    texts.put("batch", "" + batch);
    texts.put("optimizer", optimizer.name());
    texts.put("lr", "" + optimizer.rate());
    putIfGiven(texts, "momentum", optimizer.momentum());
    putIfGiven(texts, "rho", optimizer.rho());
    putIfGiven(texts, "eps", optimizer.eps());
    texts.put("l1", "" + optimizer.l1());
    texts.put("l2", "" + optimizer.l2());
    Augment augment = augment(format);
    String flips = augment.flip() ? "flip, " : "";
    texts.put("augment", augmented ? flips + "shift " + augment.shift() : NO_AUGMENT);
    texts.put("normalize", normalize);
    texts.put("seed", "" + seed);
    return texts;
  }

  private static void putIfGiven(Map<String, String> texts, String key, Double value) {
    if (value != null) {
      texts.put(key, value.toString());
    }
  }

  /**
   * Reads what {@link #toMap} wrote.
   *
   * @throws IllegalArgumentException if a text is missing or wrong
   */
  static TrainSettings of(String model, Map<String, String> texts) {
    for (String key : new String[] {"epochs", "batch", "optimizer", "lr", "l1", "l2", "seed"}) {
      if (!texts.containsKey(key)) {
        throw new IllegalArgumentException(
            "found no setting " + key + " in __metadata__, which every run of train has");
      }
    }
    return new TrainSettings(
        model,
        Integer.parseInt(texts.get("epochs")),
        Integer.parseInt(texts.get("batch")),
        new OptimizerSpec(
            texts.get("optimizer"),
            number(texts, "lr"),
            number(texts, "momentum"),
            number(texts, "rho"),
            number(texts, "eps"),
            number(texts, "l1"),
            number(texts, "l2")),
        texts.getOrDefault("normalize", CENTERED),
        !NO_AUGMENT.equals(texts.get("augment")),
        Long.parseLong(texts.get("seed")));
  }

  private static Double number(Map<String, String> texts, String key) {
    return texts.containsKey(key) ? Double.valueOf(texts.get(key)) : null;
  }
}
