package io.lanewise.engine.train;

import io.lanewise.engine.data.BatchLoader;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.WeightAverage;
import io.lanewise.engine.random.Seeds;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.util.Optional;

/**
 * The training loop: load a batch, forward, backward, update; evaluate after each epoch.
 *
 * <p>The result depends on the net's first parameters, the data, the optimiser and the settings,
 * and on nothing else: not on the number of threads, not on the time.
 */
public final class Trainer {
  private static final long STEP_STREAM = 0x57E9;

  private final Network network;
  private final Optimizer optimizer;
  private final TrainConfig config;
  private final Parallel parallel;
  private final BatchLoader loader;
  private final Session session;
  private final Evaluator evaluator;
  private final Update update;

  /**
   * A trainer.
   *
   * @param network the net, whose parameters change
   * @param optimizer changes them
   * @param train images to learn from
   * @param test images to measure on
   */
  public Trainer(
      Network network,
      Optimizer optimizer,
      Dataset train,
      Dataset test,
      TrainConfig config,
      Parallel parallel) {
    this(network, optimizer, null, train, test, config, parallel);
  }

  /**
   * A trainer that also averages weights.
   *
   * @param network as above
   * @param optimizer as above
   * @param average an average of what is in the net; or null
   * @param train as above
   * @param test as above
   */
  public Trainer(
      Network network,
      Optimizer optimizer,
      WeightAverage average,
      Dataset train,
      Dataset test,
      TrainConfig config,
      Parallel parallel) {
    this.network = network;
    this.optimizer = optimizer;
    this.config = config;
    this.parallel = parallel;
    this.loader =
        BatchLoader.training(
            train,
            config.normalization(),
            config.augment(),
            config.seed(),
            config.batch(),
            parallel);
    if (config.practice().dropLast()) {
      loader.dropLast();
    }
    this.session =
        Session.on(network.graph())
            .batch(Math.min(config.batch(), train.size()))
            .parallel(parallel)
            .keep(network.scores())
            .training();
    this.evaluator = new Evaluator(network, test, config.normalization(), parallel);
    this.update =
        new Update(network.graph().parameters(), optimizer, average, config, loader.batches());
  }

  /**
   * Trains for all epochs.
   *
   * @return the report of the last epoch
   * @throws DivergedException if the loss is not finite
   * @throws IOException if the listener could not write
   */
  public EpochReport run(TrainListener listener) throws IOException {
    long start = System.nanoTime();
    EpochReport report = null;
    for (int epoch = 0; epoch < config.epochs(); epoch++) {
      long epochStart = System.nanoTime();
      Metrics train = trainEpoch(epoch, listener);
      double trainSeconds = secondsSince(epochStart);
      update.swap();
      Metrics test = evaluator.evaluate();
      if (!Double.isFinite(test.loss())) {
        long last = optimizer.steps() - 1;
        throw diverged(
            "test loss",
            test.loss(),
            epoch,
            loader.batches() - 1,
            last,
            evaluator.firstNonFinite());
      }
      report =
          new EpochReport(
              epoch + 1,
              optimizer.steps(),
              secondsSince(start),
              optimizer.learningRate(),
              train.loss(),
              train.accuracy(),
              test.loss(),
              test.accuracy(),
              train.samples() / trainSeconds);
      listener.onEpoch(report);
      if (epoch + 1 < config.epochs()) {
        update.swap();
      }
    }
    return report;
  }

  private Metrics trainEpoch(int epoch, TrainListener listener) {
    Metrics metrics = new Metrics();
    int batches = loader.batches();
    long start = System.nanoTime();
    for (int i = 0; i < batches && !update.isOver(epoch, i); i++) {
      int n = loader.load(epoch, i);
      long step = (long) epoch * batches + i;
      session.feed(network.image(), loader.images());
      session.feedLabels(loader.labels());
      session.seed(Seeds.stream(config.seed(), STEP_STREAM, step).nextLong());
      double loss = session.step(n);
      if (!Double.isFinite(loss)) {
        throw diverged("loss", loss, epoch, i, step, session.firstNonFinite());
      }
      update.afterBatch(i, n, parallel);
      metrics.add(
          session.value(network.loss()),
          session.value(network.scores()),
          loader.labels(),
          n,
          network.classes());
      listener.onStep(epoch + 1, i + 1, batches, metrics, metrics.samples() / secondsSince(start));
    }
    return metrics;
  }

  /** Measures the net that {@link #run} left, with the mean of several views of each image. */
  public Metrics evaluate(TestViews views) {
    return evaluator.evaluate(views);
  }

  private DivergedException diverged(
      String what, double loss, int epoch, int batch, long step, Optional<String> where) {
    return new DivergedException(
        String.format(
            "the %s became %s at step %d (epoch %d, batch %d) with learning rate %s: %s; a smaller"
                + " learning rate may help",
            what,
            loss,
            step + 1,
            epoch + 1,
            batch + 1,
            optimizer.learningRate(),
            where.orElse("every node's output is finite by itself")));
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
