package io.lanewise.engine.cli;

import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.parallel.Parallel;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times training steps or inference of a net on random images. */
@Command(
    name = "time",
    description = {
      "Times a net on random images: training steps (forward, softmax cross-entropy, backward, SGD"
          + " with momentum) or inference.",
      "Warms up, measures five times, and ends with the median: MODEL_bN_train|infer THREADS"
          + " IMAGES_PER_SECOND."
    })
final class TimeCommand implements Callable<Integer> {
  private static final int REPETITIONS = 5;
  private static final int BATCHES = 8;
  private static final int CLASSES = 10;
  private static final int MOST_IMAGES = 16384;

  /** So small a rate that the loss stays away from zero and gradients away from denormals. */
  private static final double LEARNING_RATE = 1e-5;

  @Parameters(paramLabel = "MODEL", description = "the net")
  private String model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "samples in a step (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--infer", description = "time inference, not training")
  private boolean infer;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "how long to measure, after a warm-up of as long (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Mixin private ThreadOption threads;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int n = DataOptions.atLeastOne("--batch", batch);
    if (!(seconds > 0 && seconds <= 1e6)) {
      throw new IllegalArgumentException("--seconds is " + seconds + ", needs more than 0");
    }
    if (n > MOST_IMAGES) {
      throw new IllegalArgumentException("--batch is " + n + ", needs at most " + MOST_IMAGES);
    }
    PrintWriter out = spec.commandLine().getOut();
    Shape image = Shape.of(32, 32, 3);
    Network net = Models.build(model, image, CLASSES, 1);
    float[][] images = randomImages(n * image.size());
    int[][] labels = randomLabels(n);
    try (Parallel parallel = threads.parallel()) {
      Session.Builder builder =
          Session.on(net.graph()).batch(n).parallel(parallel).keep(net.scores());
      Session session = infer ? builder.frozen().inference() : builder.training();
      Optimizer optimizer = new Sgd(net.graph().parameters(), LEARNING_RATE, 0.9, false, 0, 0);
      Step step =
          index -> {
            session.feed(net.image(), images[index % BATCHES]);
            session.feedLabels(labels[index % BATCHES]);
            if (infer) {
              session.forward(n);
            } else {
              session.step(n);
              optimizer.step(parallel);
            }
          };
      out.println("# " + LanesProvider.description() + ", java " + Runtime.version());
      rate(step, seconds, n);
      double[] rates = new double[REPETITIONS];
      for (int i = 0; i < REPETITIONS; i++) {
        rates[i] = rate(step, seconds / REPETITIONS, n);
        out.printf(Locale.ROOT, "# %.1f images/s%n", rates[i]);
        out.flush();
      }
      Arrays.sort(rates);
      out.printf(
          Locale.ROOT,
          "%s_b%d_%s %d %.1f%n",
          model,
          n,
          infer ? "infer" : "train",
          parallel.threads(),
          rates[REPETITIONS / 2]);
      out.flush();
    }
    return 0;
  }

  private interface Step {
    void run(int index);
  }

  private static double rate(Step step, double forSeconds, int n) {
    long start = System.nanoTime();
    int done = 0;
    double passed;
    do {
      step.run(done++);
      passed = (System.nanoTime() - start) * 1e-9;
    } while (passed < forSeconds);
    return done * (double) n / passed;
  }

  private static float[][] randomImages(int size) {
    Seeds random = Seeds.stream(1);
    float[][] images = new float[BATCHES][size];
    for (float[] batchImages : images) {
      for (int i = 0; i < size; i++) {
        batchImages[i] = (float) random.nextGaussian();
      }
    }
    return images;
  }

  private static int[][] randomLabels(int n) {
    Seeds random = Seeds.stream(2);
    int[][] labels = new int[BATCHES][n];
    for (int[] batchLabels : labels) {
      for (int i = 0; i < n; i++) {
        batchLabels[i] = random.nextInt(CLASSES);
      }
    }
    return labels;
  }
}
