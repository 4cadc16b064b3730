package io.lanewise.kernels.parallel;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * What the runners of a loop share: the indices that are left, and the first failure.
 *
 * <p>Each runner has a share of neighbouring indices and takes them from the front; one that has
 * none left takes from the ends of the others' shares. So a thread gets about the same part of each
 * loop over the same things, which its cache still holds, and counts on a cache line that others
 * leave alone while they have work.
 *
 * <p>It serves one loop after the other, so that they cost no garbage.
 */
final class Loop {
  /** Longs from one share to the next: two cache lines, as processors fetch them in pairs. */
  private static final int PITCH = 16;

  private static final int NONE = -1;

  /** Of each share the index taken next, in the upper half, and the one behind its last. */
  private AtomicLongArray shares = new AtomicLongArray(0);

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private int runners;
  private IntConsumer body;

  /** Begins a loop from 0 to count - 1, before its runners start. */
  void begin(int count, int runners, IntConsumer body) {
    int size = (runners + 1) * PITCH;
    if (shares.length() < size) {
      shares = new AtomicLongArray(size);
    }
    for (int i = 0; i < runners; i++) {
      long first = (long) count * i / runners;
      long end = (long) count * (i + 1) / runners;
      shares.set(at(i), first << Integer.SIZE | end);
    }
    this.runners = runners;
    this.body = body;
  }

  /**
   * Takes indices until none is left; a failure takes the rest away.
   *
   * @param runner whose share comes first, counted from 0; where there are more runners than
   *     shares, some have one together
   */
  void run(int runner) {
    int own = runner % runners;
    try {
      for (int i = takeFirst(own); i != NONE; i = takeFirst(own)) {
        body.accept(i);
      }
      for (int next = 1; next < runners; next++) {
        int other = (own + next) % runners;
        for (int i = takeLast(other); i != NONE; i = takeLast(other)) {
          body.accept(i);
        }
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
      for (int i = 0; i < runners; i++) {
        shares.set(at(i), 0);
      }
    }
  }

  private int takeFirst(int share) {
    int at = at(share);
    for (long left = shares.get(at); first(left) < end(left); left = shares.get(at)) {
      if (shares.compareAndSet(at, left, left + (1L << Integer.SIZE))) {
        return first(left);
      }
    }
    return NONE;
  }

  private int takeLast(int share) {
    int at = at(share);
    for (long left = shares.get(at); first(left) < end(left); left = shares.get(at)) {
      if (shares.compareAndSet(at, left, left - 1)) {
        return end(left) - 1;
      }
    }
    return NONE;
  }

  private static int at(int share) {
    return (share + 1) * PITCH;
  }

  private static int first(long left) {
    return (int) (left >>> Integer.SIZE);
  }

  private static int end(long left) {
    return (int) left;
  }

  /** How many shares there are. */
  int runners() {
    return runners;
  }

  /** Ends a loop whose runners are done: forgets its body, and gives its first failure or null. */
  Throwable end() {
    body = null;
    return failure.getAndSet(null);
  }

  /** Throws a failure itself; ForkJoin would throw a copy with another message. */
  static void rethrow(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure != null) {
      throw new UndeclaredThrowableException(failure);
    }
  }
}
