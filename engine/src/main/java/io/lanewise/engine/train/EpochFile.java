package io.lanewise.engine.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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
   * Keeps the lines of the first epochs, and drops those that a checkpoint knows nothing of.
   *
   * @param epochs epochs that are done; if the file is gone, it begins anew
   * @return the last line kept, or null
   * @throws IOException if the file is another, or lacks one of these epochs; it is left as it was
   */
  final String keep(int epochs) throws IOException {
    if (!Files.exists(file)) {
      start();
      return null;
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    if (lines.isEmpty() || !lines.get(0).equals(header)) {
      throw new IOException(
          String.format(
              "%s: the first line is \"%s\", needs \"%s\"; move the file away to go on with a new"
                  + " one",
              file, lines.isEmpty() ? "" : lines.get(0), header));
    }
    for (int i = 1; i <= epochs; i++) {
      if (i >= lines.size() || !lines.get(i).startsWith(i + ",")) {
        throw new IOException(
            String.format(
                "%s: line %d is \"%s\", needs that of epoch %d, as %d epochs are done; restore the"
                    + " file, or move it away to go on with a new one",
                file, i + 1, i < lines.size() ? lines.get(i) : "", i, epochs));
      }
    }
    String last = epochs == 0 ? null : lines.get(epochs);
    if (lines.size() == epochs + 1) {
      return last;
    }
    Path beside = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(beside, lines.subList(0, epochs + 1));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return last;
  }

  final void appendLine(String line) throws IOException {
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
  }
}
