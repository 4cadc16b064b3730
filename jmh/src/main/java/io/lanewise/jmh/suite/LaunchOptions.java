package io.lanewise.jmh.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Options of the JVMs that measure, as the launcher tells them. */
public final class LaunchOptions {
  /** What the launcher gives to a JDK that would else warn of JMH's ways. */
  public static final String QUIET = "--sun-misc-unsafe-memory-access=allow";

  private LaunchOptions() {}

  /** What every one has, with pages as large as the launcher found them to be had. */
  public static List<String> usual() {
    List<String> options =
        new ArrayList<>(List.of("--add-modules=jdk.incubator.vector", "-XX:+UseParallelGC"));
    options.addAll(words(System.getProperty("bench.pages", "")));
    return options;
  }

  /** What the user added for all, LANEWISE_JAVA_OPTS. */
  public static List<String> ofUser() {
    return words(System.getProperty("bench.options", ""));
  }

  /** The options in a text, between blanks. */
  public static List<String> words(String text) {
    return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }
}
