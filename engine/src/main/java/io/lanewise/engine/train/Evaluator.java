package io.lanewise.engine.train;

import io.lanewise.engine.data.Augment.Border;
import io.lanewise.engine.data.BatchLoader;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Model;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.image.ImageOps;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.ImageShape;
import java.util.Arrays;
import java.util.Optional;

/** Measures a net on a whole data set, with the parameters it has at the time. */
public final class Evaluator {
  private static final int BATCH = 128;
  private static final long VIEW_STREAM = 0x71E3;

  private final Network network;
  private final BatchLoader loader;
  private final Session session;
  private final Parallel parallel;
  private final boolean[] mirrored = new boolean[BATCH];
  private final int[] dy = new int[BATCH];
  private final int[] dx = new int[BATCH];
  private final float[] flipped;
  private final float[] shifted;

  /** An evaluator of a net on a data set. */
  public Evaluator(
      Network network, Dataset dataset, Normalization normalization, Parallel parallel) {
    this.network = network;
    this.parallel = parallel;
    this.flipped = new float[BATCH * network.image().size()];
    this.shifted = new float[BATCH * network.image().size()];
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
    return evaluate(TestViews.PLAIN);
  }

  /**
   * Loss and accuracy over the whole set: accuracy of the mean answers, mean loss of the single
   * ones.
   */
  public Metrics evaluate(TestViews views) {
    Metrics metrics = new Metrics();
    int classes = network.classes();
    float[] scores = new float[BATCH * classes];
    float[] losses = new float[BATCH];
    for (int i = 0; i < loader.batches(); i++) {
      int n = loader.load(0, i);
      Arrays.fill(scores, 0);
      Arrays.fill(losses, 0);
      for (int v = 0; v < views.views().size(); v++) {
        TestViews.View view = views.views().get(v);
        session.feed(network.image(), shown(views, v, i, n));
        session.feedLabels(loader.labels());
        session.forward(n);
        float[] answers = session.value(network.scores());
        float weight = (float) view.weight();
        for (int j = 0; j < n; j++) {
          losses[j] = Math.fma(weight, session.value(network.loss())[j], losses[j]);
          if (views.probabilities()) {
            Model.softmax(answers, answers, j * classes, classes);
          }
        }
        for (int j = 0; j < n * classes; j++) {
          scores[j] = Math.fma(weight, answers[j], scores[j]);
        }
      }
      metrics.add(losses, scores, loader.labels(), n, classes);
    }
    return metrics;
  }

  /** A view of the batch of images that is loaded. */
  private float[] shown(TestViews views, int index, int batch, int n) {
    TestViews.View view = views.views().get(index);
    if (view.isPlain()) {
      return loader.images();
    }
    Shape image = network.image().shape();
    ImageShape shape = new ImageShape(n, image.dim(0), image.dim(1), image.dim(2));
    for (int j = 0; j < n; j++) {
      Seeds random = Seeds.stream(VIEW_STREAM, index, (long) batch * BATCH + j);
      mirrored[j] = view.mirrored();
      dy[j] = view.draw(view.dy(), random);
      dx[j] = view.draw(view.dx(), random);
    }
    if (views.border() == Border.REFLECT) {
      ImageOps.shiftReflected(shape, dy, dx, loader.images(), shifted, parallel);
    } else {
      ImageOps.shift(shape, dy, dx, loader.images(), shifted, parallel);
    }
    ImageOps.flip(shape, mirrored, shifted, flipped, parallel);
    return flipped;
  }
}
