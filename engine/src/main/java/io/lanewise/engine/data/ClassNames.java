package io.lanewise.engine.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the names of classes from a text file: one a line, in the order of their labels. */
final class ClassNames {
  private ClassNames() {}

  /**
   * Reads the names; empty lines do not count.
   *
   * @param repair what to do if the file is no good, the end of the error's sentence
   * @throws IOException if there are more or fewer names than classes
   */
  static List<String> read(Path file, int classes, String repair) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": found bytes that are not UTF-8" + repair, e);
    }
    List<String> names = lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (names.size() != classes) {
      throw new IOException(
          file + ": found " + names.size() + " class names, needs " + classes + repair);
    }
    return names;
  }
}
