package io.lanewise.engine.train;

import io.lanewise.engine.data.BatchLoader;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Network;
import io.lanewise.kernels.parallel.Parallel;
import java.util.Optional;

/** Measures a net on a whole data set, with the parameters it has at the time. */
public final class Evaluator {
  private static final int BATCH = 128;

  private final Network network;
  private final BatchLoader loader;
  private final Session session;

  /** An evaluator of a net on a data set. */
  public Evaluator(
      Network network, Dataset dataset, Normalization normalization, Parallel parallel) {
    this.network = network;
    this.loader = BatchLoader.evaluation(dataset, normalization, BATCH, parallel);
    this.session =
        Session.on(network.graph())
            .batch(BATCH)
            .parallel(parallel)
            .keep(network.scores())
            .inference();
  }

  /** The first node that yields NaN or infinity on the last batch of the set, if one does. */
  Optional<String> firstNonFinite() {
    return session.firstNonFinite();
  }

  /** Loss and accuracy over the whole set. */
  public Metrics evaluate() {
    Metrics metrics = new Metrics();
    for (int i = 0; i < loader.batches(); i++) {
      int n = loader.load(0, i);
      session.feed(network.image(), loader.images());
      session.feedLabels(loader.labels());
      session.forward(n);
      metrics.add(
          session.value(network.loss()),
          session.value(network.scores()),
          loader.labels(),
          n,
          network.classes());
    }
    return metrics;
  }
}
