package io.lanewise.kernels.parallel;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that help a caller with its loops. The caller works too and waits for no helper that has
 * not begun, so a loop costs it little more than its own work.
 *
 * <p>Between loops a helper first spins and then parks: the loops of a step follow each other
 * within microseconds, and waking a parked thread takes tens of them.
 */
final class Team {
  /** How long to spin: about what parking and waking cost together. */
  private static final long SPIN_NANOS = 100_000;

  private static final int CLOSED = 1 << 30;

  private final Helper[] helpers;
  private final Loop loop = new Loop();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final boolean spins;
  private final Shift none = new Shift(null, null);
  private volatile Shift shift = none;
  private volatile boolean ended;

  /** Starts the helpers; they spin only where each can have a processor. */
  Team(int count) {
    spins = count < Runtime.getRuntime().availableProcessors();
    helpers = new Helper[count];
    for (int i = 0; i < count; i++) {
      helpers[i] = new Helper(i + 1);
      helpers[i].start();
    }
  }

  /**
   * Runs a loop, with up to {@code runners - 1} helpers; alone if the team works for another
   * caller.
   *
   * @throws RejectedExecutionException after {@link #end}
   * @throws RuntimeException or Error what the body threw first
   */
  void run(int count, int runners, IntConsumer body) {
    if (ended) {
      throw new RejectedExecutionException("this Parallel is closed");
    }
    if (!taken.compareAndSet(false, true)) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
      return;
    }
    Throwable failure;
    try {
      loop.begin(count, runners, body);
      runTogether(runners - 1);
      failure = loop.end();
    } finally {
      taken.set(false);
    }
    Loop.rethrow(failure);
  }

  private void runTogether(int wanted) {
    Shift own = new Shift(loop, Thread.currentThread());
    shift = own;
    try {
      for (int i = 0; i < wanted; i++) {
        if (helpers[i].parked) {
          LockSupport.unpark(helpers[i]);
        }
      }
      loop.run(0);
    } finally {
      own.close(spins);
    }
  }

  /** Lets the helpers end. */
  void end() {
    ended = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  /** One loop and who is at it: the number of helpers, and whether new ones may still begin. */
  private static final class Shift {
    private Loop loop;
    private final Thread caller;
    private final AtomicInteger state = new AtomicInteger();

    Shift(Loop loop, Thread caller) {
      this.loop = loop;
      this.caller = caller;
    }

    void help(int runner) {
      if (state.incrementAndGet() < CLOSED) {
        loop.run(runner);
      }
      if (state.decrementAndGet() == CLOSED) {
        LockSupport.unpark(caller);
      }
    }

    /** Lets no helper begin any more and waits for those that have. */
    void close(boolean spins) {
      int now = state.addAndGet(CLOSED);
      long end = now == CLOSED || !spins ? 0 : System.nanoTime() + SPIN_NANOS;
      while (state.get() != CLOSED) {
        if (end != 0 && System.nanoTime() - end < 0) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      loop = null;
    }
  }

  private final class Helper extends Thread {
    private final int runner;
    volatile boolean parked;

    Helper(int runner) {
      super("lanewise-" + runner);
      this.runner = runner;
      setDaemon(true);
    }

    @Override
    public void run() {
      Parallel.enterRunner();
      Shift done = none;
      while (!ended) {
        Shift next = await(done);
        if (next != done) {
          next.help(runner);
          done = next;
        }
      }
    }

    /** The next loop, or the last one if the team ends or the wait was in vain. */
    private Shift await(Shift done) {
      long end = System.nanoTime() + SPIN_NANOS;
      while (spins && shift == done && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      parked = true;
      if (shift == done && !ended) {
        LockSupport.park(Team.this);
      }
      parked = false;
      return shift;
    }
  }
}
