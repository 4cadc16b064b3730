package io.lanewise.engine.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Cifar10;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Model;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.train.TrainConfig;
import io.lanewise.engine.train.TrainListener;
import io.lanewise.engine.train.Trainer;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of README.md. */
class ReadmeExamplesTest {
  @Test
  void trains() throws IOException {
    Path folder = TestData.cifarMini();
    int epochs = 1;
    // snippet: train a net
    Dataset train = Cifar10.train(folder);
    Dataset test = Cifar10.test(folder);
    Network net =
        NetBuilder.image(train.imageShape())
            .conv(16, 5)
            .relu()
            .pool(2)
            .conv(20, 5)
            .relu()
            .pool(2)
            .fc(10)
            .softmax("my-net");
    Optimizer optimizer = new Sgd(net.graph().parameters(), 0.01, 0.9, true, 0, 1e-4);
    TrainConfig config = TrainConfig.of(epochs, 32, Schedule.constant(0.01));
    try (Parallel parallel = Parallel.allProcessors()) {
      new Trainer(net, optimizer, train, test, config, parallel).run(new TrainListener() {});
    }
    // end
    assertEquals(13, optimizer.steps());
  }

  @Test
  void predicts(@TempDir Path folder) throws IOException {
    Network trained = Models.convnetjsCifar10(Shape.of(32, 32, 3), 10, 1);
    Checkpoint.save(
        folder.resolve("model.safetensors"),
        trained,
        Metadata.of(trained, TestData.test(1).classNames(), Normalization.CENTERED));
    String run = folder.toString();
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
}
