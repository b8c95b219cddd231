package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.Wrapper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A street against a head-end that confirms badly. */
class StreetIT {
  private static final long SEED = 11;
  private static final byte[] OFFICE = "GWOFFICE".getBytes(StandardCharsets.US_ASCII);

  @Test
  @DisplayName("C1 a push without a confirmation is sent again, the same bytes, until one comes")
  void sentAgain() throws IOException {
    try (UnreliableHeadEnd headEnd = new UnreliableHeadEnd();
        Street street = street(20)) {
      street.start(headEnd.address());
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> street.stats().confirmed() >= 200 && street.stats().retried() >= 20);
      assertThat(headEnd.changed).as("pushes sent again with other bytes").isEmpty();
      assertThat(street.stats().refused()).as("forged confirmations").isPositive();
      street.close();
      List<Confirmed> journal = street.journal().drain();
      assertThat(journal).hasSize((int) street.stats().confirmed());
      assertThat(headEnd.confirmed)
          .containsAll(journal.stream().map(c -> c.serial() + " " + c.counter()).toList());
    }
  }

  private static Street street(int meters) throws IOException {
    StreetSettings s = StreetSettings.of(meters).withSeed(SEED).withEvery(Duration.ofSeconds(1));
    return Street.of(
        new StreetSettings(
            s.meters(),
            s.seed(),
            s.state(),
            s.zone(),
            Duration.ofDays(6),
            s.every(),
            s.transport(),
            s.keepOpen(),
            s.skewed(),
            Duration.ofMillis(500),
            s.journal(),
            s.operators()),
        Households.load(),
        InstantSource.system());
  }

  /** Of three first sendings one is confirmed, one with a forged tag, one not at all. */
  private static final class UnreliableHeadEnd implements AutoCloseable {
    private final ServerSocket listener =
        new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final StreetSecret secret = StreetSecret.of(OptionalLong.of(SEED));

    UnreliableHeadEnd() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
      return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = listener.accept();
          Thread.ofVirtual().start(() -> serve(socket));
        }
      } catch (IOException e) {
        // closed
      }
    }

    private void serve(Socket socket) {
      try (socket) {
        LinkDecoder decoder = LinkDecoder.wrapper();
        byte[] chunk = new byte[4_096];
        for (int n = socket.getInputStream().read(chunk);
            n >= 0;
            n = socket.getInputStream().read(chunk)) {
          decoder.feed(ByteBuffer.wrap(chunk, 0, n));
          for (Optional<LinkEvent> e = decoder.next(); e.isPresent(); e = decoder.next()) {
            if (e.get() instanceof LinkEvent.Pdu pdu) {
              for (byte[] answer : answers(pdu.apdu())) {
                socket.getOutputStream().write(Wrapper.encode(1, 1, answer));
              }
            }
          }
        }
      } catch (IOException | DlmsException e) {
        // the meter went away
      }
    }

    private List<byte[]> answers(byte[] apdu) throws DlmsException {
      if (!(Apdus.decode(apdu) instanceof Apdu.Ciphered ciphered)) {
        return List.of();
      }
      byte[] title = ciphered.systemTitle();
      int number = ByteBuffer.wrap(title).getInt(4);
      DlmsKeys keys =
          DlmsKeys.of(secret.key("guek", number).copy(), secret.key("gak", number).copy());
      if (!(Apdus.decode(Ciphering.unprotect(ciphered, new byte[0], keys))
          instanceof Apdu.DataNotification push)) {
        return List.of();
      }
      String name = "GW-%07d %d".formatted(number, ciphered.invocationCounter());
      String before = seen.putIfAbsent(name, HexFormat.of().formatHex(apdu));
      if (before != null && !before.equals(HexFormat.of().formatHex(apdu))) {
        changed.add(name);
      }
      long fate = before == null ? ciphered.invocationCounter() % 3 : 0;
      if (fate == 2) {
        return List.of();
      }
      byte[] confirm =
          Apdus.encode(
              Ciphering.protect(
                  0xDB,
                  SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
                  OFFICE,
                  ciphered.invocationCounter(),
                  Apdus.encode(Apdu.DataNotificationConfirm.of(push)),
                  keys));
      List<byte[]> answers = new ArrayList<>();
      if (fate == 1) {
        byte[] forged = Arrays.copyOf(confirm, confirm.length);
        forged[forged.length - 1] ^= 1;
        answers.add(forged);
      } else {
        confirmed.add(name);
        answers.add(confirm);
      }
      return answers;
    }
  }
}
