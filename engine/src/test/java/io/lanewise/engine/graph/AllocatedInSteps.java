package io.lanewise.engine.graph;

import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Runs warm training steps in a process of its own and prints what they allocated: for each class
 * and place {@code COUNT BYTES CLASS PLACE}, then {@code bytes a step: B}. Started with {@code
 * -XX:-UseTLAB}, so that Java's flight recorder sees each allocation, none left out.
 */
final class AllocatedInSteps {
  private static final String EVENT = "jdk.ObjectAllocationOutsideTLAB";
  private static final int STEPS = 200;
  private static final int THREADS = 2;

  private AllocatedInSteps() {}

  /** Takes the net, the batch size and the seconds of warm-up. */
  public static void main(String[] args) throws IOException {
    int batch = Integer.parseInt(args[1]);
    Network net = Models.build(args[0], Shape.of(32, 32, 3), 10, 1);
    try (Parallel parallel = Parallel.of(THREADS)) {
      Session session = Session.on(net.graph()).batch(batch).parallel(parallel).training();
      Sgd sgd = new Sgd(net.graph().parameters(), 1e-5, 0.9, false, 0, 1e-4);
      float[] images = new float[batch * net.image().size()];
      for (int i = 0; i < images.length; i++) {
        images[i] = (i % 17 - 8) / 8f;
      }
      session.feed(net.image(), images);
      session.feedLabels(new int[batch]);
      Runnable step =
          () -> {
            session.step(batch);
            sgd.step(parallel);
          };
      WarmUp.repeat(step, Duration.ofSeconds(Long.parseLong(args[2])), 1000);
      print(record(step));
    }
  }

  private static Path record(Runnable step) throws IOException {
    Path file = Files.createTempFile("lanewise", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(EVENT).withStackTrace();
      recording.start();
      for (int i = 0; i < STEPS; i++) {
        step.run();
      }
      recording.stop();
      recording.dump(file);
    }
    return file;
  }

  private static void print(Path file) throws IOException {
    Map<String, long[]> found = new TreeMap<>();
    long bytes = 0;
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        Optional<String> place = place(event);
        if (place.isPresent()) {
          String what = event.getClass("objectClass").getName() + " " + place.get();
          long[] sums = found.computeIfAbsent(what, key -> new long[2]);
          sums[0]++;
          sums[1] += event.getLong("allocationSize");
          bytes += event.getLong("allocationSize");
        }
      }
    }
    found.forEach((what, sums) -> System.out.println(sums[0] + " " + sums[1] + " " + what));
    System.out.println("bytes a step: " + bytes / STEPS);
    Files.delete(file);
  }

  /** The first frame of ours, if steps did it and not the recorder. */
  private static Optional<String> place(RecordedEvent event) {
    RecordedThread thread = event.getThread();
    if (event.getStackTrace() == null || thread == null || thread.getJavaName() == null) {
      return Optional.empty();
    }
    return event.getStackTrace().getFrames().stream()
        .filter(frame -> frame.getMethod().getType().getName().startsWith("io.lanewise."))
        .map(AllocatedInSteps::text)
        .filter(text -> !text.contains(AllocatedInSteps.class.getSimpleName() + ".record"))
        .findFirst();
  }

  private static String text(RecordedFrame frame) {
    return frame.getMethod().getType().getName()
        + "."
        + frame.getMethod().getName()
        + ":"
        + frame.getLineNumber();
  }
}
