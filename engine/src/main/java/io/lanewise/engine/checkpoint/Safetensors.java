package io.lanewise.engine.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named arrays in a file of the <a href="https://github.com/huggingface/safetensors">safetensors
 * format</a>: the header's size as 8 bytes, little-endian; the header, a JSON object of {@code
 * {"dtype", "shape", "data_offsets"}} for each name and strings under {@code "__metadata__"}; then
 * the data, little-endian and without gaps. Python reads it with {@code
 * safetensors.numpy.load_file}.
 *
 * <p>Only the type F32 is read and written. The same content makes the same bytes.
 */
public final class Safetensors {
  private static final int MAX_ARRAY_SIZE = Integer.MAX_VALUE - 8;
  static final int SIZE_BYTES = Long.BYTES;
  static final int BUFFER_BYTES = 1 << 20;
  static final String METADATA = "__metadata__";

  private final Map<String, String> metadata;
  private final Map<String, Array> arrays;

  /** A named array of floats. It holds the array it is given, without a copy. */
  public static final class Array {
    private final String name;
    private final int[] dims;
    private final float[] values;

    /**
     * A named array.
     *
     * @param name unique in its file
     * @param dims dimensions, slowest first; none for a single number
     * @param values as many floats as the product of the dimensions
     * @throws IllegalArgumentException if there are more or fewer floats, or the name is reserved
     */
    public Array(String name, int[] dims, float[] values) {
      if (name.equals(METADATA)) {
        throw new IllegalArgumentException("an array cannot be named " + METADATA);
      }
      if (sizeOf(dims) != values.length) {
        throw new IllegalArgumentException(
            String.format(
                "array %s: found %d floats, needs the product of its dimensions %s",
                name, values.length, Arrays.toString(dims)));
      }
      this.name = name;
      this.dims = dims.clone();
      this.values = values;
    }

    /** Its name, unique in its file. */
    public String name() {
      return name;
    }

    /** Its dimensions, slowest first. */
    public int[] dims() {
      return dims.clone();
    }

    /** The live values, row-major. */
    public float[] values() {
      return values;
    }

    /** For example {@code conv1.weight [5, 5, 3, 16]}. */
    @Override
    public String toString() {
      return name + " " + Arrays.toString(dims);
    }
  }

  /** The product of the dimensions, or -1 if one is negative or a float[] cannot hold it. */
  static long sizeOf(int[] dims) {
    long size = 1;
    for (int dim : dims) {
      size = dim < 0 || size < 0 ? -1 : size * dim;
      size = size > MAX_ARRAY_SIZE ? -1 : size;
    }
    return size;
  }

  Safetensors(Map<String, String> metadata, Map<String, Array> arrays) {
    this.metadata = Collections.unmodifiableMap(metadata);
    this.arrays = Collections.unmodifiableMap(arrays);
  }

  /**
   * The content of a file to write.
   *
   * @param metadata free strings, written in the map's order
   * @param arrays written in this order
   * @throws IllegalArgumentException if two arrays have the same name, or a string is not Unicode
   */
  public static Safetensors of(Map<String, String> metadata, List<Array> arrays) {
    Map<String, Array> byName = new LinkedHashMap<>();
    for (Array array : arrays) {
      checkUnicode(array.name());
      if (byName.put(array.name(), array) != null) {
        throw new IllegalArgumentException("there are two arrays named " + array.name());
      }
    }
    metadata.forEach(
        (key, value) -> {
          checkUnicode(key);
          checkUnicode(value);
        });
    return new Safetensors(new LinkedHashMap<>(metadata), byName);
  }

  private static void checkUnicode(String text) {
    if (!HeaderJson.isUnicode(text)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" holds half of a surrogate pair, needs both");
    }
  }

  /** The strings of the file in its order. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The arrays by name, in the order of their data. */
  public Map<String, Array> arrays() {
    return arrays;
  }

  /**
   * Writes the file: beside its place first, then moved there at once, so that whoever reads it
   * finds all of the old file or all of the new one, whatever happens.
   *
   * @param path where to; missing folders are made
   * @throws IOException if it cannot be written; the old file is then still there
   */
  public void write(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path written = folder.resolve(path.getFileName() + ".tmp");
    try {
      try (FileChannel file =
          FileChannel.open(
              written,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        write(file);
        file.force(true);
      }
      Files.move(
          written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(folder);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** Makes the move last through a loss of power, where the system lets folders be written out. */
  private static void forceFolder(Path folder) {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // Windows opens no folders; the file itself is written out already.
    }
  }

  private void write(FileChannel file) throws IOException {
    byte[] header = header();
    ByteBuffer size = newBuffer(SIZE_BYTES).putLong(header.length).flip();
    drain(size, file);
    drain(ByteBuffer.wrap(header), file);
    ByteBuffer buffer = newBuffer(BUFFER_BYTES);
    for (Array array : arrays.values()) {
      float[] values = array.values();
      for (int at = 0; at < values.length; at += BUFFER_BYTES / Float.BYTES) {
        int count = Math.min(BUFFER_BYTES / Float.BYTES, values.length - at);
        buffer.clear().limit(count * Float.BYTES);
        buffer.asFloatBuffer().put(values, at, count);
        drain(buffer, file);
      }
    }
  }

  private static void drain(ByteBuffer buffer, FileChannel file) throws IOException {
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
  }

  static ByteBuffer newBuffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The header, filled with spaces so that the data starts at a multiple of 8 bytes. */
  private byte[] header() {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      HeaderJson.quote(METADATA, json);
      json.append(":{");
      String comma = "";
      for (Map.Entry<String, String> entry : metadata.entrySet()) {
        json.append(comma);
        HeaderJson.quote(entry.getKey(), json);
        json.append(':');
        HeaderJson.quote(entry.getValue(), json);
        comma = ",";
      }
      json.append('}');
    }
    long offset = 0;
    for (Array array : arrays.values()) {
      json.append(json.length() == 1 ? "" : ",");
      HeaderJson.quote(array.name(), json);
      long end = offset + (long) array.values().length * Float.BYTES;
      json.append(":{\"dtype\":\"F32\",\"shape\":");
      json.append(Arrays.toString(array.dims()).replace(" ", ""));
      json.append(",\"data_offsets\":[").append(offset).append(',').append(end).append("]}");
      offset = end;
    }
    byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
    Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
    return padded;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is no sound safetensors file of type F32, with the
   *     path, the byte where the fault is, what was found there and what was expected
   */
  public static Safetensors read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException(path + ": found a folder, expected a safetensors file; name the file");
    }
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return new SafetensorsReader(path, file).read();
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(
          path.toString(), null, "no such file, expected a safetensors file; check the path");
    }
  }
}
