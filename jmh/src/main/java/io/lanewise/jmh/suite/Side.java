package io.lanewise.jmh.suite;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One side of a comparison: a process of its own JDK, flags and build that measures. */
public final class Side implements Measurer {
  private final Process process;
  private final BufferedReader in;
  private final BufferedWriter out;
  private final String name;
  private final Path errors;

  private Side(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.in = process.inputReader();
    this.out = process.outputWriter();
  }

  /**
   * Starts a side, with the options that all sides have.
   *
   * @param name what it is called in errors
   * @param javaHome its JDK
   * @param jar its build of the benchmarks
   * @param flags options of its JVMs
   */
  public static Side start(
      String name, Path javaHome, Path jar, String revision, List<String> flags, Timing timing)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin").resolve("java").toString());
    command.addAll(LaunchOptions.usual());
    command.addAll(LaunchOptions.ofUser());
    command.addAll(flags);
    command.add("-Dbench.revision=" + revision);
    command.add("-cp");
    command.add(jar.toString());
    command.add(Server.class.getName());
    command.add(Server.JSON.writeValueAsString(timing));
    ProcessBuilder builder = new ProcessBuilder(command);
    Path errors = TempFiles.create("lanewise-side", ".log");
    builder.redirectError(errors.toFile());
    return new Side(name, builder.start(), errors);
  }

  @Override
  public Host host() throws IOException {
    try {
      return ask(new Server.Request(null, null, null)).host();
    } catch (MeasureException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Ceilings ceilings(int pass, int threads) throws IOException, MeasureException {
    return ask(new Server.Request(null, pass, threads)).ceilings();
  }

  @Override
  public Sample fork(Row row) throws IOException, MeasureException {
    return ask(new Server.Request(row, null, null)).sample();
  }

  private Server.Answer ask(Server.Request request) throws IOException, MeasureException {
    try {
      out.write(Server.JSON.writeValueAsString(request));
      out.newLine();
      out.flush();
    } catch (IOException e) {
      throw ended();
    }
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith(Server.MARK)) {
        String text = line.substring(Server.MARK.length());
        Server.Answer answer = Server.JSON.readValue(text, Server.Answer.class);
        if (answer.failure() != null) {
          throw new MeasureException(answer.failure(), null);
        }
        return answer;
      }
    }
    throw ended();
  }

  /** Why the JVM ended, as far as it said so. */
  private IOException ended() throws IOException {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String why =
        LastWords.of(Stream.concat(Files.readAllLines(errors).stream(), in.lines()).toList());
    return new IOException(name + ": its JVM ended, exit code " + process.exitValue() + ": " + why);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.deleteIfExists(errors);
  }
}
