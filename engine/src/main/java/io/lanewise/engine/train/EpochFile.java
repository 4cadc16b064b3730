package io.lanewise.engine.train;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file with a header and a line an epoch; a line that was written stays, come what may. */
abstract class EpochFile {
  private final Path file;
  private final String header;

  EpochFile(Path file, String header) {
    this.file = file;
    this.header = header;
  }

  /** Whether a file is what a run leaves that ended before its first epoch. */
  static boolean isEmpty(Path file, String header) throws IOException {
    long size = Files.size(file);
    return size == 0
        || (size == header.length() + 1 && Files.readString(file).equals(header + "\n"));
  }

  /** Starts the file; one that holds epochs already is in the way. */
  final void start() throws IOException {
    boolean replace = Files.exists(file) && isEmpty(file, header);
    Files.writeString(
        file,
        header + "\n",
        StandardOpenOption.WRITE,
        replace ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.CREATE_NEW);
  }

  /**
   * Keeps the lines of the epochs done, and drops those that a checkpoint knows nothing of.
   *
   * @param epochs epochs that are done; if the file is gone, it begins anew with the next one
   * @return the last line kept, or null
   * @throws IOException if the file is another, or lacks one of these epochs; it is left as it was
   */
  final String keep(int epochs) throws IOException {
    if (!Files.exists(file)) {
      start();
      return null;
    }
    List<String> lines = lines();
    if (lines.isEmpty() || !lines.get(0).equals(header)) {
      throw new IOException(
          String.format(
              "%s: the first line is \"%s\", needs \"%s\"; move the file away to go on with a new"
                  + " one",
              file, lines.isEmpty() ? "" : lines.get(0), header));
    }
    int first = lines.size() == 1 ? epochs + 1 : epochOf(lines.get(1));
    int kept = Math.max(0, epochs - first + 1);
    for (int i = 1; i <= kept; i++) {
      int epoch = first + i - 1;
      if (i >= lines.size() || !lines.get(i).startsWith(epoch + ",")) {
        throw new IOException(
            String.format(
                "%s: line %d is \"%s\", needs that of epoch %d, as %d epochs are done; restore the"
                    + " file, or move it away to go on with a new one",
                file, i + 1, i < lines.size() ? lines.get(i) : "", epoch, epochs));
      }
    }
    String last = kept == 0 ? null : lines.get(kept);
    if (lines.size() == kept + 1) {
      return last;
    }
    Path beside = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(beside, lines.subList(0, kept + 1));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return last;
  }

  private List<String> lines() throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(
          file + ": found bytes that are not UTF-8; restore the file, or move it away to go on", e);
    }
  }

  /** The epoch of a line; that of the first there is if the line is none. */
  private static int epochOf(String line) {
    return line.matches("[1-9][0-9]{0,8},.*")
        ? Integer.parseInt(line.substring(0, line.indexOf(',')))
        : 1;
  }

  final void appendLine(String line) throws IOException {
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
  }
}
