package io.lanewise.jmh.suite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right of one process to write a results file, held by a lock on an empty file beside it. The
 * system takes it back however the process ends; the empty file stays.
 */
final class FileClaim implements AutoCloseable {
  private final FileChannel channel;

  private FileClaim(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the right, and makes the folder if there is none.
   *
   * @throws IOException if the folder cannot be written
   * @throws IllegalArgumentException if another run is writing the file
   */
  static FileClaim take(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    Path beside = folder.resolve(file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held within this process: the same answer.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IllegalArgumentException(
          file
              + " is being written by another run; wait for its end, or name another place (--out)");
    }
    return new FileClaim(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
