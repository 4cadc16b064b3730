package io.lanewise.jmh.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Loops found in a text as the JVM and objdump write it. */
class HotLoopTest {
  private static final String OSR =
      """
      Compiled method (c1)    6570  697       3       io.lanewise.A::run (4 bytes)
        0x00007f0000000f00: jmp    0x00007f0000000f00
      Compiled method (c2)   13164  873 %     4       io.lanewise.A::run @ 195 (1106 bytes)
        0x00007f0000000f00: vaddps zmm0,zmm1,zmm2
        0x00007f0000000f06: jl     0x00007f0000000f00
      """;

  /** A loop, and behind the return code that jumps back to what follows the loop. */
  private static final String WHOLE =
      """
      Compiled method (c2)   13264  874       4       io.lanewise.A::run (1106 bytes)
        0x00007f0000001000: push   rbp
        0x00007f0000001001: xor    eax,eax
        0x00007f0000001004: vmovups zmm1,ZMMWORD PTR [rsp+0x40]
        0x00007f0000001010: vfmadd231ps zmm0,zmm1,zmm2
        0x00007f0000001016: mov    QWORD PTR [r15+0x108],r10
        0x00007f000000101a: mov    r10,QWORD PTR [rsp+0x10]
        0x00007f0000001020: jl     0x00007f0000001004
        0x00007f0000001026: jmp    0x00007f0000001001
        0x00007f0000001028: vmovdqu32 ZMMWORD PTR [rdi],zmm0
        0x00007f000000102a: vmovdqu32 ZMMWORD PTR [rdi+0x40],zmm1
        0x00007f000000102c: vmovdqu32 ZMMWORD PTR [rdi+0x80],zmm2
        0x00007f0000001031: ret
        0x00007f0000001032: vmovdqu64 zmm25,zmm2
        0x00007f0000001038: jmp    0x00007f0000001028
      """;

  @Test
  void countsWhatAnInnermostLoopDoes() {
    List<HotLoop> loops = HotLoop.find((OSR + WHOLE).lines().toList());
    assertEquals(1, loops.size(), loops.toString());
    HotLoop loop = loops.get(0);
    assertEquals("io.lanewise.A::run", loop.method());
    assertEquals(5, loop.instructions().size());
    assertEquals(1, loop.fmas());
    assertEquals(2, loop.vectors());
    assertEquals(1, loop.vectorSpills());
    assertEquals(1, loop.spills());
    assertEquals(1, loop.allocations());
    assertEquals(0, loop.calls());
  }

  @Test
  void codeEnteredInTheMiddleCountsWhereThereIsNoOther() {
    List<HotLoop> loops = HotLoop.find(OSR.lines().toList());
    assertEquals(1, loops.size(), loops.toString());
    assertEquals("io.lanewise.A::run (on-stack replacement alone)", loops.get(0).method());
  }

  /** A method that was compiled twice. */
  @Test
  void theLastCodeCounts() {
    String again = WHOLE.replace("vfmadd231ps", "vaddps");
    List<HotLoop> loops = HotLoop.find((WHOLE + again).lines().toList());
    assertEquals(1, loops.size(), loops.toString());
    assertEquals(0, loops.get(0).fmas());
  }
}
