package io.lanewise.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.GradientCheck;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.nodes.TanhNode;
import io.lanewise.engine.optim.Adam;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.tensor.Buffer;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.train.EpochReport;
import io.lanewise.engine.train.Evaluator;
import io.lanewise.engine.train.TrainConfig;
import io.lanewise.engine.train.TrainListener;
import io.lanewise.engine.train.Trainer;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Residual nets with batch normalisation learn, stop and go on, and are asked. */
class ResidualNetTest {
  private static final Shape IMAGE = Shape.of(32, 32, 3);
  private static final int BATCH = 8;
  private static final Models.Recipe PADDED =
      (image, classes, seed) ->
          Models.resnet("small", image, 1, false, new int[] {8, 16}, classes, seed);
  private static final Models.Recipe PROJECTED =
      (image, classes, seed) ->
          Models.resnet("small", image, 1, true, new int[] {8, 16}, classes, seed);

  @TempDir Path folder;

  private static TrainConfig config(int epochs, int batch) {
    return new TrainConfig(
        epochs, batch, 7, Schedule.constant(0.003), Normalization.CIFAR10, Augment.NONE);
  }

  /** As PyTorch counts them for the same nets. */
  @Test
  void parametersAreThoseOfThePaper() {
    assertEquals(269_722, Models.resnet20(IMAGE, 10, 1).graph().parameterCount());
    assertEquals(11_173_962, Models.resnet18(IMAGE, 10, 1).graph().parameterCount());
  }

  @Test
  void overfitsSixteenImages() throws IOException {
    Network net = Models.resnet20(IMAGE, 10, 1);
    EpochReport last =
        new Trainer(
                net,
                new Adam(net.graph().parameters(), 0.003, 0.9, 0.999, 1e-8, 0, 0),
                TestData.train(16),
                TestData.train(16),
                config(40, 16),
                Parallel.serial())
            .run(new TrainListener() {});
    assertEquals(1, last.trainAccuracy());
    assertTrue(last.trainLoss() < 0.05, "train loss " + last.trainLoss());
    assertEquals(1, last.testAccuracy(), "with the running statistics");
  }

  /** Without rectifiers, whose kinks the differences would step over. */
  @Test
  void gradientsAreThoseOfTheLoss() {
    NetBuilder builder = NetBuilder.image(Shape.of(6, 6, 2)).seed(1);
    builder.convNoBias(4, 3, 1).batchNorm().add(new TanhNode(builder.last()));
    builder.residual(
        branch -> branch.convNoBias(4, 3, 1).batchNorm().add(new TanhNode(branch.last())));
    builder.residual(
        branch -> branch.convNoBias(6, 3, 2).batchNorm(),
        shortcut -> shortcut.convNoBias(6, 1, 2).batchNorm());
    builder.add(new TanhNode(builder.last()));
    builder.residual(
        branch -> branch.convNoBias(9, 3, 2).batchNorm(),
        shortcut -> shortcut.paddedShortcut(9, 2));
    Network net = builder.globalAvgPool().fc(3).softmax("smooth");
    Seeds random = Seeds.stream(99);
    float[] images = new float[5 * net.image().size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    GradientCheck.Result result =
        GradientCheck.of(net.graph())
            .feed(net.image(), images)
            .labels(0, 1, 2, 1, 0)
            .inputs(net.image())
            .run();
    assertTrue(result.passed(1e-3), result.toString());
  }

  private static List<float[]> everything(Network net) {
    List<float[]> all = new ArrayList<>();
    net.graph().parameters().stream().map(Parameter::value).forEach(all::add);
    net.graph().buffers().stream().map(Buffer::value).forEach(all::add);
    return all;
  }

  private static void assertSame(Network expected, Network found) {
    for (int i = 0; i < everything(expected).size(); i++) {
      assertArrayEquals(everything(expected).get(i), everything(found).get(i), "array " + i);
    }
  }

  private static void train(Network net, Sgd sgd, int from, int to, Parallel parallel) {
    Session session = Session.on(net.graph()).batch(BATCH).parallel(parallel).training();
    float[] images = new float[BATCH * net.image().size()];
    int[] labels = new int[BATCH];
    session.feed(net.image(), images);
    session.feedLabels(labels);
    for (int step = from; step < to; step++) {
      Seeds random = Seeds.stream(11, step);
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < labels.length; i++) {
        labels[i] = random.nextInt(net.classes());
      }
      session.step(BATCH - step % 2);
      sgd.step(parallel);
    }
  }

  private static Sgd sgd(Network net) {
    return new Sgd(net.graph().parameters(), 0.05, 0.9, false, 0, 1e-4);
  }

  @Test
  void resumedRunHasTheBitsOfAStraightOne() throws IOException {
    for (Models.Recipe recipe : List.of(PADDED, PROJECTED)) {
      Network straight = recipe.build(IMAGE, 4, 1);
      train(straight, sgd(straight), 0, 6, Parallel.serial());

      Network first = recipe.build(IMAGE, 4, 1);
      Sgd before = sgd(first);
      train(first, before, 0, 3, Parallel.serial());
      Path path = folder.resolve("half.safetensors");
      Checkpoint.saveTraining(path, first, before, metadata(first), Map.of());

      Network second = recipe.build(IMAGE, 4, 1);
      Checkpoint checkpoint = Checkpoint.load(path);
      checkpoint.into(second);
      Sgd after = sgd(second);
      checkpoint.intoOptimizer(after);
      train(second, after, 3, 6, Parallel.serial());
      assertSame(straight, second);
      assertTrue(checkpoint.arrays().containsKey("buffer/batchnorm1.mean"));
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    Network serial = PROJECTED.build(IMAGE, 4, 2);
    train(serial, sgd(serial), 0, 3, Parallel.serial());
    for (int threads = 2; threads <= 3; threads++) {
      Network net = PROJECTED.build(IMAGE, 4, 2);
      try (Parallel parallel = Parallel.of(threads)) {
        train(net, sgd(net), 0, 3, parallel);
      }
      assertSame(serial, net);
    }
  }

  private static Metadata metadata(Network net) {
    List<String> names = IntStream.range(0, net.classes()).mapToObj(i -> "class " + i).toList();
    return Metadata.of(net, names, Normalization.CIFAR10);
  }

  @Test
  void trainSaveLoadPredict() throws IOException {
    Network net = PROJECTED.build(IMAGE, 10, 1);
    new Trainer(
            net,
            new Adam(net.graph().parameters(), 0.003, 0.9, 0.999, 1e-8, 0, 0),
            TestData.train(64),
            TestData.test(20),
            config(2, 16),
            Parallel.serial())
        .run(new TrainListener() {});
    Path path = folder.resolve("model.safetensors");
    Checkpoint.save(path, net, metadata(net));
    Model loaded = Checkpoint.load(path).model(PROJECTED);
    Model copied = Model.of(net, metadata(net), PROJECTED);
    Network again = Checkpoint.load(path).network(PROJECTED);
    assertSame(net, again);

    byte[] planes = new byte[20 * IMAGE.size()];
    for (int i = 0; i < 20; i++) {
      TestData.test(20).copyImage(i, planes, i * IMAGE.size());
    }
    float[] probabilities = loaded.predictPixels(planes, 20);
    assertArrayEquals(copied.predictPixels(planes, 20), probabilities);
    double right = 0;
    for (int i = 0; i < 20; i++) {
      float[] row = new float[10];
      System.arraycopy(probabilities, i * 10, row, 0, 10);
      right += Model.argmax(row) == TestData.test(20).label(i) ? 1 : 0;
    }
    double measured =
        new Evaluator(again, TestData.test(20), Normalization.CIFAR10, Parallel.serial())
            .evaluate()
            .accuracy();
    assertEquals(measured, right / 20, 1e-9);
  }
}
