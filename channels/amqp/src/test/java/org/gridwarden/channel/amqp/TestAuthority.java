package org.gridwarden.channel.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.CertificateCheck;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.CurrentKey;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.KeyPairs;
import org.gridwarden.security.certificate.OfficeTls;
import org.gridwarden.security.certificate.Revocations;

/** An office's certificates, in a folder of their own, by the true clock: the peers go by it. */
final class TestAuthority implements AutoCloseable {
  final CertificateAuthority authority;
  final Revocations revocations = new Revocations();
  final OfficeTls tls;

  private static Optional<TestAuthority> one = Optional.empty();

  /** One for all who revoke nothing: its keys take time. */
  static synchronized TestAuthority shared() {
    TestAuthority now = one.orElseGet(TestAuthority::new);
    one = Optional.of(now);
    return now;
  }

  TestAuthority() {
    try {
      Path folder = Files.createTempDirectory("amqp-authority");
      authority =
          CertificateAuthority.open(folder.resolve("ca"), OfficeKey.open(folder), Instant::now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    revocations.learn(Set.of(), Instant.now());
    Credential own = issue(Holder.of(Holder.Kind.OFFICE, "head-end"), List.of("localhost"));
    CertificateCheck check = new CertificateCheck(authority, revocations, Instant::now);
    tls = new OfficeTls(check, revocations, () -> own, Instant::now);
  }

  private Credential issue(Holder holder, List<String> hosts) {
    KeyPair pair = KeyPairs.make();
    X509Certificate certificate = authority.issue(holder, pair.getPublic(), hosts);
    return new Credential(pair.getPrivate(), authority.chain(certificate));
  }

  /** For a broker that runs beside the office. */
  Credential server() {
    return issue(Holder.of(Holder.Kind.OFFICE, "broker"), List.of("localhost"));
  }

  Credential meter(MeterId meter) {
    return issue(Holder.meter(meter.value(), new byte[] {'G', 'W', 'S', 0, 0, 0, 0, 1}), List.of());
  }

  Credential concentrator(String name) {
    return issue(Holder.of(Holder.Kind.CONCENTRATOR, name), List.of());
  }

  void revoke(Credential credential) {
    revocations.learn(Set.of(credential.certificate().getSerialNumber()), Instant.now());
  }

  /** What a meter speaks TLS with. */
  SSLContext context(Credential own) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("root", authority.root());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(new KeyManager[] {new CurrentKey(() -> own)}, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection that has shaken hands. */
  static Socket secured(Socket raw, SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true);
    socket.setSoTimeout((int) TestOffice.SOON.toMillis());
    socket.startHandshake();
    socket.setSoTimeout(0);
    return socket;
  }

  /** The files that a foreign client wants: root.pem, meter.pem and meter.key. */
  void write(Path folder, Credential credential) throws IOException {
    Files.writeString(folder.resolve("root.pem"), CertificatePem.of(List.of(authority.root())));
    Files.writeString(folder.resolve("meter.pem"), CertificatePem.of(credential.chain()));
    Files.write(
        folder.resolve("meter.key"),
        CertificatePem.block("PRIVATE KEY", credential.key().getEncoded())
            .getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    tls.close();
  }
}
