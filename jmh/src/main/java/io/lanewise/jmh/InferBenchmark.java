package io.lanewise.jmh;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.BatchNormNode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Inference with a net of the zoo. */
public class InferBenchmark extends KernelBenchmark {
  @Param("convnetjs-cifar10_b128")
  private String shape;

  private int n;
  private Session session;

  static Work work(String method, String shape) {
    return NetText.parse(shape).work(false);
  }

  @Override
  protected void prepare() {
    NetText text = NetText.parse(shape);
    Network net = text.build();
    n = text.batch();
    session =
        Session.on(net.graph())
            .batch(n)
            .parallel(parallel())
            .keep(net.scores())
            .frozen()
            .inference();
    randomStatistics(net);
    float[] images = Data.gaussian(n * net.image().size(), 1);
    session.feed(net.image(), images);
    session.feedLabels(new int[n]);
    forward();
    float[] found = session.value(net.scores());
    double[] right = new PlainNet(net).infer(images).get(net.scores());
    double magnitude = 0;
    for (double score : right) {
      magnitude = Math.max(magnitude, Math.abs(score));
    }
    for (int j = 0; j < right.length; j++) {
      Data.check("scores of " + shape, j, found[j], right[j], magnitude);
    }
  }

  /** Running statistics that a normalisation cannot leave out unnoticed. */
  private static void randomStatistics(Network net) {
    for (Node node : net.graph().nodes()) {
      if (node instanceof BatchNormNode norm) {
        float[] mean = Data.gaussian(norm.mean().size(), 3);
        float[] variance = Data.gaussian(mean.length, 4);
        for (int i = 0; i < mean.length; i++) {
          mean[i] /= 4;
          variance[i] = 1 + Math.abs(variance[i]);
        }
        norm.mean().set(mean);
        norm.variance().set(variance);
      }
    }
  }

  /** Scores of a batch. */
  @Benchmark
  public void forward() {
    session.forward(n);
  }
}
