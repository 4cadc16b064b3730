package io.lanewise.engine.graph;

import io.lanewise.engine.init.Initializer;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Adadelta;
import io.lanewise.engine.optim.AdamW;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.Window;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What steps of training leave on the heap: {@link WarmStepTest} runs it, in a process of its own.
 *
 * <p>The heap is counted class by class before and after some steps, garbage included, so no object
 * of any thread goes unseen. That is done again and again, because Java compiles only what ran
 * often, and only compiled code keeps its vectors in registers.
 */
final class WarmSteps {
  /** Steps from one count to the next. */
  private static final int STEPS = 100;

  /** How often to count: a kernel that runs once a step is compiled after 5000 calls. */
  private static final int MOST_COUNTS = 150;

  /** Clean counts in a row that end it: methods are compiled again when more is known of them. */
  private static final int CLEAN_COUNTS = 5;

  /** Bytes of small objects that a step may leave: shapes, cuts of loops, what loops do. */
  private static final long MOST_BYTES = 64 * 1024;

  private final Session session;
  private final Optimizer optimizer;
  private final int batch;

  private WarmSteps(Network net, int batch, Optimizer optimizer, Parallel parallel) {
    this.session = Session.on(net.graph()).batch(batch).parallel(parallel).training();
    this.optimizer = optimizer;
    this.batch = batch;
    session.feed(net.image(), new float[batch * net.image().size()]);
    session.feedLabels(new int[batch]);
  }

  /** Runs the net with this name; the exit value says whether its warm steps are clean. */
  public static void main(String[] args) throws JMException {
    try (Parallel parallel = Parallel.of(2)) {
      System.exit(of(args[0], parallel).isClean() ? 0 : 1);
    }
  }

  private static WarmSteps of(String name, Parallel parallel) {
    switch (name) {
      case "convnet" -> {
        Network net =
            NetBuilder.image(Shape.of(32, 32, 3))
                .seed(4)
                .conv(48, 3)
                .relu()
                .pool(4)
                .conv(8, 3)
                .relu()
                .pool(2)
                .dropout(0.25f)
                .fc(10)
                .softmax(name);
        Optimizer sgd = new Sgd(net.graph().parameters(), 0.01, 0.9, false, 0, 1e-4);
        return new WarmSteps(net, 16, sgd, parallel);
      }
      case "convnetjs" -> {
        Network net = Models.convnetjsCifar10(Shape.of(16, 16, 3), 10, 4);
        return new WarmSteps(
            net, 4, new Adadelta(net.graph().parameters(), 1, 0.95, 1e-6, 0, 1e-4), parallel);
      }
      case "resnet" -> {
        int[] widths = {16, 32};
        Network net = Models.resnet(name, Shape.of(16, 16, 3), 1, false, widths, 10, 4);
        Optimizer sgd = new Sgd(net.graph().parameters(), 0.01, 0.9, true, 0, 1e-4);
        return new WarmSteps(net, 4, sgd, parallel);
      }
      case "airbench" -> {
        Network net =
            NetBuilder.image(Shape.of(16, 16, 3))
                .seed(4)
                .weights(Initializer.uniformFanIn())
                .conv(24, Window.of(2, 1, 0))
                .gelu()
                .convNoBias(32, 3, 1)
                .pool(2)
                .batchNormFixedScale(1e-12f, 0.4f)
                .gelu()
                .convNoBias(32, 3, 1)
                .batchNormFixedScale(1e-12f, 0.4f)
                .gelu()
                .pool(3)
                .fcNoBias(10)
                .scale(1 / 9f)
                .softmax(name, 0.2f);
        return new WarmSteps(
            net,
            4,
            new AdamW(net.graph().parameters(), 0.001, 0.9, 0.999, 1e-8, 0, 0.01),
            parallel);
      }
      default -> throw new IllegalArgumentException("no net " + name);
    }
  }

  /** Whether in the end steps made no array, no vector, and few small objects. */
  private boolean isClean() throws JMException {
    Map<String, long[]> made = Map.of();
    int clean = 0;
    for (int count = 1; count <= MOST_COUNTS; count++) {
      long collections = collections();
      String before = histogram();
      for (int i = 0; i < STEPS; i++) {
        session.step(batch);
        optimizer.step(session.parallel());
      }
      String after = histogram();
      if (collections() == collections) {
        made = difference(before, after);
        clean = isClean(made) ? clean + 1 : 0;
        if (clean == CLEAN_COUNTS) {
          System.out.println("clean after " + count * STEPS + " steps, " + bytes(made) + " bytes");
          return true;
        }
      }
    }
    System.out.println(MOST_COUNTS * STEPS + " steps, the last " + STEPS + " of which made");
    made.forEach((type, more) -> System.out.println(more[0] + " " + type + ", bytes: " + more[1]));
    return false;
  }

  /** Counting makes some arrays itself, but fewer than one for each step and no numbers. */
  private static boolean isClean(Map<String, long[]> made) {
    for (Map.Entry<String, long[]> entry : made.entrySet()) {
      String type = entry.getKey();
      boolean numbers = type.startsWith("[F") || type.startsWith("[I");
      long most = numbers || type.startsWith("jdk.incubator.vector.") ? 0 : STEPS - 1;
      if ((numbers || type.startsWith("[") || most == 0) && entry.getValue()[0] > most) {
        return false;
      }
    }
    return bytes(made) <= MOST_BYTES;
  }

  /** Bytes that a step made, without the texts that count them. */
  private static long bytes(Map<String, long[]> made) {
    long sum = 0;
    for (Map.Entry<String, long[]> entry : made.entrySet()) {
      sum += entry.getKey().equals("[B") ? 0 : entry.getValue()[1];
    }
    return sum / STEPS;
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  /** All objects by class, as {@code jmap -histo} prints them, those that nobody holds as well. */
  private static String histogram() throws JMException {
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[] {"-all"}},
                new String[] {String[].class.getName()});
  }

  /** By class, how many objects and bytes there are more. */
  private static Map<String, long[]> difference(String before, String after) {
    Map<String, long[]> difference = new TreeMap<>();
    add(1, after, difference);
    add(-1, before, difference);
    difference.values().removeIf(more -> more[0] == 0);
    return difference;
  }

  /** Adds the rows of a histogram: {@code " 12: 345 6789 java.lang.String (java.base)"}. */
  private static void add(int factor, String histogram, Map<String, long[]> sums) {
    for (String line : histogram.split("\n")) {
      String[] row = line.trim().split("\\s+");
      if (row[0].endsWith(":")) {
        long[] sum = sums.computeIfAbsent(row[3], type -> new long[2]);
        sum[0] += factor * Long.parseLong(row[1]);
        sum[1] += factor * Long.parseLong(row[2]);
      }
    }
  }
}
