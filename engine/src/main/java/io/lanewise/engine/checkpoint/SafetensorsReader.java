package io.lanewise.engine.checkpoint;

import io.lanewise.engine.checkpoint.HeaderJson.MalformedException;
import io.lanewise.engine.checkpoint.HeaderJson.Value;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one safetensors file and checks all of it; knows where it is for the sake of errors. */
final class SafetensorsReader {
  /** As in the reference implementation: a larger header is taken for an attack. */
  private static final int MAX_HEADER_BYTES = 100_000_000;

  private static final Set<String> KEYS = Set.of("dtype", "shape", "data_offsets");

  /** An array as the header announces it; offsets count from the start of the data. */
  private static final class Entry {
    final String name;
    final Value value;
    final int[] dims;
    final long begin;
    final long end;

    Entry(String name, Value value, int[] dims, long begin, long end) {
      this.name = name;
      this.value = value;
      this.dims = dims;
      this.begin = begin;
      this.end = end;
    }

    String range() {
      return "[" + begin + ", " + end + "]";
    }
  }

  private final Path path;
  private final FileChannel file;
  private final long fileBytes;

  SafetensorsReader(Path path, FileChannel file) throws IOException {
    this.path = path;
    this.file = file;
    this.fileBytes = file.size();
  }

  Safetensors read() throws IOException {
    byte[] header = header();
    long dataAt = (long) Safetensors.SIZE_BYTES + header.length;
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries;
    try {
      entries = entries(HeaderJson.parse(header), metadata);
      checkTiling(entries);
    } catch (MalformedException e) {
      throw damaged((long) Safetensors.SIZE_BYTES + e.byteAt(), e.getMessage());
    }
    long end = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end;
    if (end != fileBytes - dataAt) {
      throw damaged(
          Math.min(fileBytes, dataAt + end),
          String.format(
              "found %d bytes of data, expected %d as the header says", fileBytes - dataAt, end));
    }
    return new Safetensors(metadata, arrays(entries));
  }

  private byte[] header() throws IOException {
    if (fileBytes < Safetensors.SIZE_BYTES) {
      throw damaged(
          fileBytes, "found the file's end, expected at least 8 bytes, the header's size");
    }
    ByteBuffer size = Safetensors.newBuffer(Safetensors.SIZE_BYTES);
    fill(size);
    long headerBytes = size.getLong(0);
    long most = Math.min(MAX_HEADER_BYTES, fileBytes - Safetensors.SIZE_BYTES);
    if (headerBytes < 2 || headerBytes > most) {
      throw damaged(
          0,
          String.format(
              "found a header size of %s bytes, expected 2 to %d, %s",
              Long.toUnsignedString(headerBytes),
              most,
              most == MAX_HEADER_BYTES ? "the most allowed" : "the rest of the file"));
    }
    ByteBuffer header = ByteBuffer.allocate((int) headerBytes);
    fill(header);
    return header.array();
  }

  /** The announced arrays in the order of their data; fills in the metadata. */
  private List<Entry> entries(Value root, Map<String, String> metadata) throws MalformedException {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Value> member : root.members().entrySet()) {
      if (member.getKey().equals(Safetensors.METADATA)) {
        for (Map.Entry<String, Value> item : member.getValue().members().entrySet()) {
          metadata.put(item.getKey(), item.getValue().text());
        }
      } else {
        entries.add(entry(member.getKey(), member.getValue()));
      }
    }
    entries.sort(
        Comparator.<Entry>comparingLong(entry -> entry.begin).thenComparing(entry -> entry.end));
    return entries;
  }

  private static Entry entry(String name, Value value) throws MalformedException {
    Map<String, Value> members = value.members();
    if (!members.keySet().equals(KEYS)) {
      throw value.malformed(
          String.format(
              "array %s: found the keys %s, expected dtype, shape and data_offsets",
              name, members.keySet()));
    }
    Value dtype = members.get("dtype");
    if (!dtype.text().equals("F32")) {
      throw dtype.malformed(
          String.format(
              "array %s: found type %s, expected F32, the only one that is read",
              name, dtype.text()));
    }
    int[] dims = dims(name, members.get("shape"));
    Value range = members.get("data_offsets");
    List<Value> offsets = range.items();
    if (offsets.size() != 2) {
      throw range.malformed(
          "array " + name + ": found " + offsets.size() + " data offsets, expected 2");
    }
    long begin = offsets.get(0).number();
    long end = offsets.get(1).number();
    long needs = Safetensors.sizeOf(dims) * Float.BYTES;
    if (end - begin != needs) {
      throw range.malformed(
          String.format(
              "array %s: found data offsets [%d, %d], %d bytes, expected %d for shape %s",
              name, begin, end, end - begin, needs, Arrays.toString(dims)));
    }
    return new Entry(name, value, dims, begin, end);
  }

  private static int[] dims(String name, Value shape) throws MalformedException {
    List<Value> items = shape.items();
    int[] dims = new int[items.size()];
    long size = 1;
    for (int i = 0; i < dims.length; i++) {
      dims[i] = (int) Math.min(Integer.MAX_VALUE, items.get(i).number());
      size = dims[i] < Integer.MAX_VALUE ? Safetensors.sizeOf(Arrays.copyOf(dims, i + 1)) : -1;
      if (size < 0) {
        break;
      }
    }
    if (size < 0) {
      throw shape.malformed(
          "array " + name + ": found too large a shape, expected at most 2^31 - 9 floats");
    }
    return dims;
  }

  /** Checks that the arrays follow each other without gap or overlap. */
  private static void checkTiling(List<Entry> entries) throws MalformedException {
    long at = 0;
    String before = "the start of the data";
    for (Entry entry : entries) {
      if (entry.begin != at) {
        throw entry.value.malformed(
            String.format(
                "array %s: found data offsets %s, expected them to begin at %d, behind %s: %s",
                entry.name,
                entry.range(),
                at,
                before,
                entry.begin < at ? "the arrays overlap" : "there is a gap"));
      }
      at = entry.end;
      before = entry.name;
    }
  }

  private Map<String, Safetensors.Array> arrays(List<Entry> entries) throws IOException {
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    ByteBuffer buffer = Safetensors.newBuffer((int) Math.min(Safetensors.BUFFER_BYTES, fileBytes));
    for (Entry entry : entries) {
      float[] values = new float[(int) ((entry.end - entry.begin) / Float.BYTES)];
      for (int at = 0; at < values.length; at += Safetensors.BUFFER_BYTES / Float.BYTES) {
        int count = Math.min(Safetensors.BUFFER_BYTES / Float.BYTES, values.length - at);
        buffer.clear().limit(count * Float.BYTES);
        fill(buffer);
        buffer.flip().asFloatBuffer().get(values, at, count);
      }
      arrays.put(entry.name, new Safetensors.Array(entry.name, entry.dims, values));
    }
    return arrays;
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (file.read(buffer) < 0) {
        throw new EOFException(
            path + ": byte " + file.position() + ": the file shrank while it was read");
      }
    }
  }

  private IOException damaged(long byteAt, String fault) {
    return new IOException(
        String.format(
            "%s: byte %d: %s; the file is damaged or of another kind: save or copy it again",
            path, byteAt, fault));
  }
}
