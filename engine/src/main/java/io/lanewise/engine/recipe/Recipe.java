package io.lanewise.engine.recipe;

import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.WeightAverage;
import io.lanewise.engine.train.TestViews;
import io.lanewise.engine.train.TrainConfig;

/**
 * A net and all that is needed to train it well: settings that were tried together and whose
 * results are known.
 */
public interface Recipe {
  /** What it is called. */
  String name();

  /** What it does, in a line. */
  String about();

  /** Epochs that it is made for; the last one may end before its time. */
  double epochs();

  /**
   * A net with fresh weights, ready to be trained.
   *
   * @param train the images to learn from
   * @param epochs how long to train, above 0; {@link #epochs} is what the recipe is made for
   * @param seed seed of weights, order and augmentation
   */
  Setup prepare(Dataset train, double epochs, long seed);

  /**
   * What a {@link io.lanewise.engine.train.Trainer} is given.
   *
   * @param network the net
   * @param optimizer changes it
   * @param average averages its weights; or null
   * @param config the settings
   * @param views how the trained net is measured in the end
   */
  record Setup(
      Network network,
      Optimizer optimizer,
      WeightAverage average,
      TrainConfig config,
      TestViews views) {}
}
