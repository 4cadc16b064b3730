package io.lanewise.jmh;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** All objects of this JVM by class, those that nobody holds any more as well. */
final class Histogram {
  /** A row: {@code " 12: 345 6789 java.lang.String (java.base)"}. */
  private static final Pattern ROW = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");

  private Histogram() {}

  /**
   * The heap as it is now, as {@code jcmd PID GC.class_histogram -all} prints it.
   *
   * @throws JMException if this JVM cannot tell
   */
  static String now() throws JMException {
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[] {"-all"}},
                new String[] {String[].class.getName()});
  }

  /** By class, how many objects there are more. */
  static Map<String, Long> difference(String before, String after) {
    Map<String, Long> difference = new TreeMap<>();
    add(1, after, difference);
    add(-1, before, difference);
    return difference;
  }

  private static void add(int factor, String histogram, Map<String, Long> sums) {
    histogram
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .forEach(row -> sums.merge(row.group(2), factor * Long.parseLong(row.group(1)), Long::sum));
  }
}
