package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountersTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("C2 a street that was killed and comes back uses no counter twice")
  void noCounterTwice() throws IOException {
    Optional<Path> file = Optional.of(folder.resolve("state"));
    long highest = 0;
    for (int life = 0; life < 3; life++) {
      Counters counters = new Counters(StreetState.open(file, OptionalLong.empty()), 2);
      for (int i = 0; i < 60_000; i++) {
        long counter = counters.next(1);
        assertThat(counter).isGreaterThan(highest);
        highest = counter;
      }
    }
  }

  @Test
  void aStreetThatComesBackHasTheSameKeys() throws IOException {
    Optional<Path> file = Optional.of(folder.resolve("state"));
    StreetState first = StreetState.open(file, OptionalLong.empty());
    first.keep(10);
    StreetState second = StreetState.open(file, OptionalLong.empty());
    assertThat(second.secret().key("guek", 3)).isEqualTo(first.secret().key("guek", 3));
    assertThat(second.secret().key("gak", 3)).isNotEqualTo(first.secret().key("guek", 3));
  }

  @Test
  @DisplayName("C31 without a seed every street has keys of its own, readable by its owner only")
  void ownKeys() throws IOException {
    StreetState one = StreetState.open(Optional.empty(), OptionalLong.empty());
    StreetState other = StreetState.open(Optional.empty(), OptionalLong.empty());
    assertThat(one.secret().key("guek", 1)).isNotEqualTo(other.secret().key("guek", 1));
    Path file = folder.resolve("state");
    StreetState.open(Optional.of(file), OptionalLong.empty()).keep(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void anotherSeedsStateIsRefused() throws IOException {
    Path file = folder.resolve("state");
    StreetState.open(Optional.of(file), OptionalLong.of(1)).keep(1);
    assertThatThrownBy(() -> StreetState.open(Optional.of(file), OptionalLong.of(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another seed");
  }
}
