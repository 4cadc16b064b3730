package io.lanewise.jmh;

import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Network;
import io.lanewise.kernels.parallel.Parallel;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that predicts once, says so, and goes on for a while: its start is what is measured.
 * After that it checks its answer and ends with 1 if that is wrong.
 */
public final class FreshJvm {
  /** What it prints after the first prediction. */
  public static final String READY = "ready";

  private FreshJvm() {}

  /**
   * Runs the program, which then prints a line for each prediction: when it ended, in nanoseconds
   * since the first one began.
   *
   * @param args a net and its batch, a number of threads, and milliseconds after the first
   *     prediction
   */
  public static void main(String[] args) {
    NetText text = NetText.parse(args[0]);
    Network net = text.build();
    float[] images = Data.gaussian(text.batch() * net.image().size(), 1);
    try (Parallel parallel = Parallel.of(Integer.parseInt(args[1]))) {
      Session session =
          Session.on(net.graph())
              .batch(text.batch())
              .parallel(parallel)
              .keep(net.scores())
              .frozen()
              .inference();
      session.feed(net.image(), images);
      session.feedLabels(new int[text.batch()]);
      long start = System.nanoTime();
      List<Long> ends = new ArrayList<>();
      session.forward(text.batch());
      ends.add(System.nanoTime() - start);
      System.out.println(READY);
      long end = System.nanoTime() + 1_000_000L * Integer.parseInt(args[2]);
      while (System.nanoTime() < end) {
        session.forward(text.batch());
        ends.add(System.nanoTime() - start);
      }
      ends.forEach(System.out::println);
      check(text, net, session, images);
    }
  }

  private static void check(NetText text, Network net, Session session, float[] images) {
    float[] found = session.value(net.scores());
    double[] right = new PlainNet(net).infer(images).get(net.scores());
    double magnitude = 0;
    for (double score : right) {
      magnitude = Math.max(magnitude, Math.abs(score));
    }
    for (int j = 0; j < right.length; j++) {
      Data.check("scores of " + text, j, found[j], right[j], magnitude);
    }
  }
}
