package io.lanewise.kernels.contract;

import java.lang.reflect.Method;

/** What a thread has allocated so far. */
public final class AllocatedBytes {
  private AllocatedBytes() {}

  /**
   * Of the calling thread, by reflection, as the module under test does not read java.management.
   */
  public static long ofThisThread() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method bytes =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class);
    long count = (long) bytes.invoke(bean, Thread.currentThread().getId());
    if (count < 0) {
      throw new IllegalStateException("this JVM does not count what threads allocate");
    }
    return count;
  }
}
