package io.lanewise.jmh.suite;

import io.lanewise.kernels.settings.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

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

  /**
   * Checks the settings of this JVM.
   *
   * @throws IllegalArgumentException if one has a value it may not have, or there is no such
   *     setting: what was measured would not be what was asked for
   */
  public static void checkSettings() {
    Setting.checkAll();
    requireKnown(System.getProperties());
  }

  /**
   * Checks the names of settings in options.
   *
   * @throws IllegalArgumentException if there is no such setting
   */
  public static void checkSettings(List<String> options) {
    Properties properties = new Properties();
    options.stream()
        .filter(option -> option.startsWith("-D"))
        .forEach(option -> properties.setProperty(option.substring(2).replaceFirst("=.*", ""), ""));
    requireKnown(properties);
  }

  private static void requireKnown(Properties properties) {
    List<String> unknown = Setting.unknown(properties);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(unknown.get(0));
    }
  }

  /** The options in a text, between blanks. */
  public static List<String> words(String text) {
    return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }
}
