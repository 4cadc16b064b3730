package io.lanewise.engine.recipe;

import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.kernels.settings.Nearest;
import java.util.List;

/** The recipes by name. */
public final class Recipes {
  private static final List<Recipe> ALL =
      List.of(
          new ConvnetjsRecipe(),
          new Resnet20Recipe(),
          new Airbench94Recipe(),
          new Airbench94MuonRecipe());

  private Recipes() {}

  /** All there are. */
  public static List<Recipe> all() {
    return ALL;
  }

  /** The names of all there are. */
  public static List<String> names() {
    return ALL.stream().map(Recipe::name).toList();
  }

  /**
   * A recipe.
   *
   * @param name one of {@link #names()}
   * @throws IllegalArgumentException if there is no such recipe, naming those there are
   */
  public static Recipe named(String name) {
    return ALL.stream()
        .filter(recipe -> recipe.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(Nearest.unknown("recipe", name, names())));
  }

  /**
   * How pixels become floats: for images of three channels as in CIFAR-10, for others by their own
   * mean and standard deviation.
   */
  static Normalization normalization(Dataset train) {
    return train.imageShape().dim(2) == Normalization.CIFAR10.channels()
        ? Normalization.CIFAR10
        : Normalization.of(train);
  }

  /**
   * Steps in a run that may end within an epoch.
   *
   * @param epochs passes over the training set, above 0
   * @param batches batches in each
   * @throws IllegalArgumentException if epochs is not a number above 0 and below a million
   */
  static long steps(double epochs, int batches) {
    if (!(epochs > 0 && epochs < 1e6)) {
      throw new IllegalArgumentException(
          "found " + epochs + " epochs, needs a number above 0 and below a million");
    }
    return Math.max(1, (long) Math.ceil(epochs * batches - 1e-9));
  }
}
