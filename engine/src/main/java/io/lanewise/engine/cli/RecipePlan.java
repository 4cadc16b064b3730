package io.lanewise.engine.cli;

import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.recipe.Recipe;
import io.lanewise.engine.recipe.Recipes;
import java.util.LinkedHashMap;
import java.util.Map;

/** Training by a recipe. */
record RecipePlan(Recipe recipe, double epochs, long seed) implements TrainPlan {
  static final String KEY = "recipe";

  @Override
  public String name() {
    return recipe.name();
  }

  @Override
  public String optimizerText() {
    return "its recipe";
  }

  @Override
  public TrainPlan withEpochs(double other) {
    if (other != epochs) {
      throw new IllegalArgumentException(
          String.format(
              "--epochs is %s, needs %s, with which the run was begun: the rates of recipe %s"
                  + " depend on them",
              TrainSettings.epochsText(other), TrainSettings.epochsText(epochs), recipe.name()));
    }
    return this;
  }

  @Override
  public Map<String, String> toMap(DataFormat format) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(KEY, recipe.name());
    texts.put("epochs", TrainSettings.epochsText(epochs));
    texts.put("seed", "" + seed);
    return texts;
  }

  static RecipePlan of(Map<String, String> texts) {
    return new RecipePlan(
        Recipes.named(texts.get(KEY)),
        Double.parseDouble(TrainSettings.required(texts, "epochs")),
        Long.parseLong(TrainSettings.required(texts, "seed")));
  }

  @Override
  public Recipe.Setup prepare(Dataset train, DataFormat format) {
    if (format.augment().flip() == Augment.Flip.NONE) {
      throw new IllegalArgumentException(
          String.format(
              "--recipe %s mirrors images, which makes other classes of those of %s; train without"
                  + " --recipe",
              recipe.name(), format));
    }
    return recipe.prepare(train, epochs, seed);
  }
}
