package io.lanewise.engine.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Cifar10;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Model;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.train.TrainConfig;
import io.lanewise.engine.train.TrainListener;
import io.lanewise.engine.train.Trainer;
import io.lanewise.kernels.conv.Conv2d;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of README.md. */
class ReadmeExamplesTest {
  @Test
  void trainsSavesLoadsAndPredicts(@TempDir Path temporary) throws IOException {
    String run = temporary.toString();
    Path folder = TestData.cifarMini();
    int epochs = 1;
    // snippet: train a net
    Dataset train = Cifar10.train(folder);
    Dataset test = Cifar10.test(folder);
    Network net = Models.build("convnetjs-cifar10", train.imageShape(), 10, 1);
    Optimizer optimizer = new Sgd(net.graph().parameters(), 0.01, 0.9, true, 0, 1e-4);
    TrainConfig config = TrainConfig.of(epochs, 32, Schedule.constant(0.01));
    try (Parallel parallel = Parallel.allProcessors()) {
      new Trainer(net, optimizer, train, test, config, parallel).run(new TrainListener() {});
    }
    Metadata metadata = Metadata.of(net, train.classNames(), config.normalization());
    Checkpoint.save(Path.of(run, "model.safetensors"), net, metadata);
    // end
    assertEquals(13, optimizer.steps());
    predicts(run);
  }

  private static void predicts(String run) throws IOException {
    int[] argb = new int[32 * 32];
    // snippet: load and predict
    Model model = Checkpoint.load(Path.of(run, "model.safetensors")).model();
    float[] probabilities = model.predictRgb(argb, 32, 32);
    int best = Model.argmax(probabilities);
    String answer = model.className(best);
    // end
    assertTrue(model.classNames().contains(answer));
    assertTrue(probabilities[best] >= 0.1f);
  }

  @Test
  void aKernelAlone() {
    // snippet: a kernel alone
    ConvShape shape = ConvShape.parse("n8h32w32c3_oc16_k5s1p2");
    float[] input = new float[shape.inputSize()];
    float[] weight = new float[shape.weightSize()];
    float[] output = new float[shape.outputSize()];
    float[] gradWeight = new float[shape.weightSize()];
    Arrays.fill(input, 1);
    Arrays.fill(weight, 0.5f);
    try (Parallel parallel = Parallel.of(2)) {
      Workspace workspace = new Workspace(parallel);
      Conv2d.forward(shape, input, weight, null, output, workspace, parallel);
      Conv2d.backwardWeight(shape, output, input, gradWeight, workspace, parallel);
    }
    // end
    int middle = (16 * 32 + 16) * 16;
    assertEquals(0.5f * 3 * 5 * 5, output[middle], 1e-4f);
    assertTrue(gradWeight[0] > 0);
  }
}
