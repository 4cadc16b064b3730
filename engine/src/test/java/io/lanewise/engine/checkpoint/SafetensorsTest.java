package io.lanewise.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void setPath() {
    path = folder.resolve("model.safetensors");
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + utf8.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(utf8.length)
        .put(utf8)
        .array();
  }

  private IOException refuses(byte[] bytes) throws IOException {
    Files.write(path, bytes);
    IOException e = assertThrows(IOException.class, () -> Safetensors.read(path));
    assertTrue(e.getMessage().startsWith(path + ": byte "), e.getMessage());
    return e;
  }

  private static Safetensors sample() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("zeta", "a \"quote\" \\ and\na line \u00e9 \ud83d\ude00");
    metadata.put("alpha", "");
    return Safetensors.of(
        metadata,
        List.of(
            new Safetensors.Array("w", new int[] {2, 3}, new float[] {1, -2, 3.5f, -0f, 1e-45f, 0}),
            new Safetensors.Array("empty", new int[] {0, 4}, new float[0]),
            new Safetensors.Array(
                "b \u4e2d", new int[] {}, new float[] {Float.NEGATIVE_INFINITY})));
  }

  @Test
  void bytesAreThoseOfTheFormat() throws IOException {
    Safetensors.of(
            Map.of("k", "v"),
            List.of(
                new Safetensors.Array("b", new int[] {2}, new float[] {1, -2}),
                new Safetensors.Array("a", new int[] {1, 1}, new float[] {0.5f})))
        .write(path);
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected =
        ByteBuffer.allocate(8 + padded + 12).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    expected.put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8));
    expected.putInt(0x3F800000).putInt(0xC0000000).putInt(0x3F000000);
    assertArrayEquals(expected.array(), Files.readAllBytes(path));
  }

  @Test
  void readsAFileOfAnotherWriter() throws IOException {
    String header =
        "{ \"late\":{\"shape\":[1],\"data_offsets\":[8,12],\"dtype\":\"F32\"},"
            + "\"early\":{\"dtype\":\"F32\",\"data_offsets\":[0,8],\"shape\":[2]},"
            + "\"__metadata__\":{\"format\":\"pt\"} }";
    byte[] bytes = file(header, 12);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    data.position(bytes.length - 12).putFloat(1).putFloat(2).putFloat(3);
    Files.write(path, bytes);
    Safetensors read = Safetensors.read(path);
    assertEquals(Map.of("format", "pt"), read.metadata());
    assertEquals(List.of("early", "late"), List.copyOf(read.arrays().keySet()));
    assertArrayEquals(new float[] {1, 2}, read.arrays().get("early").values());
    assertArrayEquals(new float[] {3}, read.arrays().get("late").values());
  }

  @Test
  void everythingComesBack() throws IOException {
    Safetensors sample = sample();
    sample.write(path);
    Safetensors read = Safetensors.read(path);
    assertEquals(
        List.copyOf(sample.metadata().entrySet()), List.copyOf(read.metadata().entrySet()));
    assertEquals(sample.arrays().keySet(), read.arrays().keySet());
    sample
        .arrays()
        .forEach(
            (name, array) -> {
              Safetensors.Array back = read.arrays().get(name);
              assertEquals(array.toString(), back.toString());
              assertArrayEquals(array.dims(), back.dims());
              assertArrayEquals(array.values(), back.values());
            });
    byte[] first = Files.readAllBytes(path);
    read.write(path);
    assertArrayEquals(first, Files.readAllBytes(path), "same content, same bytes");
  }

  @Test
  void everyFloatKeepsItsBits() throws IOException {
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(i * 0x9E3779B1);
    }
    int[] dims = {values.length};
    Safetensors.of(Map.of(), List.of(new Safetensors.Array("bits", dims, values))).write(path);
    float[] read = Safetensors.read(path).arrays().get("bits").values();
    for (int i = 0; i < values.length; i++) {
      assertEquals(Float.floatToRawIntBits(values[i]), Float.floatToRawIntBits(read[i]));
    }
  }

  @Test
  void nothingAtAllIsAFileToo() throws IOException {
    Safetensors.of(Map.of(), List.of()).write(path);
    assertArrayEquals(file("{}      ", 0), Files.readAllBytes(path));
    assertTrue(Safetensors.read(path).arrays().isEmpty());
  }

  @Test
  void failedWriteLeavesTheOldFileAndNoOther() throws IOException {
    sample().write(path);
    byte[] before = Files.readAllBytes(path);
    Path busy = Files.createDirectory(folder.resolve("busy"));
    Files.createFile(busy.resolve("inside"));
    assertThrows(IOException.class, () -> sample().write(busy));
    assertArrayEquals(before, Files.readAllBytes(path));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void makesMissingFolders() throws IOException {
    Path deep = folder.resolve("runs/1/model.safetensors");
    sample().write(deep);
    assertEquals(3, Safetensors.read(deep).arrays().size());
  }

  @Test
  void missingFileIsSaid() {
    IOException e = assertThrows(IOException.class, () -> Safetensors.read(path));
    assertTrue(e.getMessage().contains("no such file"), e.getMessage());
    assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
    e = assertThrows(IOException.class, () -> Safetensors.read(folder));
    assertTrue(e.getMessage().contains("found a folder"), e.getMessage());
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    sample().write(path);
    byte[] bytes = Files.readAllBytes(path);
    for (int length = 0; length < bytes.length; length++) {
      refuses(Arrays.copyOf(bytes, length));
    }
    String message = refuses(Arrays.copyOf(bytes, bytes.length - 1)).getMessage();
    String expected =
        ": byte " + (bytes.length - 1) + ": found 27 bytes of data, expected 28 as the header says";
    assertTrue(message.contains(expected), message);
    refuses(Arrays.copyOf(bytes, bytes.length + 1));
  }

  @Test
  void shortFileIsSaid() throws IOException {
    assertEquals(
        path
            + ": byte 3: found the file's end, expected at least 8 bytes, the header's size; the"
            + " file is damaged or of another kind: save or copy it again",
        refuses(new byte[3]).getMessage());
  }

  static Stream<Long> absurdSizes() {
    return Stream.of(0L, 1L, 93L, 100_000_001L, Long.MAX_VALUE, -1L, Long.MIN_VALUE);
  }

  @ParameterizedTest
  @MethodSource("absurdSizes")
  void absurdHeaderSizeIsSaid(long size) throws IOException {
    byte[] bytes = new byte[100];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(size);
    String message = refuses(bytes).getMessage();
    String found = "byte 0: found a header size of " + Long.toUnsignedString(size) + " bytes";
    assertTrue(message.contains(found + ", expected 2 to 92, the rest of the file"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello                                                    | 0 | 0 | found hello",
        "[]                                                       | 0 | 0 | expected an object",
        "{'a':1}                                                  | 0 | 5 | expected an object",
        "{'a':{'dtype':'F32','shape':[1]}}                        | 4 | 5 | found the keys",
        "{'a':{'dtype':'F16','shape':[2],'data_offsets':[0,4]}}   | 4 | 14 | type F16, expected F32",
        "{'a':{'dtype':32,'shape':[2],'data_offsets':[0,4]}}      | 4 | 14 | expected a string",
        "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}     | 8 | 28 | expected an array",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}  | 8 | 29 | found -2]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}     | 8 | 47 | found 1 data offsets",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}   | 8 | 47 | 8 bytes, expected 12",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}   | 8 | 47 | -8 bytes, expected 8",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}  | 12 | 5 | there is a gap",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}   | 4 | - | found 4 bytes of data",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}   | 9 | - | found 9 bytes of data",
        "{'a':{'dtype':'F32','shape':[65536,32768],'data_offsets':[0,8]}}   | 8 | 28 | 2^31 - 9",
        "{'a':{'dtype':'F32','shape':[9223372036854775807,2],'data_offsets':[0,8]}} | 8 | 28 | 2^31",
        "{'__metadata__':{'a':1}}                                 | 0 | 21 | expected a string",
        "{'__metadata__':'a'}                                     | 0 | 16 | expected an object",
        "{'__metadata__':{},'__metadata__':{}}                    | 0 | 19 | twice",
      })
  void faultyHeaderIsSaid(String header, int dataBytes, String headerAt, String message)
      throws IOException {
    String said = refuses(file(header.replace('\'', '"'), dataBytes)).getMessage();
    assertTrue(said.contains(message), said);
    if (!headerAt.equals("-")) {
      assertTrue(said.contains(": byte " + (8 + Integer.parseInt(headerAt)) + ": "), said);
    }
  }

  private static String entry(String name, int floats, int begin) {
    return String.format(
        "\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}",
        name, floats, begin, begin + 4 * floats);
  }

  @Test
  void overlapIsSaid() throws IOException {
    String header = "{" + entry("a", 2, 0) + "," + entry("b", 2, 4) + "}";
    String message = refuses(file(header, 12)).getMessage();
    assertTrue(
        message.contains(
            "array b: found data offsets [4, 12], expected them to begin at 8, behind a: the arrays"
                + " overlap"),
        message);
  }

  @Test
  void duplicateNameIsSaid() throws IOException {
    String header = "{" + entry("a", 2, 0) + "," + entry("a", 1, 8) + "}";
    String message = refuses(file(header, 12)).getMessage();
    assertTrue(message.contains("found the name \"a\" twice"), message);
  }

  @Test
  void flippedHeaderBytesNeverDoWorseThanAnIoException() throws IOException {
    sample().write(path);
    byte[] bytes = Files.readAllBytes(path);
    int headerEnd = bytes.length - 28;
    for (int at = 0; at < headerEnd; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      Files.write(path, flipped);
      try {
        Safetensors.read(path);
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(path + ": byte "), e.getMessage());
      }
    }
  }

  @Test
  void contentIsCheckedBeforeWriting() {
    float[] two = new float[2];
    assertThrows(
        IllegalArgumentException.class, () -> new Safetensors.Array("a", new int[] {3}, two));
    assertThrows(
        IllegalArgumentException.class, () -> new Safetensors.Array("a", new int[] {-1, -2}, two));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Safetensors.Array("__metadata__", new int[] {2}, two));
    Safetensors.Array array = new Safetensors.Array("a", new int[] {2}, two);
    assertThrows(
        IllegalArgumentException.class, () -> Safetensors.of(Map.of(), List.of(array, array)));
    assertThrows(
        IllegalArgumentException.class, () -> Safetensors.of(Map.of("a", "\ud800"), List.of()));
    assertFalse(Files.exists(path));
  }
}
