package io.lanewise.jmh.suite;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A process that measures what it is asked for, a line each, until its input ends. */
public final class Server {
  /** What is asked for: a row, ceilings, or if neither is given, the host. */
  record Request(Row row, Integer pass, Integer threads) {}

  /** The answer. */
  record Answer(Host host, Sample sample, Ceilings ceilings, String failure) {}

  /** What an answer begins with; other lines are chatter. */
  static final String MARK = "answer ";

  static final JsonMapper JSON = JsonMapper.builder().build();

  private Server() {}

  /**
   * Runs the server.
   *
   * @param args the timing, as JSON
   * @throws IllegalArgumentException if this JVM was given a setting that means nothing
   */
  public static void main(String[] args) throws IOException {
    LaunchOptions.checkSettings();
    Forker forker = new Forker(JSON.readValue(args[0], Timing.class));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Answer answer = answer(forker, JSON.readValue(line, Request.class));
      out.println(MARK + JSON.writeValueAsString(answer));
    }
  }

  private static Answer answer(Forker forker, Request request) throws IOException {
    if (request.pass() != null) {
      return new Answer(null, null, forker.ceilings(request.pass(), request.threads()), null);
    }
    if (request.row() == null) {
      return new Answer(forker.host(), null, null, null);
    }
    try {
      return new Answer(null, forker.fork(request.row()), null, null);
    } catch (MeasureException e) {
      return new Answer(null, null, null, e.getMessage());
    }
  }
}
