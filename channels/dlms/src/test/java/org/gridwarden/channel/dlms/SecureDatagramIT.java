package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Channel;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.CertificateCheck;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.CertificateProfile.Usage;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.KeyPairs;
import org.gridwarden.security.certificate.OfficeTls;
import org.gridwarden.security.certificate.Revocations;
import org.gridwarden.security.dtls.DtlsLine;
import org.gridwarden.security.dtls.OfficeDtls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S23: pushes in datagrams under mutual DTLS, and whose certificates open the door. */
class SecureDatagramIT {
  private static final Holder METER =
      Holder.meter(new TestOffice().meter().id().value(), TestOffice.TITLE);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static OfficeKey key;

  @TempDir private Path folder;
  private final TestOffice office = new TestOffice();
  private volatile Instant now = Instant.parse("2026-11-26T03:00:00Z");
  private final Revocations revocations = new Revocations();
  private CertificateAuthority authority;
  private OfficeDtls dtls;
  private OfficeTls tls;
  private Channel channel;
  private InetSocketAddress port;

  @BeforeAll
  static void key(@TempDir Path keys) throws IOException {
    key = OfficeKey.open(keys);
  }

  @BeforeEach
  void start() throws Exception {
    authority = CertificateAuthority.open(folder.resolve("ca"), key, () -> now);
    CertificateCheck check = new CertificateCheck(authority, revocations, () -> now);
    revocations.learn(Set.of(), now);
    Credential own = credential(authority, Holder.of(Holder.Kind.OFFICE, "head-end"));
    dtls = new OfficeDtls(check, revocations, () -> own);
    tls = new OfficeTls(check, revocations, () -> own, () -> now, dtls);
    channel =
        new DlmsChannelFactory()
            .create(Map.of("dtls", Map.of("bind", "0.0.0.0", "port", 0), "firstMessage", "3s"))
            .get(0);
    Channel.Host plain = office.host();
    channel.start(
        new Channel.Host(
            plain.intake(),
            plain.meters(),
            plain.keys(),
            plain.admission(),
            plain.counters(),
            plain.clock(),
            tls));
    port =
        new InetSocketAddress(
            "127.0.0.1", Integer.parseInt(channel.id().instance().substring("dtls-".length())));
  }

  @AfterEach
  void stop() {
    channel.close();
    tls.close();
    dtls.close();
  }

  private static Credential credential(CertificateAuthority by, Holder holder) {
    KeyPair pair = KeyPairs.make();
    X509Certificate certificate = by.issue(holder, pair.getPublic(), List.of());
    return new Credential(pair.getPrivate(), by.chain(certificate));
  }

  private DtlsLine line(Credential shown, InetSocketAddress to, String from) throws IOException {
    CertificateCheck check = new CertificateCheck(authority, new Revocations(), () -> now);
    return DtlsLine.open(
        to,
        Optional.of(InetAddress.getByName(from)),
        () -> shown,
        chain -> {
          var unused = check.check(chain, EnumSet.of(Holder.Kind.OFFICE), Usage.SERVER);
        });
  }

  private static byte[] push(long counter) {
    return Wrapper.encode(
        1, 103, TestOffice.sealed(TestOffice.push(true, TestOffice.NOW), counter));
  }

  /** Sends a push until it is confirmed, as meters do: datagrams may be lost. */
  private static void confirmed(DtlsLine line, long counter) throws IOException {
    for (int i = 0; i < 5; i++) {
      line.send(push(counter), SOON);
      try {
        byte[] answer = line.receive(Duration.ofSeconds(2));
        assertThat(answer).startsWith(0, 1, 0, 103, 0, 1); // version 1, from 103 to 1
        assertThat(TestOffice.opened(Arrays.copyOfRange(answer, 8, answer.length)))
            .isInstanceOf(Apdu.DataNotificationConfirm.class);
        return;
      } catch (SocketTimeoutException e) {
        // again
      }
    }
    throw new SocketTimeoutException("never confirmed");
  }

  private boolean told(String words) {
    return channel.health().detail().contains(words);
  }

  @Test
  @DisplayName("C22: a push under a meter's own certificate is stored, and confirmed the same way")
  void itsOwn() throws Exception {
    try (DtlsLine meter = line(credential(authority, METER), port, "127.0.0.2")) {
      confirmed(meter, 1);
      confirmed(meter, 2);
      assertThat(office.submitted).hasSizeGreaterThanOrEqualTo(2);
      assertThat(told("1 associations")).as(channel.health().detail()).isTrue();
      assertThat(office.admission.counts().unauthenticated()).isZero();
    }
  }

  @Test
  @DisplayName("C22: meter A's certificate carries no push of meter B, though B's keys sealed it")
  void another() throws Exception {
    Holder other = Holder.meter("GWS00000008", new byte[] {'G', 'W', 'S', 0, 0, 0, 0, 8});
    try (DtlsLine meter = line(credential(authority, other), port, "127.0.0.2")) {
      meter.send(push(1), SOON);
      await().atMost(SOON).until(() -> told("1 unauthenticated"));
      assertThat(office.submitted).isEmpty();
    }
  }

  /** Whether a certificate opens the port. */
  private boolean opens(Credential shown) throws IOException {
    try (DtlsLine meter = line(shown, port, "127.0.0.2")) {
      confirmed(meter, 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @DisplayName(
      "C23: revoked, expired, not yet valid, another office's, for another use: no word is taken")
  void refused() throws Exception {
    Instant today = now;
    Credential early = credential(authority, METER);
    now = today.plus(Duration.ofDays(2));
    Credential later = credential(authority, METER);
    now = today;
    assertThat(opens(later)).as("not yet valid").isFalse();
    CertificateAuthority theirs =
        CertificateAuthority.open(folder.resolve("other-ca"), key, () -> now);
    assertThat(opens(credential(theirs, METER))).as("another office's").isFalse();
    assertThat(opens(credential(authority, Holder.of(Holder.Kind.MACHINE, "scada")))).isFalse();
    Credential revoked = credential(authority, METER);
    revocations.learn(Set.of(revoked.certificate().getSerialNumber()), now);
    assertThat(opens(revoked)).as("revoked").isFalse();
    assertThat(office.submitted).isEmpty();
    assertThat(opens(early)).as("the good one").isTrue();
    now = today.plus(Duration.ofDays(91));
    dtls.look();
    await().atMost(SOON).until(() -> told("0 associations"));
    assertThat(office.admission.counts().sessions()).isZero();
  }

  @Test
  @DisplayName("C23: revocation drops the association that stands; its next word is not taken")
  void dropped() throws Exception {
    Credential shown = credential(authority, METER);
    try (DtlsLine meter = line(shown, port, "127.0.0.2")) {
      confirmed(meter, 1);
      int taken = office.submitted.size();
      revocations.learn(Set.of(shown.certificate().getSerialNumber()), now);
      await().atMost(SOON).until(() -> told("0 associations"));
      assertThatThrownBy(() -> confirmed(meter, 2)).isInstanceOf(IOException.class);
      assertThat(office.submitted).hasSize(taken);
      assertThat(office.admission.counts().sessions()).isZero();
    }
  }

  @Test
  @DisplayName("C25: what comes without DTLS is not looked at, nor answered")
  void plain() throws Exception {
    try (DatagramSocket meter = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
      for (byte[] bytes : List.of(push(1), new byte[] {1, 2, 3}, new byte[0], new byte[1_400])) {
        meter.send(new DatagramPacket(bytes, bytes.length, port));
      }
      meter.setSoTimeout(1_000);
      assertThatThrownBy(() -> meter.receive(new DatagramPacket(new byte[2048], 2048)))
          .isInstanceOf(SocketTimeoutException.class);
    }
    try (DtlsLine meter = line(credential(authority, METER), port, "127.0.0.2")) {
      confirmed(meter, 2);
    }
    assertThat(office.submitted).allMatch(r -> r.id().counter() == 2);
  }

  @Test
  @DisplayName("C22: a meter that has lost its association comes anew, and holds one")
  void anew() throws Exception {
    Credential shown = credential(authority, METER);
    for (int i = 1; i <= 6; i++) {
      try (DtlsLine meter = line(shown, port, "127.0.0.2")) {
        confirmed(meter, i);
      }
    }
    assertThat(told("1 associations")).as(channel.health().detail()).isTrue();
    await().atMost(SOON).until(() -> office.admission.counts().sessions() == 1);
  }

  @Test
  @DisplayName("an association outlives the meter's address, by its connection id (RFC 9146)")
  void moved() throws Exception {
    try (Nat nat = new Nat(port);
        DtlsLine meter = line(credential(authority, METER), nat.address(), "127.0.0.1")) {
      confirmed(meter, 1);
      nat.move();
      int before = nat.handshakes();
      confirmed(meter, 2);
      assertThat(nat.handshakes()).as("nobody shook hands again").isEqualTo(before);
      assertThat(told("1 associations")).isTrue();
    }
  }

  @Test
  @DisplayName(
      "C40: first hellos of 2,000 addresses that do not exist take no room, and refuse nobody")
  void spoofed() throws Exception {
    Credential honest = credential(authority, METER);
    assertThat(opens(honest)).as("before, and to warm up").isTrue();
    List<DatagramSocket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 2_000; i++) {
        DatagramSocket socket =
            new DatagramSocket(
                0,
                InetAddress.getByAddress(
                    new byte[] {127, 9, (byte) (i >> 8), (byte) (1 + i % 250)}));
        strangers.add(socket);
        byte[] hello = Hello.first(i);
        socket.send(new DatagramPacket(hello, hello.length, port));
      }
      long start = System.nanoTime();
      assertThat(opens(honest)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      assertThat(office.admission.counts().unauthenticated()).isZero();
      assertThat(told("1 associations")).as(channel.health().detail()).isTrue();
    } finally {
      strangers.forEach(DatagramSocket::close);
    }
  }

  @Test
  @DisplayName(
      "C40: half-open handshakes of one source displace each other, end in time and refuse nobody")
  void halfOpen() throws Exception {
    Credential honest = credential(authority, METER);
    assertThat(opens(honest)).as("before, and to warm up").isTrue();
    List<DatagramSocket> flood = new ArrayList<>();
    try {
      int answered = 0;
      for (int i = 0; i < 700; i++) {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.3"));
        flood.add(socket);
        socket.setSoTimeout(200);
        byte[] hello = Hello.first(i);
        socket.send(new DatagramPacket(hello, hello.length, port));
        DatagramPacket verify = new DatagramPacket(new byte[512], 512);
        try {
          socket.receive(verify);
        } catch (SocketTimeoutException e) {
          continue; // over the limit of its source
        }
        byte[] second = Hello.second(i, Hello.cookie(verify));
        socket.send(new DatagramPacket(second, second.length, port));
        answered++;
      }
      assertThat(answered).as("handshakes that began").isGreaterThan(150);
      long start = System.nanoTime();
      assertThat(opens(honest)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      assertThat(office.admission.counts().sessions()).isLessThanOrEqualTo(513);
      // three seconds are all that a handshake has
      await().atMost(SOON).until(() -> office.admission.counts().unauthenticated() == 0);
    } finally {
      flood.forEach(DatagramSocket::close);
    }
  }

  private Path pem(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Process openssl(Optional<Credential> shown, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + port.getPort(),
                "-CAfile",
                pem("root.pem", CertificatePem.of(List.of(authority.root()))).toString(),
                "-verify_return_error"));
    if (shown.isPresent()) {
      command.addAll(
          List.of(
              "-cert",
              pem("meter.pem", CertificatePem.of(List.of(shown.get().certificate()))).toString(),
              "-key",
              pem("key.pem", CertificatePem.block("PRIVATE KEY", shown.get().key().getEncoded()))
                  .toString()));
    }
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectError(folder.resolve("openssl.err").toFile())
        .start();
  }

  @Test
  @DisplayName("C22: a foreign client, OpenSSL's, pushes over DTLS 1.2 and is confirmed")
  void foreign() throws Exception {
    Process client = openssl(Optional.of(credential(authority, METER)), "-dtls1_2", "-quiet");
    try {
      client.getOutputStream().write(push(7));
      client.getOutputStream().flush();
      byte[] header = client.getInputStream().readNBytes(Wrapper.HEADER);
      assertThat(header)
          .as(Files.readString(folder.resolve("openssl.err")))
          .startsWith(0, 1, 0, 103, 0, 1);
      byte[] apdu = client.getInputStream().readNBytes((header[6] & 0xFF) << 8 | header[7] & 0xFF);
      assertThat(TestOffice.opened(apdu)).isInstanceOf(Apdu.DataNotificationConfirm.class);
      assertThat(office.submitted).hasSize(1);
    } finally {
      client.destroy();
    }
  }

  /** What a client that says nothing says of its handshake. */
  private String shakes(Optional<Credential> shown, String... options) throws Exception {
    Process client = openssl(shown, options);
    client.getOutputStream().close();
    assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new String(
            client.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1)
        + Files.readString(
            folder.resolve("openssl.err"), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Test
  @DisplayName("C25: OpenSSL gets nowhere without a certificate, in DTLS 1.0, or by weak ciphers")
  void foreignRefused() throws Exception {
    Optional<Credential> meter = Optional.of(credential(authority, METER));
    assertThat(shakes(meter, "-dtls1_2"))
        .contains("Verify return code: 0 (ok)", "Cipher is ECDHE-ECDSA-AES");
    // it said that it goes
    await().atMost(SOON).until(() -> told("0 associations"));
    await().atMost(SOON).until(() -> office.admission.counts().sessions() == 0);
    assertThat(shakes(Optional.empty(), "-dtls1_2")).contains("alert bad certificate");
    assertThat(shakes(meter, "-dtls1", "-cipher", "ALL:@SECLEVEL=0"))
        .contains("alert protocol version", "Cipher is (NONE)");
    for (String weak :
        List.of(
            "ECDHE-ECDSA-AES128-SHA",
            "ECDHE-ECDSA-AES128-CCM8",
            "ECDHE-ECDSA-CHACHA20-POLY1305",
            "AES128-GCM-SHA256",
            "NULL",
            "PSK")) {
      assertThat(shakes(meter, "-dtls1_2", "-cipher", weak + ":@SECLEVEL=0"))
          .as(weak)
          .contains("Cipher is (NONE)");
    }
    assertThat(office.submitted).isEmpty();
  }
}
