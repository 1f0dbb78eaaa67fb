package akkasinks.partition;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionerTest {

  @ParameterizedTest
  @CsvSource({
    "'', 14492805990617963705",
    "foobar, 5348458858952426560",
    "to be or not to be, 1988685042348123509",
    "love is a wonderful terrible thing, 4784284276849692846",
  })
  void seahashGivesThePublishedValues(String text, String expected) {
    assertThat(Long.toUnsignedString(SeaHash.hash(utf8(text)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "21, 1173551340",
    "foobar, 1357151166",
    "a-little-bit-long-string, 1161502112",
    "a-little-bit-longer-string, 661178819",
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, 2088585677",
    "abc, 479470107",
  })
  void murmur2GivesThePublishedValues(String text, int expected) {
    assertThat(Murmur2.hash(utf8(text)) & 0x7fffffff).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"apple, 5", "banana, 13", "grape, 5", "orange, 8", "zucchini, 4"})
  void murmur2PlacesKeysWherePublished(String key, int expected) {
    assertThat(Partitioner.murmur2().partition(utf8(key), 16)).isEqualTo(expected);
  }

  @Test
  void seahashPlacesKeysWherePublished() {
    byte[] avroBody = HexFormat.of().parseHex("02047631");
    assertThat(Partitioner.seahash().partition(avroBody, 100)).isEqualTo(75);
    assertThat(Partitioner.seahash().partition(avroBody, 200)).isEqualTo(175);
  }

  @Test
  void theRemainderIsThatOfAnUnsignedHash() {
    assertThat(SeaHash.hash(new byte[0])).isNegative();
    assertThat(Partitioner.seahash().partition(new byte[0], 1000)).isEqualTo(705);
  }

  @Test
  void withoutAKeyItIsTheFirstPartition() {
    assertThat(Partitioner.seahash().partition(null, 7)).isZero();
    assertThat(Partitioner.murmur2().partition(null, 7)).isZero();
  }

  @Test
  void murmur2IsKafkasForAnyBytes() {
    Seeds.forAll(
        2_000,
        random -> {
          byte[] key = new byte[random.nextInt(70)];
          random.nextBytes(key);
          int partitions = 1 + random.nextInt(100);
          assertThat(Murmur2.hash(key)).isEqualTo(Utils.murmur2(key));
          assertThat(Partitioner.murmur2().partition(key, partitions))
              .isEqualTo(Utils.toPositive(Utils.murmur2(key)) % partitions);
        });
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
