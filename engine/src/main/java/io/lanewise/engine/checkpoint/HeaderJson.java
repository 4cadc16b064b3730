package io.lanewise.engine.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON of a safetensors header: objects, arrays, strings and whole numbers (RFC 8259). Strict:
 * a key that comes twice, a fraction, {@code true} or {@code null} has no place there.
 */
final class HeaderJson {
  /** What is wrong, and where. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int byteAt;

    MalformedException(int byteAt, String message) {
      super(message);
      this.byteAt = byteAt;
    }

    /** Bytes before the fault. */
    int byteAt() {
      return byteAt;
    }
  }

  /** A value with its place, so that whoever expects something else can say where. */
  static final class Value {
    private final HeaderJson source;
    private final int at;
    private final Object content;

    private Value(HeaderJson source, int at, Object content) {
      this.source = source;
      this.at = at;
      this.content = content;
    }

    /** The members of an object in their order. */
    @SuppressWarnings("unchecked")
    Map<String, Value> members() throws MalformedException {
      return (Map<String, Value>) as(Map.class, "an object");
    }

    /** The items of an array. */
    @SuppressWarnings("unchecked")
    List<Value> items() throws MalformedException {
      return (List<Value>) as(List.class, "an array");
    }

    /** A string. */
    String text() throws MalformedException {
      return (String) as(String.class, "a string");
    }

    /** A whole number, at least 0. */
    long number() throws MalformedException {
      return (Long) as(Long.class, "a whole number");
    }

    private Object as(Class<?> type, String expected) throws MalformedException {
      if (!type.isInstance(content)) {
        throw malformed("found " + source.excerpt(at) + ", expected " + expected);
      }
      return content;
    }

    /** A complaint about this value. */
    MalformedException malformed(String message) {
      return source.malformed(at, message);
    }
  }

  /** Deeper than any header; keeps hostile ones from exhausting the stack. */
  private static final int MAX_DEPTH = 16;

  private static final int EXCERPT = 24;

  private final String text;
  private int at;

  private HeaderJson(String text) {
    this.text = text;
  }

  /**
   * Parses a header.
   *
   * @param utf8 the header's bytes, spaces behind it included
   * @throws MalformedException if they are not UTF-8 or anything but one value and white space
   */
  static Value parse(byte[] utf8) throws MalformedException {
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException(bytes.position(), "found bytes that are not UTF-8");
    }
    HeaderJson json = new HeaderJson(text);
    json.skipSpace();
    Value value = json.value(0);
    json.skipSpace();
    if (json.at < text.length()) {
      throw json.malformed(
          json.at, "found " + json.excerpt(json.at) + ", expected the header's end");
    }
    return value;
  }

  private Value value(int depth) throws MalformedException {
    int start = at;
    if (depth > MAX_DEPTH) {
      throw malformed(at, "found more than " + MAX_DEPTH + " levels of nesting");
    }
    char c = peek();
    if (c == '{') {
      return new Value(this, start, object(depth));
    } else if (c == '[') {
      return new Value(this, start, array(depth));
    } else if (c == '"') {
      return new Value(this, start, string());
    } else if (c >= '0' && c <= '9') {
      return new Value(this, start, number());
    }
    throw malformed(
        at, "found " + excerpt(at) + ", expected an object, an array, a string or a whole number");
  }

  private Map<String, Value> object(int depth) throws MalformedException {
    Map<String, Value> members = new LinkedHashMap<>();
    at++;
    skipSpace();
    while (peek() != '}') {
      int keyAt = at;
      String key = string();
      skipSpace();
      expect(':');
      skipSpace();
      if (members.put(key, value(depth + 1)) != null) {
        throw malformed(keyAt, "found the name \"" + key + "\" twice, expected it once");
      }
      separator('}');
    }
    at++;
    return members;
  }

  private List<Value> array(int depth) throws MalformedException {
    List<Value> items = new ArrayList<>();
    at++;
    skipSpace();
    while (peek() != ']') {
      items.add(value(depth + 1));
      separator(']');
    }
    at++;
    return items;
  }

  /** Passes a comma that something follows, or stops before the closing bracket. */
  private void separator(char closing) throws MalformedException {
    skipSpace();
    if (peek() == closing) {
      return;
    }
    expect(',');
    skipSpace();
    if (peek() == closing) {
      throw malformed(at, "found '" + closing + "' behind a comma, expected a value");
    }
  }

  private Long number() throws MalformedException {
    int start = at;
    while (at < text.length() && "0123456789+-.eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    try {
      long number = Long.parseLong(digits);
      if (digits.equals(Long.toString(number))) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw malformed(start, "found number " + digits + ", expected a whole one below 2^63");
  }

  private String string() throws MalformedException {
    int start = at;
    expect('"');
    StringBuilder content = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at);
      if (c < ' ') {
        throw malformed(at, "found a control character in a string, expected it escaped");
      }
      at++;
      content.append(c == '\\' ? escaped() : c);
    }
    at++;
    if (!isUnicode(content)) {
      throw malformed(start, "found half of a surrogate pair in a string, expected both");
    }
    return content.toString();
  }

  /** Whether every surrogate has its other half. */
  static boolean isUnicode(CharSequence text) {
    return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= 0xDFFF);
  }

  private char escaped() throws MalformedException {
    char c = peek();
    at++;
    switch (c) {
      case '"':
      case '\\':
      case '/':
        return c;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        return unicode();
      default:
        throw malformed(at - 2, "found escape \\" + c + ", expected one of JSON");
    }
  }

  private char unicode() throws MalformedException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw malformed(at, "found " + excerpt(at) + ", expected four hex digits behind \\u");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char wanted) throws MalformedException {
    if (peek() != wanted) {
      throw malformed(at, "found " + excerpt(at) + ", expected '" + wanted + "'");
    }
    at++;
  }

  private char peek() throws MalformedException {
    if (at >= text.length()) {
      throw malformed(at, "found the header's end, expected more JSON");
    }
    return text.charAt(at);
  }

  private String excerpt(int from) {
    int to = Math.min(text.length(), from + EXCERPT);
    return text.substring(from, to) + (to < text.length() ? "..." : "");
  }

  private MalformedException malformed(int charAt, String message) {
    int bytes = text.substring(0, charAt).getBytes(StandardCharsets.UTF_8).length;
    return new MalformedException(bytes, message);
  }

  /** Appends a string in quotes, everything escaped that must be. */
  static void quote(String content, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
