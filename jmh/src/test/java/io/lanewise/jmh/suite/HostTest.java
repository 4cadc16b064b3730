package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Machines are told apart by the names of their processors. */
class HostTest {
  @Test
  void processorsHaveNames() {
    List<String> epyc = List.of("processor\t: 0", "model name\t: AMD EPYC 9", "flags: a");
    assertEquals("AMD EPYC 9", Host.cpuName(epyc, "amd64"));
    List<String> arm =
        List.of("CPU implementer\t: 0x41", "CPU architecture: 8", "CPU part\t: 0xd40");
    assertEquals("aarch64 0x41 0xd40", Host.cpuName(arm, "aarch64"));
    assertEquals("riscv64", Host.cpuName(List.of("hart: 0"), "riscv64"));
  }

  /** The jar alone says which build was measured. */
  @Test
  void whereNoRevisionIsKnownTheJarIsNamed() {
    Host host = new Host("cpu", 1, "os", "17", "vm", List.of(), "simd", "unknown", "1a2b");
    assertEquals("revision unknown (not started by a script, or no git), jar 1a2b", host.source());
  }
}
