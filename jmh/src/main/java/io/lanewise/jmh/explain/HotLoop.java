package io.lanewise.jmh.explain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An innermost loop of compiled code.
 *
 * @param method it is in
 * @param instructions its text, a line each
 * @param fmas fused multiply-adds of vectors
 * @param vectors instructions on vectors, all of them
 * @param vectorSpills vectors stored to the stack or loaded from it: registers have run out
 * @param spills other traffic with the stack
 * @param allocations places that make objects: vectors are boxed there
 * @param calls calls out of the loop
 */
record HotLoop(
    String method,
    List<String> instructions,
    int fmas,
    int vectors,
    int vectorSpills,
    int spills,
    int allocations,
    int calls) {
  private static final String OSR = " (on-stack replacement alone)";
  private static final Pattern METHOD =
      Pattern.compile("Compiled method \\(c2\\).*?([\\w.$]+::\\S+)");
  private static final Pattern INSTRUCTION =
      Pattern.compile(
          "^\\s*0x([0-9a-f]{8,16}):\\s+([a-z][a-z0-9 ]*?)(?:\\s+(\\S.*?))?\\s*(?:;.*)?$");
  private static final Pattern JUMP = Pattern.compile("j[a-z]+");

  /** A thread moves the end of what is taken of its own piece of the heap. */
  private static final Pattern TLAB_STORE =
      Pattern.compile("mov +(?:QWORD|qword) (?:PTR|ptr) \\[r15\\+");

  private static final Pattern TARGET = Pattern.compile("^0x([0-9a-f]{8,16})");

  private record Instruction(long address, String mnemonic, String operands, String text) {}

  /**
   * The innermost loops in what the JVM printed of its C2 compilations, the most vectors first. Of
   * a method that was compiled again only the last code counts; what was entered in the middle of a
   * loop (on-stack replacement) counts, after all others, only if the whole method never was
   * compiled.
   */
  static List<HotLoop> find(List<String> lines) {
    Map<String, List<HotLoop>> byMethod = new LinkedHashMap<>();
    List<Instruction> code = new ArrayList<>();
    String method = null;
    String key = null;
    for (String line : lines) {
      if (line.contains("Compiled method (")) {
        byMethod.put(key, loops(method, code));
        code.clear();
        Matcher matcher = METHOD.matcher(line);
        method = matcher.find() ? matcher.group(1) + (line.contains(" % ") ? OSR : "") : null;
        // Its length tells methods of the same name apart.
        key = method == null ? null : line.replaceFirst(".*\\((\\d+) bytes\\).*", "$1 ") + method;
      } else if (method != null) {
        Matcher matcher = INSTRUCTION.matcher(line);
        if (matcher.matches()) {
          String operands = matcher.group(3) == null ? "" : matcher.group(3);
          long address = Long.parseUnsignedLong(matcher.group(1), 16);
          code.add(new Instruction(address, matcher.group(2).strip(), operands, line.strip()));
        }
      }
    }
    byMethod.put(key, loops(method, code));
    byMethod.remove(null);
    Set<String> methods = Set.copyOf(byMethod.keySet());
    byMethod.keySet().removeIf(each -> methods.contains(each.replace(OSR, "")) && isOsr(each));
    return byMethod.values().stream()
        .flatMap(List::stream)
        .sorted(
            Comparator.comparing((HotLoop loop) -> isOsr(loop.method))
                .thenComparing(loop -> -loop.vectors))
        .toList();
  }

  /** Whether code was only compiled to be entered in the middle of a loop. */
  static boolean isOsr(String method) {
    return method.endsWith(OSR);
  }

  private static List<HotLoop> loops(String method, List<Instruction> code) {
    List<HotLoop> loops = new ArrayList<>();
    int innermostEnd = -1;
    for (int end = 0; end < code.size(); end++) {
      int start = start(code, end);
      // A jump to itself is a place that the JVM patches later.
      if (start > innermostEnd && start < end && isReached(code, start, end)) {
        innermostEnd = end;
        loops.add(of(method, code.subList(start, end + 1)));
      }
    }
    return loops;
  }

  /**
   * Whether the jump back at the end can be reached from where it leads: else it is no loop but
   * code that C2 put out of the way and that jumps back into the method's course.
   */
  private static boolean isReached(List<Instruction> code, int start, int end) {
    boolean[] reached = new boolean[end - start + 1];
    Deque<Integer> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      int at = open.pop();
      if (at < start || at > end || reached[at - start]) {
        continue;
      }
      reached[at - start] = true;
      Instruction each = code.get(at);
      boolean jumps = JUMP.matcher(each.mnemonic).matches();
      if (jumps && at != end) {
        open.push(target(code, each, start, end));
      }
      if (!each.mnemonic.equals("jmp") && !each.mnemonic.startsWith("ret")) {
        open.push(at + 1);
      }
    }
    return reached[end - start];
  }

  /** Where a jump leads between two places, or -1. */
  private static int target(List<Instruction> code, Instruction jump, int from, int to) {
    Matcher target = TARGET.matcher(jump.operands);
    if (target.find()) {
      long address = Long.parseUnsignedLong(target.group(1), 16);
      for (int at = from; at <= to; at++) {
        if (code.get(at).address == address) {
          return at;
        }
      }
    }
    return -1;
  }

  /** Where a jump back leads, or -1. */
  private static int start(List<Instruction> code, int end) {
    Instruction jump = code.get(end);
    return JUMP.matcher(jump.mnemonic).matches() ? target(code, jump, 0, end) : -1;
  }

  private static HotLoop of(String method, List<Instruction> code) {
    int fmas = 0;
    int vectors = 0;
    int vectorSpills = 0;
    int spills = 0;
    int allocations = 0;
    int calls = 0;
    for (Instruction each : code) {
      boolean vector = each.mnemonic.startsWith("v");
      boolean stack = each.operands.toLowerCase(Locale.ROOT).contains("[rsp");
      fmas += each.mnemonic.startsWith("vfmadd") && each.mnemonic.endsWith("ps") ? 1 : 0;
      vectors += vector ? 1 : 0;
      vectorSpills += vector && stack ? 1 : 0;
      spills += !vector && stack ? 1 : 0;
      allocations += TLAB_STORE.matcher(each.text).find() ? 1 : 0;
      calls += each.mnemonic.startsWith("call") ? 1 : 0;
    }
    List<String> text = code.stream().map(Instruction::text).toList();
    return new HotLoop(method, text, fmas, vectors, vectorSpills, spills, allocations, calls);
  }

  /** One line of counts. */
  String summary() {
    return String.format(
        "%s: %d instructions, %d on vectors, %d multiply-adds; spills: %d vectors, %d others; %d"
            + " allocations, %d calls",
        method, instructions.size(), vectors, fmas, vectorSpills, spills, allocations, calls);
  }
}
