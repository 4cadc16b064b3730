package io.lanewise.engine.cli;

import io.lanewise.engine.recipe.Recipe;
import io.lanewise.engine.recipe.Recipes;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option {@code --recipe}, which decides what others would. */
final class RecipeOption {
  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "net and settings that were tried together: convnetjs, resnet20, airbench94,"
              + " airbench94-muon; besides it only --epochs, --seed and what names data and folders"
              + " may be given")
  private String name;

  /**
   * The recipe that is meant, if one is.
   *
   * @param command knows which other options were given
   * @param epochs how long to train; null for as long as the recipe is made for
   * @throws IllegalArgumentException if there is no such recipe, or it decides another option
   */
  Optional<TrainPlan> plan(CommandSpec command, Double epochs, long seed) {
    if (name == null) {
      return Optional.empty();
    }
    for (String option : TrainOptions.fixedByRecipes()) {
      if (command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new IllegalArgumentException(
            "--recipe " + name + " decides " + option + "; leave one of the two out");
      }
    }
    Recipe recipe = Recipes.named(name);
    return Optional.of(new RecipePlan(recipe, epochs == null ? recipe.epochs() : epochs, seed));
  }
}
