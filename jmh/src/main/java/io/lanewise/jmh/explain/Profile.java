package io.lanewise.jmh.explain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** What a flight recording says of a benchmark: where its time went, garbage, and recompilation. */
final class Profile {
  private static final String OWN = "io.lanewise.";

  private final Map<String, Integer> lines = new TreeMap<>();
  private final Map<String, Integer> compiled = new TreeMap<>();
  private final Map<String, Long> allocations = new TreeMap<>();
  private int samples;
  private int collections;
  private int deoptimizations;

  private Profile() {}

  /** Reads a recording. */
  static Profile read(Path file) throws IOException {
    Profile profile = new Profile();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        profile.add(events.readEvent());
      }
    }
    return profile;
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample" -> addSample(event);
      case "jdk.ObjectAllocationSample" ->
          allocations.merge(
              event.getClass("objectClass").getName(), event.getLong("weight"), Long::sum);
      case "jdk.GarbageCollection" -> collections++;
      case "jdk.Deoptimization" -> deoptimizations++;
      default -> {
        // Of no use here.
      }
    }
  }

  private void addSample(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return;
    }
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    samples++;
    RecordedFrame own = frames.stream().filter(Profile::isOwn).findFirst().orElse(frames.get(0));
    lines.merge(name(own) + ":" + own.getLineNumber(), 1, Integer::sum);
    for (RecordedFrame frame : frames) {
      if (!frame.getType().equals("Inlined")) {
        compiled.merge(name(frame), 1, Integer::sum);
        return;
      }
    }
  }

  private static boolean isOwn(RecordedFrame frame) {
    return name(frame).startsWith(OWN);
  }

  private static String name(RecordedFrame frame) {
    return frame.getMethod().getType().getName() + "::" + frame.getMethod().getName();
  }

  /** This product's methods that were compiled on their own and hold the most samples. */
  List<String> hottestMethods(int count) {
    Map<String, Integer> own = new TreeMap<>(compiled);
    own.keySet().removeIf(name -> !name.startsWith(OWN) || name.contains("$$"));
    return List.copyOf(first(own, count).keySet());
  }

  private static <N extends Number> Map<String, N> first(Map<String, N> counts, int count) {
    Map<String, N> first = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Comparator.comparingDouble(each -> -each.getValue().doubleValue()))
        .limit(count)
        .forEach(each -> first.put(each.getKey(), each.getValue()));
    return first;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(samples)
        .append(" samples\n\nby line, what it calls in other libraries included:\n");
    append(text, lines, samples);
    text.append("\nby compiled method, what was inlined into it included:\n");
    append(text, compiled, samples);
    long bytes = allocations.values().stream().mapToLong(Long::longValue).sum();
    text.append("\nallocated, about ").append(bytes >> 20).append(" MB, by class:\n");
    append(text, allocations, bytes);
    text.append('\n').append(collections).append(" collections, ");
    text.append(deoptimizations).append(" deoptimizations while measured\n");
    return text.toString();
  }

  private static <N extends Number> void append(
      StringBuilder text, Map<String, N> counts, double all) {
    first(counts, 12)
        .forEach(
            (name, count) ->
                text.append(String.format("%5.1f%%  %s%n", 100 * count.doubleValue() / all, name)));
  }
}
