package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.xmpp.TestOffice.A;
import static org.gridwarden.channel.xmpp.TestOffice.B;
import static org.gridwarden.channel.xmpp.TestOffice.SOON;
import static org.gridwarden.channel.xmpp.TestOffice.usage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Warning;
import org.gridwarden.message.Form;
import org.gridwarden.message.Payload;
import org.gridwarden.message.listener.Tally;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A foreign client (Debian's python3-slixmpp) at a foreign server (Debian's Prosody). */
class SlixmppIT {
  @TempDir static Path home;
  private static TestProsody prosody;
  @TempDir Path folder;

  @BeforeAll
  static void startProsody() throws Exception {
    prosody = TestProsody.start(home, 1_024);
  }

  @AfterAll
  static void stopProsody() throws Exception {
    if (prosody != null) { // it did not start
      prosody.close();
    }
  }

  private Path file(byte[] message) throws Exception {
    return Files.write(folder.resolve("message"), message);
  }

  @Test
  void aQuestionIsAnsweredAfterTheCommit() throws Exception {
    try (TestOffice office = new TestOffice(prosody)) {
      Path message = file(office.end(A).seal(Form.SENML_CBOR, usage(A, 117)));
      for (String word : new String[] {"stored", "duplicate"}) {
        try (Peer peer = Peer.start(prosody, A, "send", message)) {
          assertThat(peer.says("answer")).isEqualTo("answer " + word);
        }
      }
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
    }
  }

  @Test
  @DisplayName(
      "C22: meter A's account says nothing as meter B; nobody logs in by another's password")
  void anotherMetersMessageIsRefused() throws Exception {
    try (TestOffice office = new TestOffice(prosody)) {
      Path message = file(office.end(B).seal(Form.SENML_CBOR, usage(B, 1)));
      try (Peer peer = Peer.start(prosody, A, "send", message)) {
        assertThat(peer.says("error")).isEqualTo("error auth forbidden");
      }
      try (Peer peer =
          Peer.start(prosody, A, TestOffice.key(B, Purpose.MESSAGE), "send", message)) {
        assertThat(peer.says("refused")).isEqualTo("refused");
      }
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  @DisplayName("C22: meters speak to the office, and never to each other")
  void metersAreWalledOff() throws Exception {
    try (TestOffice office = new TestOffice(prosody)) {
      Path will = file(TestOffice.lost(B, office.end(B)));
      try (Peer other = Peer.start(prosody, B, "leave", will)) {
        other.says("there");
        try (Peer peer =
            Peer.start(prosody, A, "speak", "gw-0000002@" + TestProsody.DOMAIN + "/slixmpp")) {
          assertThat(peer.ended()).containsSequence("error auth forbidden", "answer nothing");
        }
        other.tell("go");
        assertThat(other.ended()).contains("there").noneMatch(line -> line.startsWith("heard"));
      }
    }
  }

  @Test
  void anItemOfTheNodeIsTaken() throws Exception {
    try (TestOffice office = new TestOffice(prosody)) {
      Path message = file(office.end(A).seal(Form.SENML_CBOR, usage(A, 5)));
      for (int i = 1; i <= 2; i++) {
        int times = i;
        try (Peer peer = Peer.start(prosody, A, "publish", message)) {
          assertThat(peer.says("published")).isEqualTo("published result");
        }
        await().atMost(SOON).until(() -> office.submitted.size() == times);
      }
      // nobody says whether an item arrived, so meters may say it again: intake knows it
      await().atMost(SOON).until(() -> office.channel.tally().of(Tally.What.DUPLICATE) == 1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 5));
    }
  }

  @Test
  void anOrderIsHeard() throws Exception {
    try (TestOffice office = new TestOffice(prosody)) {
      Path will = file(TestOffice.lost(A, office.end(A)));
      try (Peer peer = Peer.start(prosody, A, "listen", will)) {
        peer.says("there");
        assertThat(office.channel.reaches(A)).isTrue();
        SignedCommand command =
            new SignedCommand(new CommandId(new UUID(1, 1)), A, new byte[] {1, 2, 3});
        CompletableFuture<String> order = CompletableFuture.supplyAsync(() -> peer.says("order"));
        var session = office.channel.open(A, Deadline.in(Duration.ofSeconds(5)));
        // it says that it has it, and gives no receipt
        assertThatThrownBy(() -> session.send(command)).isInstanceOf(ChannelException.class);
        String line = order.get(SOON.toSeconds(), TimeUnit.SECONDS);
        byte[] message = Base64.getDecoder().decode(line.substring("order ".length()));
        assertThat(office.end(A).open(message)).isInstanceOf(Payload.Dispatch.class);
      }
    }
  }

  @Test
  void whoIsCutOffIsAHintAtAnOutage() throws Exception {
    try (TestOffice office = new TestOffice(prosody, Map.of("grace", "500ms"))) {
      Path will = file(TestOffice.lost(A, office.end(A)));
      try (Peer peer = Peer.start(prosody, A, "listen", will)) {
        peer.says("there");
      }
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().content().getFirst())
          .isInstanceOfSatisfying(
              Warning.class, w -> assertThat(w.code()).isEqualTo("connection.lost"));
      assertThat(office.channel.reaches(A)).isFalse();
      assertThat(office.channel.tally().of(Tally.What.WILL)).isEqualTo(1);
    }
  }

  @Test
  void whoFallsSilentIsAHintAtAnOutageToo() throws Exception {
    try (TestOffice office = new TestOffice(prosody, Map.of("ping", "500ms", "grace", "100ms"))) {
      Path will = file(TestOffice.lost(A, office.end(A)));
      try (Peer peer = Peer.start(prosody, A, "listen", will)) {
        peer.says("there");
        peer.freeze();
        await().atMost(SOON).until(() -> office.submitted.size() == 1);
        assertThat(office.channel.reaches(A)).isFalse();
      }
    }
  }

  @Test
  void whoTakesItsLeaveIsNone() throws Exception {
    try (TestOffice office = new TestOffice(prosody, Map.of("grace", "100ms"))) {
      Path will = file(TestOffice.lost(A, office.end(A)));
      try (Peer polite = Peer.start(prosody, A, "leave", will)) {
        polite.says("there");
        polite.tell("go");
        polite.ended();
        await().atMost(SOON).until(() -> !office.channel.reaches(A));
      }
      Path other = Files.write(folder.resolve("other"), TestOffice.lost(B, office.end(B)));
      try (Peer cut = Peer.start(prosody, B, "listen", other)) {
        cut.says("there");
      }
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().id().meter()).isEqualTo(B);
    }
  }

  @Test
  void whoSaysThatItIsAboutToGoTakesNoOrders() throws Exception {
    try (TestOffice office = new TestOffice(prosody, Map.of("grace", "100ms"))) {
      Path will = file(TestOffice.lost(A, office.end(A)));
      try (Peer peer = Peer.start(prosody, A, "away", will)) {
        peer.says("there");
        assertThat(office.channel.reaches(A)).isFalse();
        await().atMost(SOON).until(() -> office.submitted.size() == 1);
      }
    }
  }
}
