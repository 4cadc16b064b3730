package io.lanewise.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.checkpoint.HeaderJson.MalformedException;
import io.lanewise.engine.checkpoint.HeaderJson.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderJsonTest {
  private static Value parse(String json) throws MalformedException {
    return HeaderJson.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatAHeaderHolds() throws MalformedException {
    Value root =
        parse(" {\"a\" : [ 0, 12,9223372036854775807 ],\n\t\"b\":{\"c\":\"d\"},\"e\":[]}\r ");
    assertEquals(List.of("a", "b", "e"), List.copyOf(root.members().keySet()));
    List<Value> items = root.members().get("a").items();
    assertEquals(3, items.size());
    assertEquals(0, items.get(0).number());
    assertEquals(12, items.get(1).number());
    assertEquals(Long.MAX_VALUE, items.get(2).number());
    assertEquals("d", root.members().get("b").members().get("c").text());
    assertTrue(root.members().get("e").items().isEmpty());
    assertTrue(parse("{}").members().isEmpty());
  }

  @Test
  void readsEveryEscape() throws MalformedException {
    assertEquals(
        "\"\\/\b\f\n\r\tA\u00e9\u00e9\ud83d\ude00\ud83d\ude00",
        parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00E9\u00e9\\ud83d\\uDE00\ud83d\ude00\"")
            .text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "\"\\", "\u0000\u0001\n\r\t\u001f\u007f", "\u00e9\u4e2d\ud83d\ude00"})
  void quotedComesBack(String text) throws MalformedException {
    StringBuilder json = new StringBuilder();
    HeaderJson.quote(text, json);
    assertEquals(text, parse(json.toString()).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1,'a':2}          | 7 | found the name \"a\" twice",
        "{'a':{'b':1,'b':1}}    | 12 | found the name \"b\" twice",
        "{'a':1,}               | 7 | behind a comma",
        "[1,]                   | 3 | behind a comma",
        "{'a' 1}                | 5 | expected ':'",
        "{'a':1 'b':2}          | 7 | expected ','",
        "{a:1}                  | 1 | expected '\"'",
        "[01]                   | 1 | found number 01",
        "[1.0]                  | 1 | found number 1.0",
        "[1e3]                  | 1 | found number 1e3",
        "[9223372036854775808]  | 1 | found number 9223372036854775808",
        "[-1]                   | 1 | found -1]",
        "[true]                 | 1 | found true]",
        "[null]                 | 1 | found null]",
        "{} x                   | 3 | found x, expected the header's end",
        "{                      | 1 | found the header's end",
        "[1                     | 2 | found the header's end",
        "'a                     | 2 | found the header's end",
        "'\\u12g4'              | 5 | expected four hex digits",
        "'\\x'                  | 1 | found escape \\x",
        "'\\ud800'              | 0 | half of a surrogate pair",
        "'\\ude00\\ud83d'       | 0 | half of a surrogate pair",
      })
  void refusesOtherJson(String json, int byteAt, String message) {
    String quoted = json.strip().replace('\'', '"');
    MalformedException e = assertThrows(MalformedException.class, () -> parse(quoted));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertEquals(byteAt, e.byteAt(), e.getMessage());
  }

  @Test
  void refusesControlCharacters() {
    assertThrows(MalformedException.class, () -> parse("\"a\nb\""));
    assertThrows(MalformedException.class, () -> parse(""));
  }

  @Test
  void countsBytesNotCharacters() {
    MalformedException e =
        assertThrows(MalformedException.class, () -> parse("[\"\u00e9\u4e2d\ud83d\ude00\" 1]"));
    assertEquals(1 + 1 + 2 + 3 + 4 + 1 + 1, e.byteAt());
  }

  @Test
  void refusesOtherEncodings() {
    byte[] latin = {'[', '"', (byte) 0xE9, '"', ']'};
    MalformedException e = assertThrows(MalformedException.class, () -> HeaderJson.parse(latin));
    assertEquals(2, e.byteAt());
    byte[] overlong = {'[', '"', (byte) 0xC0, (byte) 0xAF, '"', ']'};
    assertThrows(MalformedException.class, () -> HeaderJson.parse(overlong));
  }

  @Test
  void refusesDeepNestingWithoutExhaustingTheStack() {
    MalformedException e =
        assertThrows(MalformedException.class, () -> parse("[".repeat(1_000_000)));
    assertEquals(17, e.byteAt());
  }

  @Test
  void wrongTypeSaysWhere() throws MalformedException {
    Value value = parse("{\"shape\":\"2\"}").members().get("shape");
    MalformedException e = assertThrows(MalformedException.class, value::items);
    assertEquals("found \"2\"}, expected an array", e.getMessage());
    assertEquals(9, e.byteAt());
  }
}
