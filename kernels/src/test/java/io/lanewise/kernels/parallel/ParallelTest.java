package io.lanewise.kernels.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.contract.AllocatedBytes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ParallelTest {
  private static final ForkJoinPool POOL = new ForkJoinPool(3);

  @AfterAll
  static void end() {
    POOL.shutdown();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void visitsEachIndexOnce(int threads) {
    try (Parallel parallel = Parallel.of(threads)) {
      assertEquals(threads, parallel.threads());
      for (int count : new int[] {0, 1, 2, 3, 10, 1000}) {
        visitsEachIndexOnce(parallel, count);
      }
    }
  }

  private static void visitsEachIndexOnce(Parallel parallel, int count) {
    AtomicIntegerArray visits = new AtomicIntegerArray(count);
    parallel.forEach(count, visits::incrementAndGet);
    for (int i = 0; i < count; i++) {
      assertEquals(1, visits.get(i));
    }
  }

  @Test
  void runsSeveralIndicesAtOnce() {
    try (Parallel parallel = Parallel.of(3)) {
      CountDownLatch all = new CountDownLatch(3);
      parallel.forEach(
          3,
          i -> {
            all.countDown();
            assertTrue(await(all));
          });
    }
  }

  @Test
  void givesEachThreadTheSameShareAgain() {
    try (Parallel parallel = Parallel.of(3)) {
      Thread[] first = byIndex(parallel);
      assertSame(Thread.currentThread(), first[0]);
      for (int round = 0; round < 20; round++) {
        assertArrayEquals(first, byIndex(parallel));
      }
    }
  }

  /** Who runs which of two indices for each of three threads, where all begin with their own. */
  private static Thread[] byIndex(Parallel parallel) {
    CountDownLatch all = new CountDownLatch(3);
    Thread[] threads = new Thread[3];
    parallel.forEach(
        6,
        i -> {
          if (i % 2 == 0) {
            threads[i / 2] = Thread.currentThread();
            all.countDown();
            assertTrue(await(all));
          }
        });
    return threads;
  }

  @Test
  void runsSeriallyInOrderOnTheCallingThread() {
    StringBuilder order = new StringBuilder();
    Thread caller = Thread.currentThread();
    Parallel.serial()
        .forEach(
            4,
            i -> {
              assertSame(caller, Thread.currentThread());
              order.append(i);
            });
    assertEquals("0123", order.toString());
  }

  @Test
  void runsOnTheCallersPool() {
    Set<ForkJoinPool> pools = ConcurrentHashMap.newKeySet();
    Parallel parallel = Parallel.on(POOL);
    assertEquals(3, parallel.threads());
    parallel.forEach(100, i -> pools.add(ForkJoinTask.getPool()));
    assertEquals(Set.of(POOL), pools);
    parallel.close();
    assertFalse(POOL.isShutdown());
    visitsEachIndexOnce(parallel, 10);
  }

  @Test
  void runsOnTheCallersPoolFromInsideIt() throws Exception {
    Set<ForkJoinPool> pools = ConcurrentHashMap.newKeySet();
    POOL.submit(
            () -> {
              Parallel.on(POOL).forEach(100, i -> pools.add(ForkJoinTask.getPool()));
              visitsEachIndexOnce(Parallel.on(POOL), 1000);
            })
        .get(30, TimeUnit.SECONDS);
    assertEquals(Set.of(POOL), pools);
  }

  @Test
  void runsOnItsPoolFromInsideAnother() throws Exception {
    ForkJoinPool other = new ForkJoinPool(2);
    try {
      Set<ForkJoinPool> pools = ConcurrentHashMap.newKeySet();
      other
          .submit(() -> Parallel.on(POOL).forEach(100, i -> pools.add(ForkJoinTask.getPool())))
          .get(30, TimeUnit.SECONDS);
      assertEquals(Set.of(POOL), pools);
    } finally {
      other.shutdown();
    }
  }

  @Test
  void runsOnTheCommonPool() throws Exception {
    Parallel common = Parallel.on(ForkJoinPool.commonPool());
    visitsEachIndexOnce(common, 100);
    POOL.submit(() -> visitsEachIndexOnce(common, 100)).get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void servesManyCallersAtOnce(boolean own) {
    Parallel parallel = own ? Parallel.of(2) : Parallel.on(POOL);
    AtomicInteger sum = new AtomicInteger();
    Thread[] callers = new Thread[4];
    for (int t = 0; t < callers.length; t++) {
      callers[t] =
          new Thread(
              () -> {
                for (int round = 0; round < 2000; round++) {
                  parallel.forEach(5, i -> sum.addAndGet(i));
                }
              });
      callers[t].start();
    }
    for (Thread caller : callers) {
      join(caller);
    }
    assertEquals(4 * 2000 * 10, sum.get());
    parallel.close();
  }

  /** Small objects alone: 79 bytes a loop were seen; what runners share is an array of 528. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void makesNoArraysForManyCallers(boolean own) {
    Parallel parallel = own ? Parallel.of(3) : Parallel.on(POOL);
    int rounds = 20_000;
    AtomicLong most = new AtomicLong();
    AtomicInteger done = new AtomicInteger();
    IntConsumer body = i -> {};
    Thread[] callers = new Thread[4];
    for (int t = 0; t < callers.length; t++) {
      callers[t] =
          new Thread(
              () -> {
                try {
                  long before = AllocatedBytes.ofThisThread();
                  for (int round = 0; round < rounds; round++) {
                    parallel.forEach(5, body);
                  }
                  long bytes = (AllocatedBytes.ofThisThread() - before) / rounds;
                  most.accumulateAndGet(bytes, Math::max);
                  done.incrementAndGet();
                } catch (ReflectiveOperationException e) {
                  throw new AssertionError(e);
                }
              });
      callers[t].start();
    }
    for (Thread caller : callers) {
      join(caller);
    }
    parallel.close();
    assertEquals(callers.length, done.get(), "callers that failed");
    assertTrue(most.get() < 160, most + " bytes a loop");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void wakesItsThreadsAfterARest(int threads) {
    try (Parallel parallel = Parallel.of(threads)) {
      for (int round = 0; round < 5; round++) {
        sleep();
        assertTrue(forksAgain(parallel));
      }
    }
  }

  @Test
  void runsNestedLoopsOfItsOwnThreadsWhereTheyAre() {
    try (Parallel parallel = Parallel.of(2)) {
      AtomicInteger visits = new AtomicInteger();
      parallel.forEach(
          20,
          i -> {
            Thread here = Thread.currentThread();
            parallel.forEach(
                30,
                j -> {
                  assertSame(here, Thread.currentThread());
                  visits.incrementAndGet();
                });
          });
      assertEquals(20 * 30, visits.get());
    }
  }

  @Test
  void runsNestedLoopsWhereTheyAre() {
    Parallel parallel = Parallel.on(POOL);
    AtomicIntegerArray visits = new AtomicIntegerArray(20 * 30);
    parallel.forEach(
        20,
        i -> {
          Thread here = Thread.currentThread();
          parallel.forEach(
              30,
              j -> {
                assertSame(here, Thread.currentThread());
                visits.incrementAndGet(30 * i + j);
              });
        });
    for (int i = 0; i < visits.length(); i++) {
      assertEquals(1, visits.get(i));
    }
  }

  @Test
  void stillForksInsideALoopOfOne() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(2);
    Parallel parallel = Parallel.on(POOL);
    parallel.forEach(
        1,
        i ->
            parallel.forEach(
                2,
                j -> {
                  both.countDown();
                  assertTrue(await(both));
                  threads.add(Thread.currentThread());
                }));
    assertEquals(2, threads.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void throwsWhatTheBodyThrows(int threads) {
    try (Parallel parallel = Parallel.of(threads)) {
      IllegalArgumentException exception = new IllegalArgumentException("row 5");
      AssertionError error = new AssertionError("row 7");
      assertSame(exception, thrown(parallel, 5, exception, null));
      assertSame(error, thrown(parallel, 7, null, error));
      visitsEachIndexOnce(parallel, 100);
      assertTrue(forksAgain(parallel));
    }
  }

  private static Throwable thrown(
      Parallel parallel, int at, RuntimeException exception, Error error) {
    return assertThrows(
        Throwable.class,
        () ->
            parallel.forEach(
                100,
                i -> {
                  if (i == at && exception != null) {
                    throw exception;
                  }
                  if (i == at) {
                    throw error;
                  }
                }));
  }

  private static boolean forksAgain(Parallel parallel) {
    CountDownLatch all = new CountDownLatch(parallel.threads());
    AtomicInteger met = new AtomicInteger();
    parallel.forEach(
        parallel.threads(),
        i -> {
          all.countDown();
          if (await(all)) {
            met.incrementAndGet();
          }
        });
    return met.get() == parallel.threads();
  }

  @Test
  void dropsTheRestAfterAFailureAndWaitsForWhatRuns() {
    try (Parallel parallel = Parallel.of(2)) {
      AtomicInteger running = new AtomicInteger();
      AtomicInteger visits = new AtomicInteger();
      CountDownLatch both = new CountDownLatch(2);
      assertThrows(
          IllegalStateException.class,
          () ->
              parallel.forEach(
                  100_000,
                  i -> {
                    running.incrementAndGet();
                    visits.incrementAndGet();
                    if (i % 50_000 == 0) {
                      both.countDown();
                      await(both);
                    }
                    if (i == 0) {
                      running.decrementAndGet();
                      throw new IllegalStateException();
                    }
                    if (i == 50_000) {
                      sleep();
                    }
                    running.decrementAndGet();
                  }));
      assertEquals(0, running.get());
      assertTrue(visits.get() < 100_000);
    }
  }

  @Test
  void endsItsOwnPool() {
    Parallel parallel = Parallel.of(2);
    parallel.close();
    assertThrows(RejectedExecutionException.class, () -> parallel.forEach(2, i -> {}));
    Parallel.serial().close();
    visitsEachIndexOnce(Parallel.serial(), 3);
  }

  @Test
  void refusesNoThreads() {
    assertThrows(IllegalArgumentException.class, () -> Parallel.of(0));
  }

  @Test
  void takesAllProcessors() {
    try (Parallel parallel = Parallel.allProcessors()) {
      assertEquals(Runtime.getRuntime().availableProcessors(), parallel.threads());
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
