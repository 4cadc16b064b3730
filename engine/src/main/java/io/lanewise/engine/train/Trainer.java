package io.lanewise.engine.train;

import io.lanewise.engine.data.BatchLoader;
import io.lanewise.engine.data.BatchesAhead;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.WeightAverage;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Resumable;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The training loop: load a batch, forward, backward, update; evaluate after each epoch.
 *
 * <p>The result depends on the net's first parameters, the data, the optimiser and the settings,
 * and on nothing else: not on the number of threads, not on the time, and not on whether the run
 * was stopped on the way. To go on, restore the parameters, buffers and the optimiser as they were
 * at a {@link #progress()}, and {@link #resume} from there.
 */
public final class Trainer {
  private static final long STEP_STREAM = 0x57E9;

  private final Network network;
  private final Optimizer optimizer;
  private final TrainConfig config;
  private final Parallel parallel;
  private final Function<Parallel, BatchLoader> loaders;
  private final Session session;
  private final Evaluator evaluator;
  private final Update update;
  private final TimeSplit times = new TimeSplit();

  private int epoch;
  private int batch;
  private Metrics metrics = new Metrics();
  private double secondsBefore;
  private volatile boolean stop;

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
    if (!test.imageShape().equals(train.imageShape())) {
      throw new IllegalArgumentException(
          String.format(
              "found test images of %s, needs %s as the training images are",
              test.imageShape(), train.imageShape()));
    }
    this.network = network;
    this.optimizer = optimizer;
    this.config = config;
    this.parallel = parallel;
    this.loaders = loading -> loader(train, config, loading);
    this.session =
        Session.on(network.graph())
            .batch(Math.min(config.batch(), train.size()))
            .parallel(parallel)
            .keep(network.scores())
            .timed()
            .training();
    this.evaluator = new Evaluator(network, test, config.normalization(), parallel);
    int batches = loaders.apply(Parallel.serial()).batches();
    this.update = new Update(network.graph().parameters(), optimizer, average, config, batches);
  }

  private static BatchLoader loader(Dataset train, TrainConfig config, Parallel parallel) {
    BatchLoader loader =
        BatchLoader.training(
            train,
            config.normalization(),
            config.augment(),
            config.seed(),
            config.batch(),
            parallel);
    return config.practice().dropLast() ? loader.dropLast() : loader;
  }

  /**
   * Lets {@link #run} go on where another run was, with the parameters, buffers, the optimiser and
   * the {@link #others} as they were then.
   *
   * @param from what {@link #progress} was
   * @param planned epochs that the run was to have; these settings may have others if the schedule
   *     gives the steps done the same rates all the same
   * @throws IllegalArgumentException if it was further than these settings go, or the schedule
   *     would have had other rates
   */
  public void resume(Progress from, int planned) {
    if (from.epoch() > config.epochs() || (from.epoch() == config.epochs() && from.batch() > 0)) {
      throw new IllegalArgumentException(
          String.format(
              "found %d epochs, but the run has already done %d%s; needs as many or more",
              config.epochs(),
              from.epoch(),
              from.batch() > 0 ? " and " + from.batch() + " batches" : ""));
    }
    if (from.batch() > update.batches()) {
      throw new IllegalArgumentException(
          String.format(
              "found batch %d of an epoch, needs at most %d, as data and batch size have it",
              from.batch(), update.batches()));
    }
    checkRates(from, planned);
    if (from.epoch() > 0 && from.batch() == 0 && from.epoch() < config.epochs()) {
      update.swap();
    }
    epoch = from.epoch();
    batch = from.batch();
    metrics = Metrics.parse(from.metrics());
  }

  /** Time that the run had taken before; the seconds of reports count from there. */
  public void secondsBefore(double seconds) {
    secondsBefore = seconds;
  }

  private void checkRates(Progress done, int planned) {
    for (long step = 0; step < update.stepsBefore(done.epoch(), done.batch()); step++) {
      double had = config.schedule().rate(step, update.steps(planned));
      double would = config.schedule().rate(step, update.steps(config.epochs()));
      if (had != would) {
        throw new IllegalArgumentException(
            String.format(
                "found %d epochs, needs %d: the learning rate depends on them, it was %s at step %d"
                    + " and would have been %s",
                config.epochs(), planned, had, step + 1, would));
      }
    }
  }

  /** What a checkpoint must save and restore besides net and optimiser, by name. */
  public Map<String, Resumable> others() {
    return update.others();
  }

  /** Measures the net that {@link #run} left, with the mean of several views of each image. */
  public Metrics evaluate(TestViews views) {
    return evaluator.evaluate(views);
  }

  /** How far the run is; between steps, such as in a listener, all else is at the same point. */
  public Progress progress() {
    return new Progress(epoch, batch, metrics.toString());
  }

  /** Asks the run to end after the step, or the evaluation, that is under way; from any thread. */
  public void stop() {
    stop = true;
  }

  /** Where the time went since the last {@link TimeSplit#reset}. */
  public TimeSplit times() {
    return times;
  }

  /**
   * Trains for all epochs, or until {@link #stop}.
   *
   * @return the report of the last epoch; null if none was finished
   * @throws DivergedException if the loss is not finite
   * @throws IOException if the listener could not write
   */
  public EpochReport run(TrainListener listener) throws IOException {
    long start = System.nanoTime();
    EpochReport report = null;
    try (BatchesAhead batches = new BatchesAhead(loaders, parallel)) {
      while (epoch < config.epochs() && !stop) {
        long samplesBefore = metrics.samples();
        long epochStart = System.nanoTime();
        if (!trainEpoch(batches, listener)) {
          return report;
        }
        double imagesPerSecond = (metrics.samples() - samplesBefore) / secondsSince(epochStart);
        update.swap();
        Metrics test = evaluate(batches.batches());
        report =
            new EpochReport(
                epoch + 1,
                optimizer.steps(),
                secondsBefore + secondsSince(start),
                optimizer.learningRate(),
                metrics.loss(),
                metrics.accuracy(),
                test.loss(),
                test.accuracy(),
                imagesPerSecond);
        epoch++;
        batch = 0;
        metrics = new Metrics();
        listener.onEpoch(report);
        if (epoch < config.epochs()) {
          update.swap();
        }
      }
    }
    return report;
  }

  /** The rest of an epoch; false if it was stopped before its end. */
  private boolean trainEpoch(BatchesAhead loaded, TrainListener listener) throws IOException {
    int batches = loaded.batches();
    long samplesBefore = metrics.samples();
    long start = System.nanoTime();
    while (batch < batches && !update.isOver(epoch, batch)) {
      long step = (long) epoch * batches + batch;
      times.start();
      BatchesAhead.Batch data = loaded.next(epoch, batch);
      times.lap(TimeSplit.Part.DATA);
      session.feed(network.image(), data.images());
      session.feedLabels(data.labels());
      session.seed(Seeds.stream(config.seed(), STEP_STREAM, step).nextLong());
      double loss = session.step(data.n());
      times.lapOfStep(session.times());
      if (!Double.isFinite(loss)) {
        throw diverged("loss", loss, batch, step, session.firstNonFinite());
      }
      update.afterBatch(batch, data.n(), parallel);
      times.lap(TimeSplit.Part.UPDATE);
      metrics.add(
          session.value(network.loss()),
          session.value(network.scores()),
          data.labels(),
          data.n(),
          network.classes());
      batch++;
      times.countStep(loaded.loadNanos());
      double seconds = secondsSince(start);
      listener.onStep(
          epoch + 1, batch, batches, metrics, (metrics.samples() - samplesBefore) / seconds);
      times.lap(TimeSplit.Part.OTHER);
      if (stop && batch < batches && !update.isOver(epoch, batch)) {
        return false;
      }
    }
    return true;
  }

  private Metrics evaluate(int batches) {
    times.start();
    Metrics test = evaluator.evaluate();
    times.lap(TimeSplit.Part.EVALUATION);
    if (!Double.isFinite(test.loss())) {
      long last = (long) (epoch + 1) * batches - 1;
      throw diverged("test loss", test.loss(), batches - 1, last, evaluator.firstNonFinite());
    }
    return test;
  }

  private DivergedException diverged(
      String what, double loss, int index, long step, Optional<String> where) {
    return new DivergedException(
        String.format(
            "the %s became %s at step %d (epoch %d, batch %d) with learning rate %s: %s; a smaller"
                + " learning rate may help",
            what,
            loss,
            step + 1,
            epoch + 1,
            index + 1,
            optimizer.learningRate(),
            where.orElse("every node's output is finite by itself")));
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
