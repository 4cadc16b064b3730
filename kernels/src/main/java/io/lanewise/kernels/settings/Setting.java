package io.lanewise.kernels.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The system properties that choose how Lanewise computes, and the values each may have. */
public enum Setting {
  /** Which lanes kernels run on. */
  LANES("lanewise.lanes", "auto", "simd", "scalar", "128", "256", "512"),
  /** How 3x3 and 5x5 convolutions are computed. */
  CONV("lanewise.conv", "auto", "direct", "winograd2", "winograd4"),
  /** In which order a step works through nodes and samples. */
  ORDER("lanewise.order", "auto", "depth-first", "layer-by-layer");

  private static final String PREFIX = "lanewise.";

  /** What the launcher says about the terminal. */
  private static final List<String> OF_LAUNCHER = List.of("lanewise.terminal", "lanewise.columns");

  private final String property;
  private final List<String> values;

  Setting(String property, String... values) {
    this.property = property;
    this.values = List.of(values);
  }

  /**
   * The value, {@code auto} if the property is not set.
   *
   * @throws IllegalArgumentException if it is none of those it may have, naming them
   */
  public String value() {
    return check(System.getProperty(property, ""));
  }

  /** A value as it is if it is allowed, and {@code auto} for an empty one. */
  String check(String value) {
    if (value.isEmpty()) {
      return values.get(0);
    }
    if (!values.contains(value)) {
      throw new IllegalArgumentException(
          this
              + "="
              + value
              + " is unknown, needs "
              + Nearest.alternatives(values)
              + Nearest.question(value, values));
    }
    return value;
  }

  /**
   * Checks all.
   *
   * @throws IllegalArgumentException if one has a value it may not have
   */
  public static void checkAll() {
    for (Setting setting : values()) {
      setting.value();
    }
  }

  /** A warning for each property that looks like a setting and is none. */
  public static List<String> unknown(Properties properties) {
    List<String> known = new ArrayList<>(OF_LAUNCHER);
    for (Setting setting : values()) {
      known.add(setting.property);
    }
    List<String> warnings = new ArrayList<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        String near = Nearest.to(name, known).orElse(String.join(", ", known));
        warnings.add("there is no system property " + name + ", but " + near);
      }
    }
    return warnings;
  }

  /** The name of the property. */
  @Override
  public String toString() {
    return property;
  }
}
