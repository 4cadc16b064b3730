package io.lanewise.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.kernels.parallel.Parallel;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Loading ahead changes when batches are loaded, and nothing else. */
class BatchesAheadTest {
  private static BatchLoader loader(Parallel parallel) {
    return BatchLoader.training(
        TestData.train(50), Normalization.CENTERED, Augment.FLIP_SHIFT_2, 5, 16, parallel);
  }

  @Test
  void sameBatchesAsWithout() {
    BatchLoader plain = loader(Parallel.serial());
    for (int threads : new int[] {1, 2, 9}) {
      try (Parallel parallel = Parallel.of(threads);
          BatchesAhead ahead = new BatchesAhead(BatchesAheadTest::loader, parallel)) {
        assertEquals(4, ahead.batches());
        for (int epoch = 0; epoch < 3; epoch++) {
          for (int i = epoch == 0 ? 2 : 0; i < 4; i++) {
            BatchesAhead.Batch batch = ahead.next(epoch, i);
            assertEquals(plain.load(epoch, i), batch.n());
            int floats = batch.n() * 3072;
            assertArrayEquals(
                Arrays.copyOf(plain.images(), floats), Arrays.copyOf(batch.images(), floats));
            assertArrayEquals(
                Arrays.copyOf(plain.labels(), batch.n()), Arrays.copyOf(batch.labels(), batch.n()));
          }
        }
        ahead.next(7, 3);
        BatchesAhead.Batch jumped = ahead.next(1, 1);
        plain.load(1, 1);
        assertArrayEquals(plain.images(), jumped.images());
        assertTrue(ahead.loadNanos() > 0);
      }
    }
  }

  @Test
  void whatFailsInTheThreadIsThrownWhereItIsAskedFor() {
    try (Parallel parallel = Parallel.of(2);
        BatchesAhead ahead = new BatchesAhead(BatchesAheadTest::loader, parallel)) {
      assertThrows(RuntimeException.class, () -> ahead.next(0, 99));
    }
  }

  @Test
  void errorsOfTheThreadStayErrors() {
    FutureTask<BatchesAhead.Batch> task =
        new FutureTask<>(
            () -> {
              throw new OutOfMemoryError("none left");
            });
    task.run();
    assertThrows(OutOfMemoryError.class, () -> BatchesAhead.get(task));
  }
}
