package io.lanewise.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.BatchLoader;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Ema;
import io.lanewise.engine.optim.GradientClip;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.optim.WeightAverage;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link Practice} and {@link TestViews} add to a run. */
class PracticeTest {
  private static final Shape IMAGE = Shape.of(32, 32, 3);
  private static final GradientClip CLIP = GradientClip.NONE;

  private static Network net() {
    return NetBuilder.image(IMAGE).seed(3).conv(4, 3).relu().pool(4).fc(10).softmax("small");
  }

  private static Trainer trainer(
      Network net, WeightAverage average, int epochs, int batch, Practice practice) {
    return new Trainer(
        net,
        new Sgd(net.graph().parameters(), 0.05, 0.9, true, 0, 1e-3),
        average,
        TestData.train(30),
        TestData.test(20),
        new TrainConfig(
            epochs,
            batch,
            5,
            Schedule.linear(0).times(0.05),
            Normalization.CENTERED,
            Augment.NONE,
            practice),
        Parallel.serial());
  }

  private static List<float[]> values(Network net) {
    List<float[]> values = new ArrayList<>();
    net.graph().parameters().forEach(parameter -> values.add(parameter.value().clone()));
    return values;
  }

  @Test
  void accumulatedBatchesAreOneLargeBatch() throws IOException {
    Network large = net();
    trainer(large, null, 2, 12, Practice.NONE).run(new TrainListener() {});
    Network small = net();
    EpochReport report =
        trainer(small, null, 2, 4, new Practice(false, Long.MAX_VALUE, 3, CLIP))
            .run(new TrainListener() {});
    assertEquals(6, report.step());
    for (int i = 0; i < values(large).size(); i++) {
      assertArrayEquals(values(large).get(i), values(small).get(i), 1e-6f);
    }
  }

  @Test
  void theLastStepOfAnEpochHasTheBatchesThatAreLeft() {
    int[][] expected = {{1, 7}, {3, 3}, {7, 1}, {8, 1}, {Integer.MAX_VALUE, 1}};
    for (int[] each : expected) {
      Practice practice = new Practice(false, Long.MAX_VALUE, each[0], CLIP);
      assertEquals(each[1], practice.stepsAnEpoch(7), "accumulate " + each[0]);
    }
  }

  @Test
  void runsEndWithinAnEpoch() throws IOException {
    List<Long> steps = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void onEpoch(EpochReport report) {
            steps.add(report.step());
          }
        };
    trainer(net(), null, 2, 4, new Practice(true, 10, 1, CLIP)).run(listener);
    assertEquals(List.of(7L, 10L), steps);
  }

  @Test
  void gradientsAreClipped() throws IOException {
    Network net = net();
    trainer(net, null, 1, 4, new Practice(false, 1, 1, new GradientClip(1e-3, 0)))
        .run(new TrainListener() {});
    assertEquals(1e-3, GradientClip.normOf(net.graph().parameters()), 1e-6);
  }

  /** A run with an average that is stopped after an epoch and goes on comes to the same bits. */
  @Test
  void averagesResume() throws IOException {
    Network whole = net();
    trainer(whole, new Ema(whole.graph().values(), 0.9), 2, 4, Practice.NONE)
        .run(new TrainListener() {});

    Network net = net();
    Ema ema = new Ema(net.graph().values(), 0.9);
    Trainer first = trainer(net, ema, 2, 4, Practice.NONE);
    Network copy = net();
    Ema copiedEma = new Ema(copy.graph().values(), 0.9);
    Sgd copiedSgd = new Sgd(copy.graph().parameters(), 0.05, 0.9, true, 0, 1e-3);
    Sgd sgd = new Sgd(net.graph().parameters(), 0.05, 0.9, true, 0, 1e-3);
    Progress[] at = new Progress[1];
    Trainer stopped = withOptimizer(net, sgd, ema);
    stopped.run(
        new TrainListener() {
          @Override
          public void onEpoch(EpochReport report) {
            if (report.epoch() == 1) {
              copy(net.graph().values(), copy.graph().values());
              copy(ema.state(), copiedEma.state());
              copy(sgd.state(), copiedSgd.state());
              copiedEma.steps(ema.steps());
              copiedSgd.steps(sgd.steps());
              at[0] = stopped.progress();
            }
          }
        });
    assertTrue(first.others().containsKey("average"));
    Trainer second = withOptimizer(copy, copiedSgd, copiedEma);
    second.resume(at[0], 2);
    second.run(new TrainListener() {});
    for (int i = 0; i < values(whole).size(); i++) {
      assertArrayEquals(values(whole).get(i), values(net).get(i));
      assertArrayEquals(values(whole).get(i), values(copy).get(i));
    }
  }

  private static Trainer withOptimizer(Network net, Sgd sgd, Ema ema) {
    return new Trainer(
        net,
        sgd,
        ema,
        TestData.train(30),
        TestData.test(20),
        new TrainConfig(
            2,
            4,
            5,
            Schedule.linear(0).times(0.05),
            Normalization.CENTERED,
            Augment.NONE,
            Practice.NONE),
        Parallel.serial());
  }

  private static void copy(Map<String, float[]> from, Map<String, float[]> to) {
    from.forEach((name, values) -> System.arraycopy(values, 0, to.get(name), 0, values.length));
  }

  /** A net that looks at nothing but the mean of an image sees all mirrored views alike. */
  @Test
  void mirrorViewsOfASymmetricNetChangeNothing() {
    Network net = NetBuilder.image(IMAGE).seed(2).globalAvgPool().fc(10).softmax("mean");
    Evaluator evaluator =
        new Evaluator(net, TestData.test(20), Normalization.CENTERED, Parallel.serial());
    Metrics plain = evaluator.evaluate();
    Metrics mirror = evaluator.evaluate(TestViews.MIRROR);
    assertEquals(plain.loss(), mirror.loss(), 1e-5);
    assertEquals(plain.accuracy(), mirror.accuracy());
  }

  private static int reflected(int position) {
    return position < 0 ? -position : position > 31 ? 62 - position : position;
  }

  /** The losses of the shifted images and of their mirror images, pixel by pixel as they are. */
  @Test
  void imagesAreShiftedThenMirrored() {
    Network net = net();
    BatchLoader loader =
        BatchLoader.evaluation(TestData.test(20), Normalization.CENTERED, 20, Parallel.serial());
    loader.load(0, 0);
    Session session = Session.on(net.graph()).batch(20).inference();
    session.feedLabels(loader.labels());
    double expected = 0;
    int[][] views = {{0, 2}, {-1, 1}, {1, 1}};
    for (int[] view : views) {
      for (boolean mirrored : new boolean[] {false, true}) {
        float[] shown = new float[20 * IMAGE.size()];
        for (int i = 0; i < shown.length; i++) {
          int image = i / 3072;
          int x = i / 3 % 32;
          int row = reflected(i / 96 % 32 + view[0]);
          int column = reflected((mirrored ? 31 - x : x) + view[0]);
          shown[i] = loader.images()[image * 3072 + row * 96 + column * 3 + i % 3];
        }
        session.feed(net.image(), shown);
        expected += session.forward(20) * view[1] / 8;
      }
    }
    Evaluator evaluator =
        new Evaluator(net, TestData.test(20), Normalization.CENTERED, Parallel.serial());
    assertEquals(expected, evaluator.evaluate(TestViews.MIRROR_SHIFTS).loss(), 1e-6);
  }

  /** A net that knows nothing has the loss of guessing, whatever it is shown. */
  @Test
  void weightsAddUpToOne() {
    Network net = Models.mlp(IMAGE, 10, 1);
    for (Parameter parameter : net.graph().parameters()) {
      if (parameter.name().startsWith("fc2")) {
        parameter.set(new float[parameter.size()]);
      }
    }
    for (String name : new String[] {"plain", "mirror", "mirror-shifts", "convnetjs"}) {
      TestViews views = TestViews.named(name);
      double weights = views.views().stream().mapToDouble(TestViews.View::weight).sum();
      assertEquals(1, weights, 1e-12, name);
      Metrics metrics =
          new Evaluator(net, TestData.test(20), Normalization.CENTERED, Parallel.serial())
              .evaluate(views);
      assertEquals(Math.log(10), metrics.loss(), 1e-5, name);
      assertEquals(20, metrics.samples());
    }
    assertThrows(IllegalArgumentException.class, () -> TestViews.named("all"));
  }
}
