package io.lanewise.jmh.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that a JVM printed, given to a program that is no disassembler. */
class MachineCodeTest {
  private static final List<String> CODE =
      List.of("before", "[MachCode]", "  0x00007f00: c5fc 5800", "[/MachCode]", "after");

  @TempDir Path folder;

  private String program(String does) throws IOException {
    Path file = folder.resolve("program");
    Files.writeString(file, "#!/bin/sh\n" + does + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return file.toString();
  }

  private void fails(String why, String objdump) {
    Exception error = assertThrows(IOException.class, () -> MachineCode.disassemble(CODE, objdump));
    assertTrue(error.getMessage().contains(why), error.getMessage());
  }

  @Test
  void instructionsTakeThePlaceOfBytes() throws IOException {
    assertEquals(
        List.of("before", "  0x7f00: vaddps ymm0", "after"),
        MachineCode.disassemble(CODE, program("echo ' 7f00:  vaddps ymm0'")));
  }

  @Test
  void aProgramThatFailsIsNoEmptyListing() throws IOException {
    fails(
        "failed, exit code 1: objdump: can't use supplied machine i386:x86-64",
        program("echo first; echo \"objdump: can't use supplied machine i386:x86-64\"; exit 1"));
    fails("failed, exit code 3", program("exit 3"));
    fails("needs objdump (Debian:", folder.resolve("nowhere").toString());
  }
}
