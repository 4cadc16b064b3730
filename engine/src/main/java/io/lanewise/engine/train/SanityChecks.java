package io.lanewise.engine.train;

import io.lanewise.engine.data.Augment;
import io.lanewise.engine.data.BatchLoader;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.graph.GradientCheck;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.ReluNode;
import io.lanewise.engine.nodes.SoftmaxLossNode;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a good practitioner looks at before a long run (CS231n, "Neural Networks Part 3": sanity
 * checks, monitoring the learning process). Each check begins with a fresh net.
 */
public final class SanityChecks {
  private static final long STEP_STREAM = 0xC4EC;

  /** Kinks leave some hundredths; a backward that lacks a term or a factor is further off. */
  private static final double DIRECTION_TOLERANCE = 0.15;

  private final Supplier<Start> starts;
  private final Dataset train;
  private final TrainConfig config;
  private final Parallel parallel;

  /** A fresh net and what trains it. */
  public record Start(Network network, Optimizer optimizer) {}

  /**
   * Checks of a net with settings.
   *
   * @param starts builds the net, with the same weights each time, and its optimiser
   * @param train images to learn from
   * @param config how to train; epochs are not looked at, the rate is that of the first step
   */
  public SanityChecks(
      Supplier<Start> starts, Dataset train, TrainConfig config, Parallel parallel) {
    this.starts = starts;
    this.train = train;
    this.config = config;
    this.parallel = parallel;
  }

  /** A net in training, a batch after the other. */
  private final class Run {
    final Network net;
    final Optimizer optimizer;
    final Session session;
    final BatchLoader loader;
    int steps;

    Run(Dataset images, Augment augment) {
      Start start = starts.get();
      this.net = start.network();
      this.optimizer = start.optimizer();
      this.loader =
          BatchLoader.training(
              images, config.normalization(), augment, config.seed(), config.batch(), parallel);
      this.session =
          Session.on(net.graph())
              .batch(Math.min(config.batch(), images.size()))
              .parallel(parallel)
              .training();
    }

    /** Loss of the next batch and its gradients; no update yet. */
    double gradients() {
      int batches = loader.batches();
      int n = loader.load(steps / batches, steps % batches);
      session.feed(net.image(), loader.images());
      session.feedLabels(loader.labels());
      session.seed(Seeds.stream(config.seed(), STEP_STREAM, steps).nextLong());
      steps++;
      return session.step(n);
    }

    double step(double rate) {
      double loss = gradients();
      optimizer.learningRate(rate);
      optimizer.step(parallel);
      return loss;
    }
  }

  /** The learning rate that training begins with. */
  public double rate() {
    return config.schedule().rate(0, Long.MAX_VALUE);
  }

  /**
   * Mean loss of the fresh net on the first images, in batches as in training: a fresh batch
   * normalisation has no statistics of its own yet. Near {@code ln classes} if the net only
   * guesses.
   */
  public double firstLoss(int images) {
    Network net = starts.get().network();
    Dataset first = train.first(images);
    BatchLoader loader =
        BatchLoader.evaluation(first, config.normalization(), config.batch(), parallel);
    Session session =
        Session.on(net.graph())
            .batch(Math.min(config.batch(), first.size()))
            .parallel(parallel)
            .training();
    double sum = 0;
    for (int batch = 0; batch < loader.batches(); batch++) {
      int n = loader.load(0, batch);
      session.feed(net.image(), loader.images());
      session.feedLabels(loader.labels());
      sum += n * session.forward(n);
    }
    return sum / first.size();
  }

  /**
   * Learning a few images by heart, without augmentation and regularisation.
   *
   * @param steps steps it took, or the most
   * @param loss mean loss of the last batches with these images, beyond what smoothed labels leave
   */
  public record Overfit(int steps, double loss) {}

  /**
   * Trains on a few images until their loss is below a limit: a net that cannot learn them by heart
   * will not learn many.
   */
  public Overfit overfit(int images, double enough, int mostSteps) {
    Run run = new Run(train.first(images), Augment.NONE);
    run.net.graph().parameters().forEach(parameter -> parameter.regularize(0, 0));
    double least = leastLoss(run.net);
    int batches = run.loader.batches();
    double sum = 0;
    double mean = Double.POSITIVE_INFINITY;
    while (run.steps < mostSteps && mean > enough) {
      sum += run.step(rate());
      if (run.steps % batches == 0) {
        mean = sum / batches - least;
        sum = 0;
      }
    }
    return new Overfit(run.steps, mean);
  }

  /** The loss that smoothed labels leave, whatever a net answers. */
  private static double leastLoss(Network net) {
    for (Node node : net.graph().nodes()) {
      if (node.output() == net.loss() && node instanceof SoftmaxLossNode softmax) {
        return softmax.leastLoss();
      }
    }
    return 0;
  }

  /**
   * Gradients of single weights beside differences of the loss.
   *
   * @param compared weights looked at where the loss has a derivative
   * @param kinks weights looked at where it has none: a rectifier begins to let through, a maximum
   *     changes places
   * @param agreeing weights whose gradient agrees
   * @param wrong parameters most of whose weights do not, nor do walks along all of them at once
   */
  public record Gradients(int compared, int kinks, int agreeing, List<String> wrong) {}

  /**
   * Compares gradients of the fresh net on the first images with differences. Deep nets have kinks
   * close by everywhere, so that single weights may differ, in a first layer most of them; along
   * all weights of a parameter at once, with random signs or uphill, kinks cancel out. A wrong
   * backward spoils both.
   *
   * @param weights most weights of each parameter to look at
   * @param tolerance relative difference that counts as agreeing
   */
  public Gradients gradients(int images, int weights, double tolerance) {
    Network net = starts.get().network();
    BatchLoader loader =
        BatchLoader.evaluation(train.first(images), config.normalization(), images, parallel);
    int n = loader.load(0, 0);
    GradientCheck.Result result =
        GradientCheck.of(net.graph())
            .feed(net.image(), Arrays.copyOf(loader.images(), n * net.image().size()))
            .labels(Arrays.copyOf(loader.labels(), n))
            .coordinates(weights)
            .run();
    int compared = 0;
    int kinks = 0;
    int agreeing = 0;
    List<String> wrong = new ArrayList<>();
    for (Parameter parameter : net.graph().parameters()) {
      int good = 0;
      int all = 0;
      boolean asAWhole = parameter.size() > 1;
      for (GradientCheck.Row row : result.rows()) {
        if (!row.variable().equals(parameter.name())) {
          continue;
        }
        if (row.at().equals(GradientCheck.DIRECTION) || row.at().equals(GradientCheck.UPHILL)) {
          asAWhole &= row.unexplainedError() <= DIRECTION_TOLERANCE;
        } else {
          all += row.smooth() ? 1 : 0;
          kinks += row.smooth() ? 0 : 1;
          good += row.smooth() && row.unexplainedError() <= tolerance ? 1 : 0;
        }
      }
      compared += all;
      agreeing += good;
      if (2 * good < all && !asAWhole) {
        wrong.add(parameter.name());
      }
    }
    return new Gradients(compared, kinks, agreeing, wrong);
  }

  /**
   * The last update of a parameter beside its size.
   *
   * @param parameter its name
   * @param ratio {@code |change| / |value|}, Euclidean norms; about 1e-3 is usual
   */
  public record Update(String parameter, double ratio) {}

  /**
   * What a rectifier lets through.
   *
   * @param node its name
   * @param units channels, or units of a fully connected layer
   * @param dead units that are zero for every image
   * @param zeros share of zeros among all outputs
   */
  public record Rectifier(String node, int units, int dead, double zeros) {}

  /** What a net looks like after some steps of training. */
  public record State(double loss, List<Update> updates, List<Rectifier> rectifiers) {}

  /**
   * Trains some steps, then looks at the last update and at the rectifiers on the first images.
   *
   * @param steps steps, at least 1
   */
  public State after(int steps, int images) {
    Run run = new Run(train, config.augment());
    for (int i = 1; i < steps; i++) {
      run.step(rate());
    }
    List<Parameter> parameters = run.net.graph().parameters();
    List<float[]> before = parameters.stream().map(each -> each.value().clone()).toList();
    double loss = run.step(rate());
    List<Update> updates = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      double change = 0;
      double size = 0;
      for (int j = 0; j < parameter.size(); j++) {
        double was = before.get(i)[j];
        change += (parameter.value()[j] - was) * (parameter.value()[j] - was);
        size += was * was;
      }
      updates.add(new Update(parameter.name(), Math.sqrt(change / size)));
    }
    return new State(loss, updates, rectifiers(run.net, images));
  }

  private List<Rectifier> rectifiers(Network net, int images) {
    List<Node> relus =
        net.graph().nodes().stream().filter(node -> node instanceof ReluNode).toList();
    Tensor[] outputs = relus.stream().map(Node::output).toArray(Tensor[]::new);
    BatchLoader loader =
        BatchLoader.evaluation(
            train.first(images), config.normalization(), config.batch(), parallel);
    Session session =
        Session.on(net.graph())
            .batch(Math.min(config.batch(), train.size()))
            .parallel(parallel)
            .keep(outputs)
            .inference();
    List<boolean[]> alive = new ArrayList<>();
    for (Tensor output : outputs) {
      alive.add(new boolean[output.shape().dim(output.shape().rank() - 1)]);
    }
    long[] zeros = new long[outputs.length];
    long samples = 0;
    for (int batch = 0; batch < loader.batches(); batch++) {
      int n = loader.load(0, batch);
      session.feed(net.image(), loader.images());
      session.feedLabels(loader.labels());
      session.forward(n);
      samples += n;
      for (int i = 0; i < outputs.length; i++) {
        zeros[i] += countZeros(session.value(outputs[i]), n * outputs[i].size(), alive.get(i));
      }
    }
    List<Rectifier> found = new ArrayList<>();
    for (int i = 0; i < outputs.length; i++) {
      int living = 0;
      for (boolean each : alive.get(i)) {
        living += each ? 1 : 0;
      }
      int units = alive.get(i).length;
      double share = (double) zeros[i] / (samples * outputs[i].size());
      found.add(new Rectifier(relus.get(i).name(), units, units - living, share));
    }
    return found;
  }

  /** Counts zeros among values whose last dimension is that of the units; marks units that live. */
  private static long countZeros(float[] values, int count, boolean[] alive) {
    long zeros = 0;
    for (int i = 0; i < count; i++) {
      if (values[i] > 0) {
        alive[i % alive.length] = true;
      } else {
        zeros++;
      }
    }
    return zeros;
  }

  /**
   * Losses of a learning-rate range test (Smith, "Cyclical learning rates for training neural
   * networks", 2017): one step at each rate, from small to large.
   *
   * @param rates rates of the steps, each larger than the last by the same factor
   * @param losses mean loss of each step's batch, smoothed over about ten steps
   */
  public record RateRange(double[] rates, double[] losses) {
    /**
     * The rate at which the loss falls fastest on its way to its least, over a tenth of the test.
     */
    public double steepest() {
      int reach = Math.max(1, rates.length / 20);
      int least = 0;
      for (int i = 1; i < losses.length; i++) {
        least = losses[i] < losses[least] ? i : least;
      }
      int best = least;
      double fall = Double.NEGATIVE_INFINITY;
      for (int i = reach; i + reach <= least; i++) {
        if (losses[i - reach] - losses[i + reach] > fall) {
          fall = losses[i - reach] - losses[i + reach];
          best = i;
        }
      }
      return rates[best];
    }
  }

  /**
   * Trains with a growing rate until all steps are done, or the loss is four times its least or not
   * finite.
   */
  public RateRange rateRange(double least, double most, int steps) {
    Run run = new Run(train, config.augment());
    double[] rates = new double[steps];
    double[] losses = new double[steps];
    double average = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < steps; i++) {
      rates[i] = least * Math.pow(most / least, (double) i / Math.max(1, steps - 1));
      average = 0.9 * average + 0.1 * run.step(rates[i]);
      losses[i] = average / (1 - Math.pow(0.9, i + 1));
      lowest = Math.min(lowest, losses[i]);
      if (!(losses[i] <= 4 * lowest)) {
        int kept = Double.isFinite(losses[i]) ? i + 1 : i;
        return new RateRange(Arrays.copyOf(rates, kept), Arrays.copyOf(losses, kept));
      }
    }
    return new RateRange(rates, losses);
  }
}
