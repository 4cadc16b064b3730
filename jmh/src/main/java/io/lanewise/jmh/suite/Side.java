package io.lanewise.jmh.suite;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One side of a comparison: a process of its own JDK, flags and build that measures. */
public final class Side implements Measurer {
  private final Process process;
  private final BufferedReader in;
  private final BufferedWriter out;
  private final String name;

  private Side(String name, Process process) {
    this.name = name;
    this.process = process;
    this.in = process.inputReader();
    this.out = process.outputWriter();
  }

  /**
   * Starts a side, with pages as large as the launcher found them to be had.
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
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-XX:+UseParallelGC");
    String pages = System.getProperty("bench.pages", "");
    if (!pages.isEmpty()) {
      command.add(pages);
    }
    command.addAll(flags);
    command.add("-Dbench.revision=" + revision);
    command.add("-cp");
    command.add(jar.toString());
    command.add(Server.class.getName());
    command.add(Server.JSON.writeValueAsString(timing));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return new Side(name, builder.start());
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
    out.write(Server.JSON.writeValueAsString(request));
    out.newLine();
    out.flush();
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
    throw new IOException(name + ": its JVM ended; do its flags fit its JDK?");
  }

  @Override
  public void close() throws IOException {
    out.close();
    process.destroy();
  }
}
