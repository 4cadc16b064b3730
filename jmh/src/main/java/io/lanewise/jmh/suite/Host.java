package io.lanewise.jmh.suite;

import io.lanewise.kernels.lanes.LanesProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Where and with what something was measured.
 *
 * @param cpu the processor's name
 * @param processors how many the JVM sees
 * @param os name and version of the operating system
 * @param jdk version and vendor
 * @param vm the virtual machine's name
 * @param flags options of the JVM
 * @param lanes which kernels were chosen
 * @param revision of the sources, as the launcher says
 * @param build checksum of the jar
 */
public record Host(
    String cpu,
    int processors,
    String os,
    String jdk,
    String vm,
    List<String> flags,
    String lanes,
    String revision,
    String build) {
  /** This process. */
  public static Host here() throws IOException {
    return new Host(
        cpuName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        ownJdk(),
        System.getProperty("java.vm.name"),
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.startsWith("-Dbench."))
            .toList(),
        LanesProvider.description(),
        System.getProperty("bench.revision", "unknown"),
        checksum());
  }

  /** The JDK of this process. */
  public static String ownJdk() {
    return System.getProperty("java.vm.version") + " " + System.getProperty("java.vendor");
  }

  /** What was measured: a revision, or where none is known, the jar. */
  public String source() {
    return revision.equals("unknown")
        ? "revision unknown (not started by a script, or no git), jar " + build
        : "revision " + revision;
  }

  private static String cpuName() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (Files.isReadable(file)) {
      return cpuName(Files.readAllLines(file), System.getProperty("os.arch"));
    }
    return System.getProperty("os.arch");
  }

  /** The processor's name in /proc/cpuinfo; on Arm, which gives none, the numbers of its kinds. */
  static String cpuName(List<String> info, String arch) {
    List<String> kinds = new ArrayList<>(List.of(arch));
    for (String line : info) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("model name")) {
        return value;
      }
      if (line.matches("CPU (implementer|variant|part)\\b.*") && !kinds.contains(value)) {
        kinds.add(value);
      }
    }
    return String.join(" ", kinds);
  }

  private static String checksum() throws IOException {
    Path jar;
    try {
      jar = Path.of(Host.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    if (!Files.isRegularFile(jar)) {
      return "classes";
    }
    CRC32 sum = new CRC32();
    sum.update(Files.readAllBytes(jar));
    return Long.toHexString(sum.getValue());
  }

  /** In what another machine differs, or nothing. */
  public List<String> machineDifferences(Host other) {
    return Stream.of(
            differ("processor", cpu, other.cpu), differ("processors", processors, other.processors))
        .flatMap(List::stream)
        .toList();
  }

  /** What keeps results of another from being compared with those of this one, or nothing. */
  public List<String> differences(Host other) {
    return Stream.of(
            machineDifferences(other),
            differ("JDK", jdk, other.jdk),
            differ("virtual machine", vm, other.vm),
            differ("flags", flags, other.flags),
            differ("lanes", lanes, other.lanes))
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> differ(String what, Object one, Object two) {
    return one.equals(two) ? List.of() : List.of(what + " " + one + " and " + two);
  }
}
