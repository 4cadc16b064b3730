package io.lanewise.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import org.junit.jupiter.api.Test;

class SanityChecksTest {
  private static final double RATE = 0.05;

  private static SanityChecks.Start start(float smoothing, double l2) {
    Network net =
        NetBuilder.image(Shape.of(32, 32, 3)).fc(20).relu().fc(10).softmax("small", smoothing);
    Sgd sgd = new Sgd(net.graph().parameters(), RATE, 0.9, true, 0, l2);
    return new SanityChecks.Start(net, sgd);
  }

  private static SanityChecks checks(float smoothing, double l2) {
    TrainConfig config =
        new TrainConfig(
            1, 8, 1, Schedule.constant(RATE), Normalization.CENTERED, Augment.FLIP_SHIFT_2);
    return new SanityChecks(
        () -> start(smoothing, l2), TestData.train(40), config, Parallel.serial());
  }

  /** A fresh batch normalisation would not normalise as in inference: the loss is 43 there. */
  @Test
  void firstLossIsThatOfTraining() {
    Network net = Models.resnet20(Shape.of(32, 32, 3), 10, 1);
    TrainConfig config = TrainConfig.of(1, 20, Schedule.constant(RATE));
    double loss =
        new SanityChecks(
                () -> new SanityChecks.Start(net, new Sgd(net.graph().parameters(), RATE)),
                TestData.train(50),
                config,
                Parallel.serial())
            .firstLoss(50);
    assertEquals(Math.log(10), loss, 0.05);
  }

  /** Neither what smoothed labels leave of the loss nor a strong decay is held against a net. */
  @Test
  void learningByHeartIsJudgedByWhatCanBeLearned() {
    for (float smoothing : new float[] {0, 0.2f}) {
      for (double l2 : new double[] {0, 1}) {
        SanityChecks.Overfit found = checks(smoothing, l2).overfit(16, 0.05, 500);
        String text = "smoothing " + smoothing + ", l2 " + l2 + ": " + found;
        assertTrue(found.loss() <= 0.05 && found.loss() > -1e-6, text);
      }
    }
  }
}
