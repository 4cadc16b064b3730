package io.lanewise.jmh.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Measures for one results file and writes it anew after each fork, so that whoever ends the
 * process loses no fork but the one that runs.
 */
public final class Recorder implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The ratio of the multiply-adds of two passes beyond which the lower ones are doubted. */
  private static final double APART = 1.25;

  /** How often the ceilings of a pass are measured at most, 1.5 s each. */
  private static final int MOST_TRIES = 8;

  private final Measurer measurer;
  private final Path file;
  private final FileClaim claim;
  private final Results results;

  /** The ceilings that this process measured, not one that was ended before. */
  private final List<Ceilings> current = new ArrayList<>();

  private Recorder(Measurer measurer, Path file, FileClaim claim, Results results) {
    this.measurer = measurer;
    this.file = file;
    this.claim = claim;
    this.results = results;
  }

  /**
   * Begins a file, or only keeps what is measured if that is null. The measurer is closed with the
   * recorder, or if there is none.
   *
   * @throws IllegalArgumentException if the file is there, or another run is writing it
   */
  public static Recorder begin(
      Measurer measurer, Path file, String label, String group, Timing timing) throws IOException {
    FileClaim claim = null;
    try {
      if (file != null) {
        requireNoFolder(file);
        claim = FileClaim.take(file);
        requireNew(file);
      }
      Host host = measurer.host();
      String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      return new Recorder(
          measurer,
          file,
          claim,
          new Results(
              Results.FORMAT, now, label, host, group, timing, new TreeMap<>(), new ArrayList<>()));
    } catch (IOException | IllegalArgumentException e) {
      close(measurer, claim);
      throw e;
    }
  }

  /**
   * Goes on with a file, forgetting failures. The measurer is closed with the recorder, or if there
   * is none.
   *
   * @throws IllegalArgumentException if it is of another build, machine, group or timing, or
   *     another run is writing it
   */
  public static Recorder resume(Measurer measurer, Path file, String group, Timing timing)
      throws IOException {
    FileClaim claim = null;
    try {
      requireNoFolder(file);
      claim = FileClaim.take(file);
      Results results = read(file);
      List<String> others = new ArrayList<>(otherWork(results, group, timing));
      Host host = measurer.host();
      others.addAll(results.host().differences(host));
      if (!host.build().equals(results.host().build())) {
        others.add("build " + results.host().build() + " and " + host.build());
      }
      requireNone(others, file);
      results.rows().forEach(row -> row.failures().clear());
      return new Recorder(measurer, file, claim, results);
    } catch (IOException | IllegalArgumentException e) {
      close(measurer, claim);
      throw e;
    }
  }

  /**
   * What a run first says.
   *
   * @param where its results are
   * @param file of these, that would be there if a run had begun it
   * @param resume whether it was asked to go on with one
   */
  public static String place(Path where, Path file, boolean resume) {
    String begins = resume && !Files.exists(file) ? "; none are there yet, so a run begins" : "";
    return "# results go to " + where + " after each fork" + begins;
  }

  /**
   * Checks whether a file could be begun, or gone on with, before anything is built or started for
   * it.
   *
   * @param resume whether it may be there
   * @throws IllegalArgumentException if not
   */
  public static void check(Path file, boolean resume, String group, Timing timing)
      throws IOException {
    if (!resume || !Files.exists(file)) {
      requireNew(file);
    } else {
      requireNone(otherWork(read(file), group, timing), file);
    }
    FileClaim.take(file).close();
  }

  private static List<String> otherWork(Results results, String group, Timing timing) {
    if (!group.equals(results.group())) {
      return List.of("group " + results.group() + " and " + group);
    }
    return timing.equals(results.timing())
        ? List.of()
        : List.of("forks at " + results.timing() + " and " + timing);
  }

  private static void requireNone(List<String> others, Path file) {
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          file
              + " cannot be resumed, it and this run differ in "
              + String.join("; ", others)
              + "; another --out begins anew");
    }
  }

  /**
   * Checks that a run would not write over another.
   *
   * @throws IllegalArgumentException if the file is there, or is a folder
   */
  private static void requireNew(Path file) {
    requireNoFolder(file);
    if (Files.exists(file)) {
      throw new IllegalArgumentException(
          file + " is there already: --resume goes on with it, another --out begins anew");
    }
  }

  private static void requireNoFolder(Path file) {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + " is a folder, needs a results file");
    }
  }

  /**
   * Reads a results file.
   *
   * @throws IllegalArgumentException if it is none, or of another version
   */
  public static Results read(Path file) throws IOException {
    requireNoFolder(file);
    try (InputStream in = Files.newInputStream(file)) {
      JsonNode tree = JSON.readTree(in);
      JsonNode format = tree == null ? null : tree.get("format");
      if (format == null) {
        throw new IllegalArgumentException(
            file + " is no results file, which would begin with \"format\"");
      }
      if (!Results.FORMAT.equals(format.asText())) {
        throw new IllegalArgumentException(
            file + " has format " + format.asText() + ", needs " + Results.FORMAT);
      }
      return JSON.treeToValue(tree, Results.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + " is no results file: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes a results file: whole or not at all. */
  public static void write(Results results, Path file) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (OutputStream out = Files.newOutputStream(next)) {
      JSON.writerWithDefaultPrettyPrinter().writeValue(out, results);
    }
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What is known so far. */
  public Results results() {
    return results;
  }

  /** Measures the ceilings of a pass, if they are not known. */
  public Ceilings ceilings(String stage, int pass, int threads)
      throws IOException, MeasureException {
    Ceilings known = results.ceilings(stage, pass, threads);
    return known == null ? measure(stage, pass, threads) : known;
  }

  private Ceilings measure(String stage, int pass, int threads)
      throws IOException, MeasureException {
    Ceilings now = measurer.ceilings(pass, threads);
    for (int tries = 1; tries < MOST_TRIES && isLow(now); tries++) {
      Ceilings again = measurer.ceilings(pass, threads);
      now = again.fma() > now.fma() ? again : now;
    }
    current.add(now);
    results.ceilings().computeIfAbsent(stage, key -> new ArrayList<>()).add(now);
    save();
    return now;
  }

  /** Whether an earlier pass had far more: a moment must not bound minutes. */
  private boolean isLow(Ceilings now) {
    return results.ceilings().values().stream()
        .flatMap(List::stream)
        .anyMatch(each -> each.threads() == now.threads() && each.fma() > APART * now.fma());
  }

  /** Ceilings for what is measured now: those of before the run was ended may be of another day. */
  private Ceilings currentCeilings(String stage, int pass, int threads)
      throws IOException, MeasureException {
    Ceilings known = results.ceilings(stage, pass, threads);
    boolean isCurrent = current.stream().anyMatch(each -> each == known);
    return isCurrent ? known : measure(stage, pass, threads);
  }

  /**
   * Measures a fork of a row, unless it is known or the row has failed.
   *
   * @param ceilingPass the pass whose ceilings it is set against, which are measured if need be
   * @return whether the row is sound
   */
  public boolean fork(Row row, String stage, int pass, int ceilingPass) throws IOException {
    RowResult result = results.row(row);
    if (result.has(stage, pass)) {
      return true;
    }
    if (!result.failures().isEmpty()) {
      return false;
    }
    try {
      Ceilings ceilings = currentCeilings(stage, ceilingPass, row.threads());
      Sample sample = measurer.fork(row);
      double fraction = ceilings.fraction(result.work(), sample.micros());
      result.samples().add(sample.in(stage, pass, fraction));
    } catch (MeasureException e) {
      result.failures().add(e.getMessage());
    }
    save();
    return result.failures().isEmpty();
  }

  private void save() throws IOException {
    if (file != null) {
      write(results, file);
    }
  }

  @Override
  public void close() throws IOException {
    close(measurer, claim);
  }

  private static void close(Measurer measurer, FileClaim claim) throws IOException {
    try {
      measurer.close();
    } finally {
      if (claim != null) {
        claim.close();
      }
    }
  }
}
