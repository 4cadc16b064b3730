package io.lanewise.jmh.explain;

import io.lanewise.jmh.suite.TempFiles;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the bytes that a JVM without a disassembler prints of its compiled methods into
 * instructions, by binutils' objdump.
 */
final class MachineCode {
  private static final Pattern BYTES =
      Pattern.compile("^\\s*0x([0-9a-f]{8,16}): ([0-9a-f]{2,4}(?: (?:\\| )?[0-9a-f]{2,4})*) *$");

  private MachineCode() {}

  /**
   * The same lines with each run of bytes replaced by instructions; lines without bytes stay.
   *
   * @param objdump the program
   * @throws IOException if it cannot be run or fails
   */
  static List<String> disassemble(List<String> lines, String objdump) throws IOException {
    List<String> out = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String address = "";
    for (String line : lines) {
      if (line.startsWith("[MachCode]")) {
        bytes.reset();
      } else if (line.startsWith("[/MachCode]")) {
        if (bytes.size() > 0) {
          out.addAll(objdump(objdump, address, bytes.toByteArray()));
        }
      } else {
        Matcher matcher = BYTES.matcher(line);
        if (!matcher.matches()) {
          out.add(line);
          continue;
        }
        address = bytes.size() == 0 ? matcher.group(1) : address;
        String digits = matcher.group(2).replaceAll("[^0-9a-f]", "");
        for (int at = 0; at < digits.length(); at += 2) {
          bytes.write(Integer.parseInt(digits.substring(at, at + 2), 16));
        }
      }
    }
    return out;
  }

  private static List<String> objdump(String objdump, String address, byte[] code)
      throws IOException {
    Path file = TempFiles.create("lanewise-code", ".bin");
    try {
      Files.write(file, code);
      ProcessBuilder builder =
          new ProcessBuilder(
              objdump,
              "-D",
              "-b",
              "binary",
              "-m",
              "i386:x86-64",
              "-M",
              "intel",
              "--no-show-raw-insn",
              "--adjust-vma=0x" + address,
              file.toString());
      Process process = start(builder.redirectErrorStream(true));
      try (BufferedReader in = process.inputReader()) {
        List<String> lines = in.lines().toList();
        if (process.waitFor() != 0) {
          throw new IOException(
              objdump
                  + " failed, exit code "
                  + process.exitValue()
                  + (lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1)));
        }
        return lines.stream()
            .map(line -> line.replaceFirst("^\\s*([0-9a-f]+):\\s+", "  0x$1: "))
            .toList();
      } catch (InterruptedException e) {
        process.destroy();
        throw new IOException("interrupted", e);
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Process start(ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException(
          "needs objdump (Debian: apt-get install binutils), or hsdis in the JDK: "
              + e.getMessage(),
          e);
    }
  }
}
