package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * A training step allocates no large arrays once warm, only small objects: for the 16 samples of a
 * step, run one by one, less than two of them need for the output of the first convolution alone.
 */
final class WarmStepTest {
  private static final int BATCH = 16;
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  @Test
  void allocatesNoLargeArrays() {
    Network net =
        NetBuilder.image(Shape.of(32, 32, 3))
            .seed(4)
            .conv(48, 3)
            .relu()
            .pool(4)
            .conv(8, 3)
            .relu()
            .pool(2)
            .dropout(0.25f)
            .fc(10)
            .softmax("convnet");
    Session session = Session.on(net.graph()).batch(BATCH).parallel(Parallel.serial()).training();
    session.feed(net.image(), new float[BATCH * net.image().size()]);
    session.feedLabels(new int[BATCH]);
    Sgd sgd = new Sgd(net.graph().parameters(), 0.01, 0.9, false, 0, 1e-4);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long most = 2 * 4L * net.graph().tensor("conv1").size();
    long end = System.nanoTime() + PATIENCE_NANOS;
    long allocated;
    do {
      long before = threads.getThreadAllocatedBytes(thread);
      session.step(BATCH);
      sgd.step(session.parallel());
      allocated = threads.getThreadAllocatedBytes(thread) - before;
    } while (allocated > most && System.nanoTime() < end);
    assertTrue(allocated <= most, allocated + " bytes in a step, most " + most);
  }
}
