package io.lanewise.engine.cli;

import io.lanewise.engine.graph.Session;
import io.lanewise.engine.graph.WarmUp;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of the commands that put a net of the zoo to work on random images. */
final class WorkOptions {
  private static final int BATCHES = 8;
  private static final int CLASSES = 10;

  /** Of a fifth of a second: C2 takes up to a second for the largest kernels. */
  private static final int CALM_ROUNDS = 10;

  private static final int MOST_IMAGES = 16384;

  /** So small a rate that the loss stays away from zero and gradients away from denormals. */
  private static final double LEARNING_RATE = 1e-5;

  /** Floats the update touches for a parameter: gradient; value and velocity twice. */
  private static final int UPDATE_FLOATS = 5;

  @Parameters(paramLabel = "MODEL", description = "the net")
  private String model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "samples in a step (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--infer", description = "inference, not training")
  private boolean infer;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "how long to measure, after the warm-up (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "60",
      description =
          "most seconds of warm-up; it ends earlier when steps do not get faster for "
              + CALM_ROUNDS / 5
              + " seconds (default: ${DEFAULT-VALUE})")
  private double warmUp;

  @Mixin private ThreadOption threads;

  String model() {
    return model;
  }

  boolean infer() {
    return infer;
  }

  double seconds() {
    return positive("--seconds", seconds);
  }

  private static double positive(String name, double value) {
    if (!(value > 0 && value <= 1e6)) {
      throw new IllegalArgumentException(
          name + " is " + value + ", needs more than 0 and at most 1e6");
    }
    return value;
  }

  int batch() {
    int n = DataOptions.atLeastOne("--batch", batch);
    if (n > MOST_IMAGES) {
      throw new IllegalArgumentException("--batch is " + n + ", needs at most " + MOST_IMAGES);
    }
    return n;
  }

  Parallel parallel() {
    return threads.parallel();
  }

  Network network() {
    return Models.build(model, Shape.of(32, 32, 3), CLASSES, 1);
  }

  /** The net at work: a session, what it is fed, and what comes after its step. */
  final class Work {
    private final Session session;
    private final Network net;
    private final Optimizer optimizer;
    private final float[][] images;
    private final int[][] labels;

    /** A session that keeps the scores; {@code timed} if a profile is wanted. */
    Work(Parallel parallel, boolean timed) {
      this.net = network();
      Session.Builder builder =
          Session.on(net.graph()).batch(batch()).parallel(parallel).keep(net.scores());
      if (timed) {
        builder.timed();
      }
      this.session = infer ? builder.frozen().inference() : builder.training();
      this.optimizer = new Sgd(net.graph().parameters(), LEARNING_RATE, 0.9, false, 0, 0);
      this.images = randomImages(batch() * net.image().size());
      this.labels = randomLabels(batch());
    }

    Session session() {
      return session;
    }

    /** Feeds the batch of a step; there are a few that come again. */
    void feed(int step) {
      session.feed(net.image(), images[step % BATCHES]);
      session.feedLabels(labels[step % BATCHES]);
    }

    /** Runs the session on what was fed. */
    void run() {
      if (infer) {
        session.forward(batch);
      } else {
        session.step(batch);
      }
    }

    /** Changes the parameters, in training. */
    void update() {
      if (!infer) {
        optimizer.step(session.parallel());
      }
    }

    /** Runs steps until they do not get faster any more, and says in a line how that went. */
    void warmUp(PrintWriter out) {
      int[] steps = {0};
      Duration limit = Duration.ofNanos((long) (1e9 * positive("--warm-up", warmUp)));
      WarmUp.Outcome outcome =
          WarmUp.repeat(
              () -> {
                feed(steps[0]++);
                run();
                update();
              },
              limit,
              CALM_ROUNDS);
      out.printf(
          Locale.ROOT,
          outcome.steady()
              ? "# warmed up in %.1f s, %d steps%n"
              : "# not warm after %.1f s, %d steps: still getting faster, so what follows is too"
                  + " slow; give more with --warm-up%n",
          outcome.took().toNanos() * 1e-9,
          outcome.runs());
      out.flush();
    }

    /** Bytes that {@link #update} reads and writes. */
    long updateBytes() {
      return infer ? 0 : (long) UPDATE_FLOATS * Float.BYTES * net.graph().parameterCount();
    }
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
