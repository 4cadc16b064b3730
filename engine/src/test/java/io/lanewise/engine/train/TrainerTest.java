package io.lanewise.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Graph;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.graph.Slice;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.DropoutNode;
import io.lanewise.engine.nodes.LinearNode;
import io.lanewise.engine.optim.Adadelta;
import io.lanewise.engine.optim.Adam;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/** Whole training runs on the small subset. */
class TrainerTest {
  private static final Shape IMAGE = Shape.of(32, 32, 3);

  private static TrainConfig config(int epochs, int batch, double rate, Augment augment) {
    return new TrainConfig(
        epochs, batch, 7, Schedule.constant(rate), Normalization.CENTERED, augment);
  }

  /** The demo's net and optimiser for two short epochs; yields all losses and parameters. */
  private static List<float[]> run(int threads, int batch) throws IOException {
    Network net = Models.convnetjsCifar10(IMAGE, 10, 3);
    Optimizer optimizer = new Adadelta(net.graph().parameters(), 1, 0.95, 1e-8, 0, 1e-4);
    List<float[]> result = new ArrayList<>();
    try (Parallel parallel = Parallel.of(threads)) {
      Trainer trainer =
          new Trainer(
              net,
              optimizer,
              TestData.train(42),
              TestData.test(20),
              config(2, batch, 1, Augment.FLIP_SHIFT_2),
              parallel);
      trainer.run(
          new TrainListener() {
            @Override
            public void onEpoch(EpochReport report) {
              result.add(
                  new float[] {
                    (float) report.trainLoss(),
                    (float) report.testLoss(),
                    (float) report.trainAccuracy(),
                    (float) report.testAccuracy()
                  });
            }
          });
    }
    for (Parameter parameter : net.graph().parameters()) {
      result.add(parameter.value());
    }
    return result;
  }

  @Test
  void sameBitsForAnyNumberOfThreads() throws IOException {
    for (int batch : new int[] {4, 16}) {
      List<float[]> serial = run(1, batch);
      for (int threads : new int[] {1, 2, 3, 7}) {
        List<float[]> parallel = run(threads, batch);
        for (int i = 0; i < serial.size(); i++) {
          assertArrayEquals(serial.get(i), parallel.get(i), threads + " threads, array " + i);
        }
      }
    }
  }

  @Test
  void overfitsSixteenImages() throws IOException {
    Network net = Models.convnetjsCifar10(IMAGE, 10, 1);
    EpochReport last =
        new Trainer(
                net,
                new Adam(net.graph().parameters(), 0.003, 0.9, 0.999, 1e-8, 0, 0),
                TestData.train(16),
                TestData.test(4),
                config(150, 16, 0.003, Augment.NONE),
                Parallel.serial())
            .run(new TrainListener() {});
    assertEquals(1, last.trainAccuracy());
    assertTrue(last.trainLoss() < 0.05, "train loss " + last.trainLoss());
  }

  @Test
  void firstLossIsThatOfGuessing() {
    Network net = Models.vggSmall(IMAGE, 10, 1);
    for (Parameter parameter : net.graph().parameters()) {
      if (parameter.name().startsWith("fc2")) {
        parameter.set(new float[parameter.size()]);
      }
    }
    Metrics metrics =
        new Evaluator(net, TestData.test(10), Normalization.CIFAR10, Parallel.serial()).evaluate();
    assertEquals(Math.log(10), metrics.loss(), 1e-6);
  }

  /** The losses of ten steps as they were when this file was written; the net must not drift. */
  @Test
  void goldenLossCurve() throws IOException {
    Network net = Models.convnetjsCifar10(IMAGE, 10, 1);
    List<Double> losses = new ArrayList<>();
    new Trainer(
            net,
            new Sgd(net.graph().parameters(), 0.01, 0.9, true, 0, 1e-4),
            TestData.train(80),
            TestData.test(4),
            config(1, 8, 0.01, Augment.FLIP_SHIFT_2),
            Parallel.serial())
        .run(
            new TrainListener() {
              @Override
              public void onStep(
                  int epoch, int batch, int batches, Metrics soFar, double imagesPerSecond) {
                losses.add(soFar.loss());
              }
            });
    Path golden = TestData.root().resolve("testdata/golden/convnetjs-cifar10-10-steps.txt");
    List<String> expected =
        Files.readAllLines(golden).stream().filter(line -> !line.startsWith("#")).toList();
    assertEquals(expected.size(), losses.size());
    for (int i = 0; i < losses.size(); i++) {
      assertEquals(Double.parseDouble(expected.get(i)), losses.get(i), 1e-5, "step " + (i + 1));
    }
  }

  @Test
  void divergenceNamesTheFirstNode() {
    Network net = Models.convnetjsCifar10(IMAGE, 10, 1);
    Trainer trainer =
        new Trainer(
            net,
            new Sgd(net.graph().parameters(), 1e30, 0, false, 0, 0),
            TestData.train(32),
            TestData.test(4),
            config(2, 4, 1e30, Augment.NONE),
            Parallel.serial());
    DivergedException e =
        assertThrows(DivergedException.class, () -> trainer.run(new TrainListener() {}));
    assertTrue(e.getMessage().contains("node conv2 (n"), e.getMessage());
    assertTrue(e.getMessage().contains("learning rate"), e.getMessage());
  }

  /** Passes its input on and remembers the seeds it saw. */
  private static final class SeedNode extends Node {
    private final Set<Long> seeds = new ConcurrentSkipListSet<>();

    SeedNode(Tensor x) {
      super("seed", x.shape(), x);
    }

    @Override
    public void forward(Slice slice) {
      if (slice.training()) {
        seeds.add(slice.seed());
      }
      System.arraycopy(slice.input(0), 0, slice.output(), 0, slice.size());
    }

    @Override
    public void backward(Slice slice) {
      System.arraycopy(slice.gradOutput(), 0, slice.gradInput(0), 0, slice.size());
    }
  }

  @Test
  void everyStepHasItsSeedAndItsRate() throws IOException {
    NetBuilder builder = NetBuilder.image(IMAGE);
    SeedNode seeds = new SeedNode(builder.fc(10).last());
    Network net = builder.add(seeds).softmax("seeds");
    List<String> asked = new ArrayList<>();
    Schedule schedule =
        (step, steps) -> {
          asked.add(step + "/" + steps);
          return 0.001 * (step + 1);
        };
    EpochReport report =
        new Trainer(
                net,
                new Sgd(net.graph().parameters(), 0.5),
                TestData.train(6),
                TestData.test(3),
                new TrainConfig(2, 2, 7, schedule, Normalization.CENTERED, Augment.NONE),
                Parallel.serial())
            .run(new TrainListener() {});
    assertEquals(6, seeds.seeds.size());
    assertEquals(List.of("0/6", "1/6", "2/6", "3/6", "4/6", "5/6"), asked);
    assertEquals(0.006, report.learningRate(), 1e-12);
  }

  @Test
  void dropoutDiffersBetweenSamplesAndSteps() {
    Graph graph = new Graph();
    Tensor x = graph.input("x", Shape.of(64));
    Tensor dropped = graph.add(new DropoutNode(x, 0.5f));
    LinearNode sum = new LinearNode("sum", dropped, 1, false);
    graph.minimize(graph.add(sum));
    Session session = Session.on(graph).batch(16).keep(dropped).training();
    float[] ones = new float[16 * 64];
    Arrays.fill(ones, 1);
    session.feed(x, ones);
    Set<String> masks = new HashSet<>();
    for (int step = 0; step < 2; step++) {
      session.seed(step);
      session.step(16);
      for (int i = 0; i < 16; i++) {
        masks.add(Arrays.toString(Arrays.copyOfRange(session.value(dropped), i * 64, i * 64 + 64)));
      }
    }
    assertEquals(32, masks.size());
  }

  /** A run of three epochs of three steps, from some progress on, that stops after some steps. */
  private static Trainer stopped(Network net, Optimizer optimizer, Progress from, int steps)
      throws IOException {
    Trainer trainer =
        new Trainer(
            net,
            optimizer,
            TestData.train(22),
            TestData.test(10),
            config(3, 8, 1, Augment.FLIP_SHIFT_2),
            Parallel.serial());
    trainer.resume(from, 3);
    int[] done = new int[1];
    trainer.run(
        new TrainListener() {
          @Override
          public void onStep(int epoch, int batch, int batches, Metrics soFar, double speed) {
            done[0]++;
            if (done[0] == steps) {
              trainer.stop();
            }
          }
        });
    return trainer;
  }

  @Test
  void stopsAtAnyStepAndGoesOn() throws IOException {
    Network straight = Models.resnet20(IMAGE, 10, 3);
    stopped(
        straight,
        new Adam(straight.graph().parameters(), 0.01, 0.9, 0.999, 1e-8, 0, 0),
        Progress.START,
        1000);
    for (int steps : new int[] {1, 2, 3, 4}) {
      Network net = Models.resnet20(IMAGE, 10, 3);
      Optimizer optimizer = new Adam(net.graph().parameters(), 0.01, 0.9, 0.999, 1e-8, 0, 0);
      Progress progress = Progress.START;
      int runs = 0;
      while (progress.epoch() < 3) {
        progress = Progress.of(stopped(net, optimizer, progress, steps).progress().toMap());
        runs++;
      }
      assertTrue(runs >= 9 / steps, runs + " runs");
      for (int i = 0; i < net.graph().parameters().size(); i++) {
        assertArrayEquals(
            straight.graph().parameters().get(i).value(), net.graph().parameters().get(i).value());
      }
      for (int i = 0; i < net.graph().buffers().size(); i++) {
        assertArrayEquals(
            straight.graph().buffers().get(i).value(), net.graph().buffers().get(i).value());
      }
    }
  }

  @Test
  void aBatchBeyondTheEpochIsRefused() {
    Network net = Models.mlp(IMAGE, 10, 1);
    Optimizer optimizer = new Sgd(net.graph().parameters(), 0.1);
    Progress beyond = new Progress(0, 4, "0x0.0p0 0 0");
    String message =
        assertThrows(IllegalArgumentException.class, () -> stopped(net, optimizer, beyond, 1))
            .getMessage();
    assertTrue(message.contains("found batch 4 of an epoch, needs at most 3"), message);
  }

  @Test
  void moreEpochsOnlyWhereTheScheduleIsTheSame() {
    Network net = Models.mlp(IMAGE, 10, 1);
    for (boolean depends : new boolean[] {false, true}) {
      Schedule schedule = (step, steps) -> depends ? 1.0 - (double) step / steps : 0.1;
      Trainer trainer =
          new Trainer(
              net,
              new Sgd(net.graph().parameters(), 0.1),
              TestData.train(8),
              TestData.test(4),
              new TrainConfig(3, 4, 7, schedule, Normalization.CENTERED, Augment.NONE),
              Parallel.serial());
      trainer.resume(Progress.afterEpoch(2), 3);
      assertThrows(IllegalArgumentException.class, () -> trainer.resume(Progress.afterEpoch(4), 3));
      if (depends) {
        String message =
            assertThrows(
                    IllegalArgumentException.class, () -> trainer.resume(Progress.afterEpoch(2), 2))
                .getMessage();
        assertTrue(message.contains("found 3 epochs, needs 2: the learning rate"), message);
      } else {
        trainer.resume(Progress.afterEpoch(2), 2);
      }
    }
  }

  @Test
  void progressIsReadBack() {
    Metrics metrics = new Metrics();
    metrics.add(new float[] {0.1f, 0.7f}, new float[] {1, 0, 0, 1}, new int[] {0, 0}, 2, 2);
    Progress progress = new Progress(4, 17, metrics.toString());
    assertEquals(progress, Progress.of(progress.toMap()));
    assertEquals(metrics.loss(), Metrics.parse(progress.metrics()).loss());
    assertEquals(0.5, Metrics.parse(progress.metrics()).accuracy());
    assertThrows(IllegalArgumentException.class, () -> Progress.of(Map.of("epoch", "1")));
    assertThrows(IllegalArgumentException.class, () -> new Progress(1, 0, "0x1p0 3"));
    assertThrows(IllegalArgumentException.class, () -> new Progress(-1, 0, "0 0 0"));
  }

  @Test
  void timesAddUp() throws IOException {
    Network net = Models.mlp(IMAGE, 10, 1);
    Trainer trainer =
        new Trainer(
            net,
            new Sgd(net.graph().parameters(), 0.01),
            TestData.train(40),
            TestData.test(10),
            config(2, 8, 0.01, Augment.FLIP_SHIFT_2),
            Parallel.serial());
    long start = System.nanoTime();
    trainer.run(new TrainListener() {});
    long wall = System.nanoTime() - start;
    TimeSplit times = trainer.times();
    assertEquals(10, times.steps());
    for (TimeSplit.Part part : TimeSplit.Part.values()) {
      assertTrue(times.nanos(part) > 0, part.toString());
    }
    assertTrue(times.nanos() <= wall, times + " of " + wall + " ns");
    assertTrue(times.loadNanos() > 0);
    times.reset();
    assertEquals(0, times.nanos());
    assertEquals(0, times.loadNanos());
  }

  @Test
  void batchLargerThanTheSetIsOneStep() throws IOException {
    Network net = Models.mlp(IMAGE, 10, 1);
    EpochReport report =
        new Trainer(
                net,
                new Sgd(net.graph().parameters(), 0.01, 0, false, 0, 0),
                TestData.train(5),
                TestData.test(3),
                config(2, 64, 0.01, Augment.NONE),
                Parallel.serial())
            .run(new TrainListener() {});
    assertEquals(2, report.step());
  }

  @Test
  void sessionsOfDifferentUseShareAGraph() {
    Network net = Models.mlp(IMAGE, 10, 1);
    Session a = Session.on(net.graph()).batch(2).keep(net.scores()).inference();
    Session b = Session.on(net.graph()).batch(1).keep(net.scores()).training();
    float[] images = new float[2 * IMAGE.size()];
    images[5] = 1;
    for (Session session : List.of(a, b)) {
      session.feed(net.image(), images);
      session.feedLabels(new int[] {3, 4});
      session.forward(1);
    }
    for (int i = 0; i < 10; i++) {
      assertEquals(a.value(net.scores())[i], b.value(net.scores())[i]);
    }
  }
}
