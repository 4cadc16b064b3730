package io.lanewise.engine.cli;

import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.recipe.Recipe;
import java.util.Map;

/**
 * All that decides what training comes to, besides the images: from the command line, or from the
 * checkpoint of an earlier run.
 */
interface TrainPlan {
  /** What runs are called after. */
  String name();

  /** The optimiser, or where it comes from, for the first line of a run. */
  String optimizerText();

  /** Passes over the training images. */
  double epochs();

  /**
   * The same for another number of epochs.
   *
   * @throws IllegalArgumentException if it would not be the same for the epochs done
   */
  TrainPlan withEpochs(double other);

  /** Texts for a checkpoint. */
  Map<String, String> toMap(DataFormat format);

  /** A net with fresh weights and what trains it. */
  Recipe.Setup prepare(Dataset train, DataFormat format);

  /**
   * Reads what {@link #toMap} wrote.
   *
   * @throws IllegalArgumentException if a text is missing or wrong
   */
  static TrainPlan of(String model, Map<String, String> texts) {
    return texts.containsKey(RecipePlan.KEY)
        ? RecipePlan.of(texts)
        : TrainSettings.of(model, texts);
  }
}
