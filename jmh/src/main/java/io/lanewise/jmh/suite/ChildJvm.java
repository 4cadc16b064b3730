package io.lanewise.jmh.suite;

import java.nio.file.Path;
import java.util.List;

/** How a JVM is told where its classes are, as this one was: on the class path or in a module. */
public final class ChildJvm {
  private ChildJvm() {}

  /** Options for a JVM that gets this one's class path anyway: those of the module, or none. */
  public static List<String> moduleOptions() {
    Module own = ChildJvm.class.getModule();
    String path = System.getProperty("jdk.module.path");
    return own.isNamed() && path != null
        ? List.of("--module-path=" + path, "--add-modules=" + own.getName())
        : List.of();
  }

  /** Options that say where classes are. */
  static List<String> classOptions() {
    List<String> module = moduleOptions();
    return module.isEmpty() ? List.of("-cp", System.getProperty("java.class.path")) : module;
  }

  /** The java of this process. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
