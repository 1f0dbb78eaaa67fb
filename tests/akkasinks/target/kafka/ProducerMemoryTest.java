package akkasinks.target.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProducerMemoryTest {
  private static final long LIMIT = 64L << 20;

  @Test
  void oneSinkGetsLargeBatches() {
    assertThat(new ProducerMemory(LIMIT).share(4).batch()).isEqualTo(512 << 10);
  }

  @Test
  void manySinksAndManyPartitionsStayWithinTheLimit() {
    var memory = new ProducerMemory(LIMIT);
    long bytes = 0;
    for (int sink = 0; sink < 64; sink++) {
      bytes += 4L * memory.share(4).batch();
    }
    assertThat(bytes).isLessThanOrEqualTo(LIMIT);
    assertThat(100L * new ProducerMemory(LIMIT).share(100).batch()).isLessThanOrEqualTo(LIMIT / 8);
  }

  @Test
  void whatAClosedProducerHeldIsGivenToTheNext() {
    var memory = new ProducerMemory(LIMIT);
    List<ProducerMemory.Share> shares = new ArrayList<>();
    for (int sink = 0; sink < 100; sink++) {
      shares.add(memory.share(4));
    }
    assertThat(memory.share(4).batch()).isEqualTo(ProducerMemory.SMALLEST);

    shares.forEach(ProducerMemory.Share::close);
    shares.forEach(ProducerMemory.Share::close);

    assertThat(memory.share(4).batch()).isEqualTo(512 << 10);
  }
}
