package io.lanewise.kernels.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.parallel.Workspace.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  @Test
  void lendsTheSameArraysAgain() {
    Workspace workspace = new Workspace(Parallel.serial());
    Set<float[]> first = borrowAll(workspace, 100, 2);
    for (int size : new int[] {100, 1, 50}) {
      assertEquals(first, borrowAll(workspace, size, 2));
    }
  }

  @Test
  void makesArraysForAllThreadsAtOnce() {
    try (Parallel parallel = Parallel.of(3)) {
      Workspace workspace = new Workspace(parallel);
      workspace.giveBack(Kind.TASK, workspace.borrow(Kind.TASK, 10));
      Set<float[]> some = borrowAll(workspace, 10, 2);
      Set<float[]> all = borrowAll(workspace, 10, 4);
      assertTrue(all.containsAll(some));
      assertEquals(4, all.size());
      assertEquals(all, borrowAll(workspace, 10, 4));
    }
  }

  @Test
  void lendsMoreThanPlannedAndKeepsIt() {
    Workspace workspace = new Workspace(Parallel.serial());
    Set<float[]> many = borrowAll(workspace, 8, 9);
    assertEquals(9, many.size());
    assertEquals(many, borrowAll(workspace, 8, 9));
  }

  @Test
  void growsWhileArraysAreLent() {
    Workspace workspace = new Workspace(Parallel.serial());
    float[] small = workspace.borrow(Kind.TASK, 10);
    float[] large = workspace.borrow(Kind.TASK, 20);
    assertTrue(large.length >= 20);
    workspace.giveBack(Kind.TASK, small);
    workspace.giveBack(Kind.TASK, large);
    for (float[] array : borrowAll(workspace, 20, 3)) {
      assertNotSame(small, array);
      assertTrue(array.length >= 20);
    }
  }

  @Test
  void keepsKindsApart() {
    Workspace workspace = new Workspace(Parallel.serial());
    float[] call = workspace.borrow(Kind.CALL, 10);
    float[] task = workspace.borrow(Kind.TASK, 10);
    assertNotSame(call, task);
    workspace.giveBack(Kind.CALL, call);
    assertNotSame(call, workspace.borrow(Kind.TASK, 10));
  }

  @Test
  void lendsAThreadTheArrayItHadLast() throws InterruptedException {
    try (Parallel parallel = Parallel.of(2)) {
      Workspace workspace = new Workspace(parallel);
      float[] own = workspace.borrow(Kind.TASK, 10);
      AtomicReference<float[]> others = new AtomicReference<>();
      Thread other = new Thread(() -> others.set(workspace.borrow(Kind.TASK, 10)));
      other.start();
      other.join();
      workspace.giveBack(Kind.TASK, own);
      other = new Thread(() -> workspace.giveBack(Kind.TASK, others.get()));
      other.start();
      other.join();
      assertSame(own, workspace.borrow(Kind.TASK, 10));
    }
  }

  @Test
  void neverLendsOneArrayTwice() {
    try (Parallel parallel = Parallel.of(4)) {
      Workspace workspace = new Workspace(parallel);
      AtomicBoolean shared = new AtomicBoolean();
      parallel.forEach(
          2000,
          i -> {
            float[] array = workspace.borrow(Kind.TASK, 1 + i % 300);
            array[0] = i;
            Thread.yield();
            if (array[0] != i) {
              shared.set(true);
            }
            workspace.giveBack(Kind.TASK, array);
          });
      assertFalse(shared.get());
    }
  }

  private static Set<float[]> borrowAll(Workspace workspace, int size, int count) {
    List<float[]> arrays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arrays.add(workspace.borrow(Kind.TASK, size));
    }
    arrays.forEach(array -> assertTrue(array.length >= size));
    arrays.forEach(array -> workspace.giveBack(Kind.TASK, array));
    Set<float[]> set = Collections.newSetFromMap(new IdentityHashMap<>());
    set.addAll(arrays);
    return set;
  }
}
