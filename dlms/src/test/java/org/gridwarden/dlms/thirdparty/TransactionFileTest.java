package org.gridwarden.dlms.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionFileTest {
  private static final OctetString OLIVIA = OctetString.of(new byte[] {'G', 'W', 'O', 1});
  private static final OctetString PETER = OctetString.of(new byte[] {'G', 'W', 'O', 2});

  @TempDir private Path folder;

  private static OctetString id(int n) {
    return OctetString.of(new byte[] {(byte) (n >> 8), (byte) n});
  }

  @Test
  @DisplayName("C10: an id is used once by each originator, also after a restart")
  void once() throws IOException {
    Path file = folder.resolve("transactions");
    TransactionMemory memory = TransactionFile.open(file);
    assertThat(memory.use(OLIVIA, id(5))).isTrue();
    assertThat(memory.use(OLIVIA, id(5))).isFalse();
    assertThat(memory.use(PETER, id(5))).isTrue();
    assertThat(memory.use(OLIVIA, id(3))).as("an older one that was held back").isTrue();
    TransactionMemory again = TransactionFile.open(file);
    assertThat(again.use(OLIVIA, id(5))).isFalse();
    assertThat(again.use(OLIVIA, id(3))).isFalse();
    assertThat(again.use(PETER, id(5))).isFalse();
    assertThat(again.use(OLIVIA, id(4))).isTrue();
  }

  @Test
  @DisplayName("C10: what is older than the ids that are remembered is over")
  void floor() throws IOException {
    Path file = folder.resolve("transactions");
    TransactionMemory memory = TransactionFile.open(file);
    int last = 2 * TransactionMemory.REMEMBERED;
    for (int n = 2; n <= last; n += 2) {
      assertThat(memory.use(OLIVIA, id(n))).isTrue();
    }
    assertThat(memory.use(OLIVIA, id(last + 2))).as("id 2 is forgotten now").isTrue();
    for (TransactionMemory each : new TransactionMemory[] {memory, TransactionFile.open(file)}) {
      assertThat(each.use(OLIVIA, id(1))).isFalse();
      assertThat(each.use(OLIVIA, id(2))).isFalse();
      assertThat(each.use(OLIVIA, id(4))).isFalse();
    }
    assertThat(memory.use(PETER, id(1))).as("each has their own").isTrue();
    assertThat(TransactionFile.open(file).use(OLIVIA, id(5)))
        .as("never used, and new enough")
        .isTrue();
  }

  @Test
  @DisplayName("C27: where the memory cannot be kept or read nothing is let in")
  void closed() throws IOException {
    Path file = folder.resolve("transactions");
    TransactionMemory memory = TransactionFile.open(file);
    Files.createDirectory(folder.resolve("transactions.new")); // in the way
    assertThatThrownBy(() -> memory.use(OLIVIA, id(1))).isInstanceOf(UncheckedIOException.class);
    Files.delete(folder.resolve("transactions.new"));
    assertThat(memory.use(OLIVIA, id(1))).as("it was not done").isTrue();

    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TransactionFile.open(file))
          .as("cut after %d bytes", length)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("damaged");
    }
  }
}
