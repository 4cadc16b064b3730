package io.lanewise.kernels.parallel;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.function.IntConsumer;

/**
 * The one door to threads: runs the pieces of a loop on a team of its own or on the caller's pool.
 *
 * <p>Who calls decides the pieces, from a shape; this class decides only who runs them. As pieces
 * write disjoint arrays or partial sums of their own, results have the same bits for any number of
 * threads.
 */
public final class Parallel implements AutoCloseable {
  private static final Parallel SERIAL = new Parallel(null, null, 1);

  private final Team team;
  private final ForkJoinPool pool;
  private final int threads;
  private final ConcurrentLinkedQueue<Loop> spare = new ConcurrentLinkedQueue<>();

  private Parallel(Team team, ForkJoinPool pool, int threads) {
    this.team = team;
    this.pool = pool;
    this.threads = threads;
  }

  /** Runs everything on the calling thread. */
  public static Parallel serial() {
    return SERIAL;
  }

  /**
   * Threads of its own, which {@link #close} ends. They serve one caller at a time; loops of others
   * meanwhile stay on the threads that call.
   *
   * @param threads number of threads, the calling one among them; 1 gives {@link #serial()}
   * @throws IllegalArgumentException if threads is below 1
   */
  public static Parallel of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", needs at least 1");
    }
    return threads == 1 ? SERIAL : new Parallel(new Team(threads - 1), null, threads);
  }

  /**
   * Runs on the caller's pool, which stays the caller's to close; where it is shut down during a
   * loop, the caller gets what the pool throws, and some bodies may still run. A pool of one thread
   * has no advantage over the calling thread, so loops then stay there.
   */
  public static Parallel on(ForkJoinPool pool) {
    return new Parallel(null, pool, pool.getParallelism());
  }

  /** Threads of its own, as many as this machine has processors. */
  public static Parallel allProcessors() {
    return of(Runtime.getRuntime().availableProcessors());
  }

  /** How many pieces can run at once. */
  public int threads() {
    return threads;
  }

  /**
   * Calls {@code body} once for each index from 0 to count - 1 and returns when all are done. Each
   * thread has a share of neighbouring indices, and helps the others when it has no more. Of a
   * team's threads each has the same share in every loop of as many, the calling one the first;
   * which worker of a pool has which is up to the pool. Nested calls run where they are.
   *
   * @throws RuntimeException or Error what the body threw first; indices not yet begun are dropped
   */
  public void forEach(int count, IntConsumer body) {
    int runners = Math.min(threads, count);
    if (runners <= 1 || !isShared()) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
      return;
    }
    if (team == null) {
      runOnPool(count, runners, body);
      return;
    }
    INSIDE.set(true);
    try {
      team.run(count, runners, body);
    } finally {
      INSIDE.set(false);
    }
  }

  private void runOnPool(int count, int runners, IntConsumer body) {
    Loop free = spare.poll();
    Loop loop = free == null ? new Loop() : free;
    loop.begin(count, runners, body);
    Runner root = new Runner(loop, 0);
    ForkJoinPool current = RecursiveAction.getPool();
    if (current == pool || (current == null && pool == ForkJoinPool.commonPool())) {
      root.invoke();
    } else {
      pool.invoke(root);
    }
    Throwable failure = loop.end();
    spare.add(loop);
    Loop.rethrow(failure);
  }

  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

  /**
   * Whether the calling thread runs a piece of a loop, so that loops in it run on this thread
   * alone.
   */
  public static boolean insideLoop() {
    return INSIDE.get();
  }

  /** Whether loops that the calling thread begins now may run on several threads. */
  public boolean isShared() {
    return threads > 1 && !insideLoop();
  }

  /** A number of the calling thread, which another one may have by chance. */
  static int caller() {
    return System.identityHashCode(Thread.currentThread());
  }

  /** Marks the calling thread as one whose loops stay on it. */
  static void enterRunner() {
    INSIDE.set(true);
  }

  /** Ends the threads if they are this object's own; later loops of several pieces then fail. */
  @Override
  public void close() {
    if (team != null) {
      team.end();
    }
  }

  /** A thread's part in a loop; it forks the next one first. */
  private static final class Runner extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient Loop loop;
    private final int number;

    Runner(Loop loop, int number) {
      this.loop = loop;
      this.number = number;
    }

    @Override
    protected void compute() {
      Runner fellow = null;
      if (number + 1 < loop.runners()) {
        fellow = new Runner(loop, number + 1);
        fellow.fork();
      }
      boolean outer = INSIDE.get();
      INSIDE.set(true);
      loop.run(number);
      INSIDE.set(outer);
      if (fellow != null) {
        fellow.join();
      }
    }
  }
}
