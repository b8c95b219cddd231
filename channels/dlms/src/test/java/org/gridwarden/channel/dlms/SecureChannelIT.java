package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Reach;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.CertificateCheck;
import org.gridwarden.security.certificate.CertificateProfile;
import org.gridwarden.security.certificate.CheckingTrust;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.CurrentKey;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.KeyPairs;
import org.gridwarden.security.certificate.OfficeTls;
import org.gridwarden.security.certificate.Revocations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S23: pushes over mutual TLS, and whose certificates open the door. */
class SecureChannelIT {
  private static final Holder METER =
      Holder.meter(new TestOffice().meter().id().value(), TestOffice.TITLE);

  @TempDir private Path folder;
  private final TestOffice office = new TestOffice();
  private volatile Instant now = Instant.parse("2026-11-26T03:00:00Z");
  private final Revocations revocations = new Revocations();
  private static OfficeKey key;
  private CertificateAuthority authority;
  private CertificateCheck check;
  private OfficeTls tls;
  private Channel channel;
  private int port;

  @BeforeAll
  static void key(@TempDir Path keys) throws IOException {
    key = OfficeKey.open(keys);
  }

  @BeforeEach
  void start() throws Exception {
    authority = CertificateAuthority.open(folder.resolve("ca"), key, () -> now);
    check = new CertificateCheck(authority, revocations, () -> now);
    revocations.learn(Set.of(), now);
    Credential own = credential(Holder.of(Holder.Kind.OFFICE, "head-end"));
    tls = new OfficeTls(check, revocations, () -> own, () -> now);
    channel =
        new DlmsChannelFactory()
            .create(Map.of("tls", Map.of("bind", "0.0.0.0", "port", 0), "firstMessage", "3s"))
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
    port = Integer.parseInt(channel.id().instance().substring("tls-".length()));
  }

  @AfterEach
  void stop() {
    channel.close();
    tls.close();
  }

  private Credential credential(Holder holder) {
    return credential(authority, holder);
  }

  private static Credential credential(CertificateAuthority by, Holder holder) {
    KeyPair pair = KeyPairs.make();
    X509Certificate certificate = by.issue(holder, pair.getPublic(), List.of());
    return new Credential(pair.getPrivate(), by.chain(certificate));
  }

  private SSLSocket connect(Optional<Credential> shown, String from) throws Exception {
    Socket raw = new Socket();
    raw.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    raw.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        shown.map(c -> new KeyManager[] {new CurrentKey(() -> c)}).orElse(null),
        new TrustManager[] {
          new CheckingTrust(
              new CertificateCheck(authority, new Revocations(), () -> now),
              EnumSet.of(Holder.Kind.OFFICE),
              CertificateProfile.Usage.SERVER)
        },
        null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(raw, "127.0.0.1", port, true);
    socket.setSoTimeout((int) TestOffice.SOON.toMillis());
    return socket;
  }

  private static void push(Socket socket, long counter) throws IOException {
    socket
        .getOutputStream()
        .write(
            Wrapper.encode(
                1, 103, TestOffice.sealed(TestOffice.push(true, TestOffice.NOW), counter)));
  }

  private static boolean confirmed(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] header = in.readNBytes(Wrapper.HEADER);
    if (header.length < Wrapper.HEADER) {
      return false;
    }
    byte[] apdu = in.readNBytes((header[6] & 0xFF) << 8 | header[7] & 0xFF);
    return TestOffice.opened(apdu) instanceof Apdu.DataNotificationConfirm;
  }

  /** Whether a push under this certificate is confirmed. */
  private boolean takes(Optional<Credential> shown) throws Exception {
    try (SSLSocket socket = connect(shown, "127.0.0.2")) {
      push(socket, 1);
      return confirmed(socket);
    } catch (IOException e) {
      assertThat(e).isNotInstanceOf(java.net.SocketTimeoutException.class);
      return false;
    }
  }

  @Test
  @DisplayName("C22: a meter under its own certificate is heard, and can be asked")
  void itsOwn() throws Exception {
    try (SSLSocket meter = connect(Optional.of(credential(METER)), "127.0.0.2")) {
      push(meter, 1);
      assertThat(confirmed(meter)).isTrue();
      assertThat(meter.getSession().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(channel.reaches(new MeterId(METER.name()))).isTrue();
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  @DisplayName("C22: meter A's certificate carries no push of meter B, though B's keys sealed it")
  void another() throws Exception {
    Holder other = Holder.meter("GWS00000008", new byte[] {'G', 'W', 'S', 0, 0, 0, 0, 8});
    try (SSLSocket meter = connect(Optional.of(credential(other)), "127.0.0.2")) {
      push(meter, 1);
      await()
          .atMost(TestOffice.SOON)
          .until(() -> channel.health().detail().contains("1 unauthenticated"));
      assertThat(office.submitted).isEmpty();
      assertThat(channel.reaches(new MeterId(METER.name()))).isFalse();
    }
    // the right title under another meter's name
    Holder disguised = Holder.meter("GWS00000008", TestOffice.TITLE);
    try (SSLSocket meter = connect(Optional.of(credential(disguised)), "127.0.0.2")) {
      push(meter, 2);
      await()
          .atMost(TestOffice.SOON)
          .until(() -> channel.health().detail().contains("2 unauthenticated"));
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  @DisplayName("C22: a concentrator brings what a meter's keys sealed, and nothing else")
  void concentrator() throws Exception {
    Credential own = credential(Holder.of(Holder.Kind.CONCENTRATOR, "cell-7"));
    office.policy = org.gridwarden.core.Meter.PushPolicy.ENCRYPTED;
    try (SSLSocket line = connect(Optional.of(own), "127.0.0.2")) {
      push(line, 1);
      assertThat(confirmed(line)).isTrue();
      byte[] unproven =
          TestOffice.sealed(
              TestOffice.push(true, TestOffice.NOW),
              2,
              TestOffice.TITLE,
              new SecurityControl(0x20),
              TestOffice.keys());
      line.getOutputStream().write(Wrapper.encode(1, 103, unproven));
      await()
          .atMost(TestOffice.SOON)
          .until(() -> channel.health().detail().contains("1 unauthenticated"));
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  @DisplayName(
      "C23: without a certificate, and with a revoked, expired, not yet valid one: no word is taken")
  void refusedInTime() throws Exception {
    assertThat(takes(Optional.empty())).isFalse();
    Credential revoked = credential(METER);
    revocations.learn(Set.of(revoked.certificate().getSerialNumber()), now);
    assertThat(takes(Optional.of(revoked))).isFalse();
    Credential good = credential(METER);
    Instant today = now;
    Credential later;
    now = today.plus(Duration.ofDays(2));
    later = credential(METER);
    now = today;
    assertThat(takes(Optional.of(later))).as("not yet valid").isFalse();
    assertThat(takes(Optional.of(good))).as("the good one").isTrue();
    now = today.plus(Duration.ofDays(6));
    Credential office6 = credential(METER);
    assertThat(takes(Optional.of(office6))).isTrue();
    assertThat(office.submitted).hasSize(2);
  }

  @Test
  @DisplayName("C23: a certificate for another use, another office's, one that names nobody")
  void refusedForWhatItIs() throws Exception {
    assertThat(takes(Optional.of(credential(Holder.of(Holder.Kind.SERVER, "console"))))).isFalse();
    assertThat(takes(Optional.of(credential(Holder.of(Holder.Kind.MACHINE, "scada"))))).isFalse();
    assertThat(takes(Optional.of(credential(Holder.of(Holder.Kind.OFFICE, "head-end"))))).isFalse();
    CertificateAuthority theirs =
        CertificateAuthority.open(folder.resolve("other-ca"), key, () -> now);
    assertThat(takes(Optional.of(credential(theirs, METER)))).isFalse();
    assertThat(office.submitted).isEmpty();
  }

  @Test
  @DisplayName("C23: revocation cuts a connection that stands; so does the certificate's end")
  void cut() throws Exception {
    Credential shown = credential(METER);
    try (SSLSocket meter = connect(Optional.of(shown), "127.0.0.2")) {
      push(meter, 1);
      assertThat(confirmed(meter)).isTrue();
      long start = System.nanoTime();
      revocations.learn(Set.of(shown.certificate().getSerialNumber()), now);
      assertThat(ended(meter)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }
    try (SSLSocket meter = connect(Optional.of(credential(METER)), "127.0.0.2")) {
      push(meter, 2);
      assertThat(confirmed(meter)).isTrue();
      now = now.plus(Duration.ofDays(91));
      tls.look();
      assertThat(ended(meter)).isTrue();
    }
  }

  @Test
  @DisplayName("C25: what speaks without TLS, or in TLS 1.2, gets nowhere")
  void plaintext() throws Exception {
    try (Socket meter = new Socket("127.0.0.1", port)) {
      meter.setSoTimeout((int) TestOffice.SOON.toMillis());
      push(meter, 1);
      assertThat(meter.getInputStream().readAllBytes().length).isLessThan(16);
    }
    try (SSLSocket meter = connect(Optional.of(credential(METER)), "127.0.0.2")) {
      SSLContext any = SSLContext.getInstance("TLSv1.2");
      any.init(
          new KeyManager[] {new CurrentKey(() -> credential(METER))},
          new TrustManager[] {
            new CheckingTrust(
                check, EnumSet.of(Holder.Kind.OFFICE), CertificateProfile.Usage.SERVER)
          },
          null);
      try (SSLSocket old = (SSLSocket) any.getSocketFactory().createSocket("127.0.0.1", port)) {
        old.setSoTimeout((int) TestOffice.SOON.toMillis());
        assertThatThrownBy(old::startHandshake).isInstanceOf(javax.net.ssl.SSLException.class);
      }
      push(meter, 1);
      assertThat(confirmed(meter)).isTrue();
    }
    assertThat(office.submitted).hasSize(1);
  }

  @Test
  @DisplayName(
      "C40: 1,000 half-open TLS handshakes of one source, some trickling, refuse nobody else")
  void slowHandshakes() throws Exception {
    Credential honest = credential(METER);
    assertThat(takes(Optional.of(honest))).as("before, and to warm up").isTrue();
    List<Socket> flood = new ArrayList<>();
    byte[] hello = {22, 3, 1, 1, 0, 1, 0, 0, (byte) 0xFC, 3, 3};
    try {
      for (int i = 0; i < 1_000; i++) {
        Socket slow = new Socket();
        slow.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.3"), 0));
        slow.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
        flood.add(slow);
        if (i % 2 == 0) {
          try {
            slow.getOutputStream().write(hello, 0, 1 + i % hello.length);
          } catch (IOException e) {
            // put out already
          }
        }
      }
      long start = System.nanoTime();
      assertThat(takes(Optional.of(honest))).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      assertThat(office.admission.counts().sessions()).isLessThanOrEqualTo(513);
      // bytes that trickle in do not extend the deadline of three seconds
      Socket last = flood.getLast();
      OutputStream out = last.getOutputStream();
      long begun = System.nanoTime();
      await()
          .atMost(TestOffice.SOON)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> {
            try {
              out.write(0x16);
              return false;
            } catch (IOException e) {
              return true;
            }
          });
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    } finally {
      for (Socket socket : flood) {
        socket.close();
      }
    }
  }

  /** A meter behind TLS: what comes to it goes on to a plain one. */
  private static ServerSocket front(Credential shown, CertificateCheck check, TestMeter meter)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        new KeyManager[] {new CurrentKey(() -> shown)},
        new TrustManager[] {
          new CheckingTrust(check, EnumSet.of(Holder.Kind.OFFICE), CertificateProfile.Usage.CLIENT)
        },
        null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 8, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(true);
    String[] address = meter.address().split("[:/]", -1);
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket in = server.accept();
              Socket on = new Socket(address[0], Integer.parseInt(address[1]));
              pass(in, on);
              pass(on, in);
            } catch (IOException e) {
              // the next one
            }
          }
        });
    return server;
  }

  private static void pass(Socket from, Socket to) {
    Thread.ofVirtual()
        .start(() -> {
          try (from;
              to) {
            from.getInputStream().transferTo(to.getOutputStream());
          } catch (IOException e) {
            // one of them has gone
          }
        });
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Channel caller() throws Exception {
    Channel calls = new DlmsChannelFactory().create(Map.of("patience", "5s")).getLast();
    Channel.Host plain = office.host();
    calls.start(
        new Channel.Host(
            plain.intake(),
            plain.meters(),
            plain.keys(),
            plain.admission(),
            plain.counters(),
            plain.clock(),
            tls));
    return calls;
  }

  @Test
  @DisplayName(
      "C22 C23: a meter that is called by TLS must show its own certificate; without news of revocation it is read and not commanded")
  void called() throws Exception {
    MeterId id = new MeterId(METER.name());
    try (TestMeter meter = new TestMeter();
        Channel calls = caller();
        ServerSocket own = front(credential(METER), check, meter);
        ServerSocket other =
            front(credential(Holder.meter("GWS00000008", TestOffice.TITLE)), check, meter)) {
      String device = meter.address().contains("/") ? meter.address().replaceAll(".*/", "/") : "";
      office.reach = new Reach("tls://127.0.0.1:" + own.getLocalPort() + device, "", "", "idis2");
      try (MeterSession session = calls.open(id, Deadline.in(PATIENCE))) {
        assertThat(session.clock()).isNotNull();
        assertThat(tls.connections()).isEqualTo(1);
        now = now.plus(Duration.ofMinutes(61));
        assertThat(session.clock()).as("readings go on").isNotNull();
        assertThatThrownBy(() -> session.shiftClock(Duration.ofSeconds(3)))
            .isInstanceOf(ChannelException.class)
            .hasMessageContaining("not known which certificates are revoked");
      }
      office.reach = new Reach("tls://127.0.0.1:" + other.getLocalPort() + device, "", "", "idis2");
      assertThatThrownBy(() -> calls.open(id, Deadline.in(PATIENCE)))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("names somebody else");
    }
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return !(e instanceof java.net.SocketTimeoutException);
    }
  }
}
