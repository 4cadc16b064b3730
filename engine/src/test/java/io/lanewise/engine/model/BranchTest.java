package io.lanewise.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.graph.GradientCheck;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.nodes.AvgPool2dNode;
import io.lanewise.engine.nodes.ConcatNode;
import io.lanewise.engine.nodes.TanhNode;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.Window;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Graphs that part and meet again. */
class BranchTest {
  private static final int SAMPLES = 5;

  /** An Inception block of GoogLeNet: 1x1, 1x1-3x3, 1x1-5x5 and pooling-1x1, side by side. */
  private static NetBuilder inception(NetBuilder net, int one, int three, int five, int pooled) {
    return inception(net, one, three, five, d -> d.pool(Window.of(3, 1, 1)).conv(pooled, 1));
  }

  /** With means instead of maxima, which have kinks that differences would step over. */
  private static NetBuilder smooth(NetBuilder net, int one, int three, int five, int pooled) {
    return inception(
        net,
        one,
        three,
        five,
        d -> d.add(new AvgPool2dNode(d.last(), Window.of(3, 1, 1), false)).conv(pooled, 1));
  }

  private static NetBuilder inception(
      NetBuilder net, int one, int three, int five, Consumer<NetBuilder> pooling) {
    return net.concat(
        a -> a.conv(one, 1),
        b -> b.conv(2, 1).add(new TanhNode(b.last())).conv(three, 3),
        c -> c.conv(2, 1).add(new TanhNode(c.last())).conv(five, 5),
        pooling);
  }

  private static float[] images(int floats) {
    Seeds random = Seeds.stream(99);
    float[] images = new float[floats];
    for (int i = 0; i < floats; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  private static Network smooth() {
    NetBuilder net = NetBuilder.image(Shape.of(6, 6, 3)).seed(1);
    smooth(net, 3, 4, 2, 3).groupNorm(4);
    net.residual(branch -> smooth(branch.layerNorm(), 5, 3, 2, 2)).localResponseNorm();
    return net.globalAvgPool().fc(3).softmax("branches");
  }

  @Test
  void gradientsAreThoseOfTheLoss() {
    Network net = smooth();
    GradientCheck.Result result =
        GradientCheck.of(net.graph())
            .feed(net.image(), images(SAMPLES * net.image().size()))
            .labels(0, 1, 2, 1, 0)
            .inputs(net.image())
            .run();
    assertTrue(result.passed(1e-3), result.toString());
  }

  /** Windows, sums and products as the formulas have them, in double. */
  @Test
  void blockComputesWhatItsFormulasSay() {
    NetBuilder builder = NetBuilder.image(Shape.of(4, 4, 2)).seed(3);
    inception(builder, 3, 2, 1, 2);
    float[] x = images(32);
    Session session =
        Session.on(builder.graph()).parallel(Parallel.serial()).keep(builder.last()).inference();
    session.feed(builder.graph().nodes().get(0).output(), x);
    session.forward(1);
    float[] found = session.value(builder.last());

    List<Parameter> p = builder.graph().parameters();
    double[] in = new double[32];
    for (int i = 0; i < 32; i++) {
      in[i] = x[i];
    }
    double[] a = conv(in, 2, p.get(0), p.get(1), 1);
    double[] b = conv(tanh(conv(in, 2, p.get(2), p.get(3), 1)), 2, p.get(4), p.get(5), 3);
    double[] c = conv(tanh(conv(in, 2, p.get(6), p.get(7), 1)), 2, p.get(8), p.get(9), 5);
    double[] d = conv(pool(in, 2), 2, p.get(10), p.get(11), 1);
    double[][] branches = {a, b, c, d};
    int at = 0;
    for (int pixel = 0; pixel < 16; pixel++) {
      for (double[] branch : branches) {
        int channels = branch.length / 16;
        for (int ch = 0; ch < channels; ch++) {
          assertEquals(branch[pixel * channels + ch], found[at], 1e-5, "value " + at);
          at++;
        }
      }
    }
    assertEquals(found.length, at);
  }

  private static double[] conv(double[] in, int c, Parameter weight, Parameter bias, int k) {
    int oc = bias.size();
    double[] out = new double[16 * oc];
    for (int i = 0; i < out.length; i++) {
      int oy = i / oc / 4;
      int ox = i / oc % 4;
      out[i] = bias.value()[i % oc];
      for (int tap = 0; tap < k * k; tap++) {
        int iy = oy + tap / k - k / 2;
        int ix = ox + tap % k - k / 2;
        for (int ch = 0; ch < c && iy >= 0 && iy < 4 && ix >= 0 && ix < 4; ch++) {
          out[i] += in[(iy * 4 + ix) * c + ch] * weight.value()[(tap * c + ch) * oc + i % oc];
        }
      }
    }
    return out;
  }

  private static double[] tanh(double[] in) {
    double[] out = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = Math.tanh(in[i]);
    }
    return out;
  }

  private static double[] pool(double[] in, int c) {
    double[] out = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = Double.NEGATIVE_INFINITY;
      for (int tap = 0; tap < 9; tap++) {
        int iy = i / c / 4 + tap / 3 - 1;
        int ix = i / c % 4 + tap % 3 - 1;
        if (iy >= 0 && iy < 4 && ix >= 0 && ix < 4) {
          out[i] = Math.max(out[i], in[(iy * 4 + ix) * c + i % c]);
        }
      }
    }
    return out;
  }

  @Test
  void anyNumberOfThreadsGivesTheSameGradients() {
    Network serial = smooth();
    step(serial, Parallel.serial());
    for (int threads = 2; threads <= 3; threads++) {
      Network net = smooth();
      try (Parallel parallel = Parallel.of(threads)) {
        step(net, parallel);
      }
      for (int i = 0; i < net.graph().parameters().size(); i++) {
        float[] expected = serial.graph().parameters().get(i).grad();
        assertArrayEquals(expected, net.graph().parameters().get(i).grad());
      }
    }
  }

  private static void step(Network net, Parallel parallel) {
    Session session = Session.on(net.graph()).batch(40).parallel(parallel).training();
    session.feed(net.image(), images(40 * net.image().size()));
    session.feedLabels(new int[40]);
    session.step(40);
  }

  @Test
  void branchesOfDifferentSizesDoNotMeet() {
    NetBuilder net = NetBuilder.image(Shape.of(4, 4, 2));
    String error =
        assertThrows(
                IllegalArgumentException.class, () -> net.concat(a -> a.conv(2, 1), b -> b.pool(2)))
            .getMessage();
    assertTrue(error.contains("needs the same dimensions but for the channels"), error);
    assertThrows(IllegalArgumentException.class, () -> new ConcatNode(net.last()));
  }
}
