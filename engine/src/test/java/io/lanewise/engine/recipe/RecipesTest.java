package io.lanewise.engine.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.data.BatchLoader;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.TrainListener;
import io.lanewise.engine.train.Trainer;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecipesTest {
  /** The sums of squares of a first convolution's outputs: the patches are white. */
  @Test
  void whiteningMakesPatchesWhite() {
    Dataset train = TestData.train(50);
    Parameter weight = new Parameter("conv1.weight", Shape.of(2, 2, 3, 24), true);
    Whitening.fill(weight, train, 50, Normalization.CIFAR10, 0);
    BatchLoader loader =
        BatchLoader.evaluation(train, Normalization.CIFAR10, 50, Parallel.serial());
    loader.load(0, 0);
    double[][] products = new double[24][24];
    double[] outputs = new double[24];
    for (int i = 0; i < 50 * 31 * 31; i++) {
      int at = (i / 961 * 32 * 32 + i % 961 / 31 * 32 + i % 31) * 3;
      for (int f = 0; f < 24; f++) {
        outputs[f] = 0;
        for (int j = 0; j < 12; j++) {
          float pixel = loader.images()[at + j / 6 * 96 + j % 6];
          outputs[f] += pixel * weight.value()[j * 24 + f];
        }
      }
      for (int f = 0; f < 24; f++) {
        for (int g = 0; g < 24; g++) {
          products[f][g] += outputs[f] * outputs[g] / (50 * 961);
        }
      }
    }
    for (int f = 0; f < 24; f++) {
      for (int g = 0; g < 24; g++) {
        double expected = f == g ? 1 : f % 12 == g % 12 ? -1 : 0;
        assertEquals(expected, products[f][g], 1e-3, f + ", " + g);
      }
    }
  }

  @Test
  void whiteningNeedsTwiceThePatch() {
    Parameter weight = new Parameter("conv1.weight", Shape.of(2, 2, 3, 12), true);
    assertThrows(
        IllegalArgumentException.class,
        () -> Whitening.fill(weight, TestData.train(2), 2, Normalization.CIFAR10, 0));
  }

  /** Two epochs of the smallest set there is: what is to be frozen is, and all else learns. */
  @Test
  void everyRecipeTrains() throws IOException {
    for (Recipe recipe : Recipes.all()) {
      Dataset train = TestData.train(16);
      Recipe.Setup setup = recipe.prepare(train, 2, 1);
      assertEquals(2, setup.config().epochs());
      Parameter first = setup.network().graph().parameters().get(0);
      float[] before = first.value().clone();
      EpochReport report =
          new Trainer(
                  setup.network(),
                  setup.optimizer(),
                  setup.average(),
                  train,
                  TestData.test(4),
                  setup.config(),
                  Parallel.serial())
              .run(new TrainListener() {});
      assertTrue(Double.isFinite(report.testLoss()), recipe.name());
      boolean frozen = recipe.name().startsWith("airbench94");
      assertEquals(frozen, Arrays.equals(before, first.value()), recipe.name());
    }
  }

  @Test
  void lengthsEndWithinAnEpoch() {
    assertEquals(476, Recipes.steps(9.9, 48));
    assertEquals(48, Recipes.steps(1, 48));
    assertEquals(1, Recipes.steps(0.001, 48));
    assertThrows(IllegalArgumentException.class, () -> Recipes.steps(0, 48));
  }

  @Test
  void namesAreKnown() {
    assertEquals("airbench94", Recipes.named("airbench94").name());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Recipes.named("fast"));
    assertEquals(
        "unknown recipe fast; known are convnetjs, resnet20, airbench94, airbench94-muon",
        e.getMessage());
  }

  /** The same weights for the same seed, and others for another. */
  @Test
  void seedsDecideTheWeights() {
    Dataset train = TestData.train(8);
    float[] once = losses(train, 1);
    assertArrayEquals(once, losses(train, 1));
    assertTrue(once[0] != losses(train, 2)[0]);
  }

  private static float[] losses(Dataset train, long seed) {
    Recipe.Setup setup = Recipes.named("airbench94").prepare(train, 1, seed);
    BatchLoader loader = BatchLoader.evaluation(train, Normalization.CIFAR10, 8, Parallel.serial());
    int n = loader.load(0, 0);
    Session session = Session.on(setup.network().graph()).batch(8).inference();
    session.feed(setup.network().image(), loader.images());
    session.feedLabels(loader.labels());
    session.forward(n);
    return session.value(setup.network().loss()).clone();
  }
}
