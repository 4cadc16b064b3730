package io.lanewise.engine.cli;

import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.OptimizerSpec;
import io.lanewise.engine.recipe.Recipe;
import io.lanewise.engine.train.TestViews;
import io.lanewise.engine.train.TrainConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Training with settings of one's own.
 *
 * @param model a net of the zoo
 * @param epochs passes over the training images
 * @param batch images in a step
 * @param optimizer the optimiser and its settings
 * @param normalize {@code centered} or {@code data}
 * @param augmented whether training images are changed at random
 * @param seed seed of weights, order and augmentation
 * @param practice what else is done
 */
record TrainSettings(
    String model,
    double epochs,
    int batch,
    OptimizerSpec optimizer,
    String normalize,
    boolean augmented,
    long seed,
    PracticeSettings practice)
    implements TrainPlan {
  static final String CENTERED = "centered";
  static final String DATA = "data";
  private static final String NO_AUGMENT = "none";

  TrainSettings {
    if (!(epochs >= 1 && epochs <= Integer.MAX_VALUE && epochs == Math.rint(epochs))) {
      throw new IllegalArgumentException(
          "--epochs is " + epochsText(epochs) + ", needs a whole number of at least 1");
    }
    DataOptions.atLeastOne("--batch", batch);
    if (!normalize.equals(CENTERED) && !normalize.equals(DATA)) {
      throw new IllegalArgumentException(
          "--normalize is " + normalize + ", needs " + CENTERED + " or " + DATA);
    }
  }

  @Override
  public String name() {
    return model;
  }

  @Override
  public String optimizerText() {
    return optimizer.name();
  }

  @Override
  public TrainSettings withEpochs(double other) {
    return new TrainSettings(model, other, batch, optimizer, normalize, augmented, seed, practice);
  }

  @Override
  public Recipe.Setup prepare(Dataset train, DataFormat format) {
    augment(format).requireFits(train.imageShape());
    int classes = train.classNames().size();
    Network net = Models.build(model, train.imageShape(), classes, seed);
    TrainConfig config =
        new TrainConfig(
            (int) epochs,
            batch,
            seed,
            practice.schedule(optimizer.rate()),
            normalization(train),
            augment(format),
            practice.practice());
    return new Recipe.Setup(
        net,
        optimizer.create(net.graph().parameters()),
        practice.average(net),
        config,
        TestViews.PLAIN);
  }

  /** A number of epochs, without a fraction if it has none. */
  static String epochsText(double epochs) {
    return epochs == (int) epochs ? "" + (int) epochs : "" + epochs;
  }

  Normalization normalization(Dataset train) {
    return normalize.equals(DATA)
        ? Normalization.of(train)
        : Normalization.centered(train.imageShape().dim(2));
  }

  Augment augment(DataFormat format) {
    return practice.on(augmented ? format.augment() : Augment.NONE);
  }

  @Override
  public Map<String, String> toMap(DataFormat format) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("epochs", epochsText(epochs));
    texts.put("batch", "" + batch);
    texts.put("optimizer", optimizer.name());
    texts.put("lr", "" + optimizer.rate());
    putIfGiven(texts, "momentum", optimizer.momentum());
    putIfGiven(texts, "rho", optimizer.rho());
    putIfGiven(texts, "eps", optimizer.eps());
    texts.put("l1", "" + optimizer.l1());
    texts.put("l2", "" + optimizer.l2());
    Augment augment = augment(format);
    String flips = augment.flip() != Augment.Flip.NONE ? "flip, " : "";
    texts.put("augment", augmented ? flips + "shift " + augment.shift() : NO_AUGMENT);
    texts.put("normalize", normalize);
    texts.put("seed", "" + seed);
    practice.addTo(texts);
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
      required(texts, key);
    }
    return new TrainSettings(
        model,
        Double.parseDouble(texts.get("epochs")),
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
        Long.parseLong(texts.get("seed")),
        PracticeSettings.of(texts));
  }

  static String required(Map<String, String> texts, String key) {
    if (!texts.containsKey(key)) {
      throw new IllegalArgumentException(
          "found no setting " + key + " in __metadata__, which every run of train has");
    }
    return texts.get(key);
  }

  private static Double number(Map<String, String> texts, String key) {
    return texts.containsKey(key) ? Double.valueOf(texts.get(key)) : null;
  }
}
