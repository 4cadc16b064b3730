package io.lanewise.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Parallel;
import java.util.List;
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
    double loss = checks(Models.resnet20(Shape.of(32, 32, 3), 10, 1)).firstLoss(50);
    assertEquals(Math.log(10), loss, 0.05);
  }

  private static SanityChecks checks(Network net) {
    TrainConfig config = TrainConfig.of(1, 20, Schedule.constant(RATE));
    return new SanityChecks(
        () -> new SanityChecks.Start(net, new Sgd(net.graph().parameters(), RATE)),
        TestData.train(50),
        config,
        Parallel.serial());
  }

  /** Of single weights of a deep net most do not agree, of which random signs leave little. */
  @Test
  void gradientsOfDeepNetsAgreeAsAWhole() {
    Network net = Models.resnet20(Shape.of(32, 32, 3), 10, 2);
    SanityChecks.Gradients found = checks(net).gradients(2, 1, 1e-2);
    assertEquals(List.of(), found.wrong(), found.toString());
  }

  /** Passes half of the gradient on. */
  private static final class HalfGradientNode extends Node {
    HalfGradientNode(Tensor x) {
      super("half", x.shape(), x);
    }

    @Override
    public void forward(Slice slice) {
      System.arraycopy(slice.input(0), 0, slice.output(), 0, slice.size());
    }

    @Override
    public void backward(Slice slice) {
      for (int i = 0; i < slice.size(); i++) {
        slice.gradInput(0)[i] = 0.5f * slice.gradOutput()[i];
      }
    }
  }

  @Test
  void aWrongBackwardIsFound() {
    NetBuilder net = NetBuilder.image(Shape.of(32, 32, 3)).conv(4, 3);
    Network wrong = net.add(new HalfGradientNode(net.last())).relu().fc(10).softmax("wrong");
    SanityChecks.Gradients found = checks(wrong).gradients(2, 5, 1e-2);
    assertEquals(List.of("conv1.weight", "conv1.bias"), found.wrong(), found.toString());
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
