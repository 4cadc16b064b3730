package io.lanewise.kernels.parallel;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * The one door to ForkJoin: runs the pieces of a loop on a pool.
 *
 * <p>Who calls decides the pieces, from a shape; this class decides only who runs them. As pieces
 * write disjoint arrays or partial sums of their own, results have the same bits for any number of
 * threads.
 */
public final class Parallel implements AutoCloseable {
  private static final Parallel SERIAL = new Parallel(null, 1, false);

  private final ForkJoinPool pool;
  private final int threads;
  private final boolean owned;

  private Parallel(ForkJoinPool pool, int threads, boolean owned) {
    this.pool = pool;
    this.threads = threads;
    this.owned = owned;
  }

  /** Runs everything on the calling thread. */
  public static Parallel serial() {
    return SERIAL;
  }

  /**
   * A pool of its own; {@link #close} ends it.
   *
   * @param threads number of threads; 1 gives {@link #serial()}
   * @throws IllegalArgumentException if threads is below 1
   */
  public static Parallel of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", needs at least 1");
    }
    return threads == 1 ? SERIAL : new Parallel(new ForkJoinPool(threads), threads, true);
  }

  /**
   * Runs on the caller's pool, which stays the caller's to close. A pool of one thread has no
   * advantage over the calling thread, so loops then stay there.
   */
  public static Parallel on(ForkJoinPool pool) {
    return new Parallel(pool, pool.getParallelism(), false);
  }

  /** A pool with a thread for each processor of this machine. */
  public static Parallel allProcessors() {
    return of(Runtime.getRuntime().availableProcessors());
  }

  /** How many pieces can run at once. */
  public int threads() {
    return threads;
  }

  /**
   * Calls {@code body} once for each index from 0 to count - 1 and returns when all are done.
   * Indices are taken in order by whoever is free; nested calls run where they are.
   *
   * @throws RuntimeException or Error what the body threw first; indices not yet begun are dropped
   */
  public void forEach(int count, IntConsumer body) {
    int runners = Math.min(threads, count);
    if (runners <= 1 || insideLoop()) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
      return;
    }
    Loop loop = new Loop(count, body);
    Runner root = new Runner(loop, runners);
    ForkJoinPool current = RecursiveAction.getPool();
    if (current == pool || (current == null && pool == ForkJoinPool.commonPool())) {
      root.invoke();
    } else {
      pool.invoke(root);
    }
    loop.rethrow();
  }

  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

  /**
   * Whether the calling thread runs a piece of a loop, so that loops in it run on this thread
   * alone.
   */
  public static boolean insideLoop() {
    return INSIDE.get();
  }

  /** Ends the pool if it is this object's own; later calls of {@link #forEach} then fail. */
  @Override
  public void close() {
    if (owned) {
      pool.shutdown();
    }
  }

  /** What the runners of one loop share. */
  private static final class Loop {
    private final int count;
    private final IntConsumer body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Loop(int count, IntConsumer body) {
      this.count = count;
      this.body = body;
    }

    /** Takes indices until none is left; a failure takes the rest away. */
    void run() {
      try {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
          body.accept(i);
        }
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
        next.set(count);
      }
    }

    /** Throws the first failure itself; ForkJoin would throw a copy with another message. */
    void rethrow() {
      Throwable first = failure.get();
      if (first instanceof Error error) {
        throw error;
      }
      if (first instanceof RuntimeException exception) {
        throw exception;
      }
      if (first != null) {
        throw new UndeclaredThrowableException(first);
      }
    }
  }

  /** A thread's part in a loop; the first one forks its fellows. */
  private static final class Runner extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient Loop loop;
    private final int runners;

    Runner(Loop loop, int runners) {
      this.loop = loop;
      this.runners = runners;
    }

    @Override
    protected void compute() {
      Runner fellow = null;
      if (runners > 1) {
        fellow = new Runner(loop, runners - 1);
        fellow.fork();
      }
      boolean outer = INSIDE.get();
      INSIDE.set(true);
      loop.run();
      INSIDE.set(outer);
      if (fellow != null) {
        fellow.join();
      }
    }
  }
}
