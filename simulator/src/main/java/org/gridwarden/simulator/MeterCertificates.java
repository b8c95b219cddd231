package org.gridwarden.simulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.Csr;
import org.gridwarden.security.certificate.CurrentKey;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.KeyPairs;
import org.gridwarden.security.dtls.DtlsLine;

/**
 * The street's meters' certificates: each enrols by EST (RFC 7030) with the secret of its
 * invitation when it first connects, and renews with the same key when a third of its time is left.
 * They trust the office's root, and of those below it the office alone. Thread-safe, but for two
 * connections of one meter at once.
 */
public final class MeterCertificates {
  private static final int MILLIS = 15_000;
  private static final int MOST_ANSWER = 64 << 10;

  private final InetSocketAddress est;
  private final Map<String, String> secrets;
  private final Optional<Path> folder;
  private final TrustManager[] trust;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  private record Held(KeyPair pair, X509Certificate certificate) {
    Credential credential() {
      return new Credential(pair.getPrivate(), List.of(certificate));
    }

    boolean due(Instant now) {
      Instant end = certificate.getNotAfter().toInstant();
      Duration lasts = Duration.between(certificate.getNotBefore().toInstant(), end);
      return now.isAfter(end.minus(lasts.dividedBy(3)));
    }
  }

  private MeterCertificates(
      InetSocketAddress est,
      Map<String, String> secrets,
      Optional<Path> folder,
      TrustManager[] trust) {
    this.est = est;
    this.secrets = Map.copyOf(secrets);
    this.folder = folder;
    this.trust = trust.clone();
  }

  /**
   * For a street.
   *
   * @param est where its meters enrol
   * @param root the office's root certificate, PEM
   * @param secrets what each may enrol with, by serial number
   * @param folder keeps keys and certificates; in memory where absent
   * @throws IOException where the root cannot be read
   */
  public static MeterCertificates of(
      InetSocketAddress est, Path root, Map<String, String> secrets, Optional<Path> folder)
      throws IOException {
    X509Certificate anchor = CertificatePem.read(root).getFirst();
    if (folder.isPresent()) {
      SecretFiles.folder(folder.get());
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("root", anchor);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return new MeterCertificates(est, secrets, folder, factory.getTrustManagers());
    } catch (GeneralSecurityException e) {
      throw new IOException(root + " cannot be trusted: " + e.getMessage(), e);
    }
  }

  /**
   * For meters that were handed their certificates: none enrols.
   *
   * @param root the office's root certificate, PEM
   * @param folder where {@link #hand} has put them
   * @throws IOException where the root cannot be read
   */
  public static MeterCertificates handed(Path root, Path folder) throws IOException {
    return of(
        InetSocketAddress.createUnresolved("nowhere", 443), root, Map.of(), Optional.of(folder));
  }

  /**
   * Puts a meter's key and certificate into a folder, as a factory would.
   *
   * @throws IOException where it cannot be written
   */
  public static void hand(Path folder, String serial, KeyPair pair, X509Certificate certificate)
      throws IOException {
    SecretFiles.folder(folder);
    write(folder, serial, new Held(pair, certificate));
  }

  /** TLS for meters of any channel; its certificate shown, the office's checked. */
  public Dress dress() {
    return (meter, connected) -> secure(meter.value(), connected);
  }

  /** How many meters hold a certificate. */
  public int held() {
    return held.size();
  }

  /** Lays TLS over a meter's connection to the head-end. */
  Socket secure(String serial, Socket bare) throws IOException {
    Credential own = current(serial).credential();
    SSLSocket socket =
        (SSLSocket)
            context(Optional.of(own))
                .getSocketFactory()
                .createSocket(bare, bare.getInetAddress().getHostAddress(), bare.getPort(), true);
    socket.setSoTimeout(MILLIS);
    socket.startHandshake();
    X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    // every meter's certificate stands below the same root
    if (Holder.of(shown).filter(h -> h.kind() == Holder.Kind.OFFICE).isEmpty()) {
      socket.close();
      throw new IOException("what answers is not the office");
    }
    socket.setSoTimeout(0);
    return socket;
  }

  /** A line to the head-end's DTLS port, which shakes hands when it is first used. */
  DtlsLine line(String serial, InetSocketAddress headEnd, Optional<InetAddress> from)
      throws IOException {
    Credential own = current(serial).credential();
    return DtlsLine.open(headEnd, from, () -> own, this::isOffice);
  }

  private void isOffice(X509Certificate[] chain) throws CertificateException {
    for (TrustManager manager : trust) {
      if (manager instanceof X509TrustManager x509) {
        x509.checkServerTrusted(chain, "ECDHE_ECDSA");
      }
    }
    // every meter's certificate stands below the same root
    if (Holder.of(chain[0]).filter(h -> h.kind() == Holder.Kind.OFFICE).isEmpty()) {
      throw new CertificateException("what answers is not the office");
    }
  }

  private Held current(String serial) throws IOException {
    Held has = held.get(serial);
    if (has == null) {
      has = kept(serial).orElse(null);
    }
    if (has == null) {
      KeyPair pair = KeyPairs.make();
      has = keep(serial, new Held(pair, enrol("simpleenroll", serial, pair, Optional.empty())));
    } else if (has.due(Instant.now())) {
      has =
          keep(
              serial,
              new Held(
                  has.pair(),
                  enrol("simplereenroll", serial, has.pair(), Optional.of(has.credential()))));
    }
    held.put(serial, has);
    return has;
  }

  private X509Certificate enrol(
      String how, String serial, KeyPair pair, Optional<Credential> present) throws IOException {
    URI url =
        URI.create(
            "https://" + est.getHostString() + ":" + est.getPort() + "/.well-known/est/" + how);
    HttpsURLConnection call = (HttpsURLConnection) url.toURL().openConnection();
    call.setSSLSocketFactory(context(present).getSocketFactory());
    call.setConnectTimeout(MILLIS);
    call.setReadTimeout(MILLIS);
    call.setRequestMethod("POST");
    call.setDoOutput(true);
    call.setRequestProperty("Content-Type", "application/pkcs10");
    if (present.isEmpty()) {
      String secret = secrets.get(serial);
      if (secret == null) {
        throw new IOException("meter " + serial + " was not invited to enrol");
      }
      call.setRequestProperty(
          "Authorization",
          "Basic "
              + Base64.getEncoder()
                  .encodeToString((serial + ":" + secret).getBytes(StandardCharsets.UTF_8)));
    }
    try {
      call.getOutputStream().write(Base64.getMimeEncoder().encode(Csr.make(serial, pair)));
      if (call.getResponseCode() != 200) {
        throw new IOException("meter " + serial + ": enrolment answers " + call.getResponseCode());
      }
      byte[] bag = Base64.getMimeDecoder().decode(call.getInputStream().readNBytes(MOST_ANSWER));
      for (var one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bag))) {
        return (X509Certificate) one;
      }
      throw new IOException("meter " + serial + ": enrolment gives no certificate");
    } catch (GeneralSecurityException e) {
      throw new IOException("meter " + serial + ": enrolment gives something else", e);
    } finally {
      call.disconnect();
    }
  }

  private SSLContext context(Optional<Credential> own) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          own.map(c -> new KeyManager[] {new CurrentKey(() -> c)}).orElse(null), trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS 1.3", e);
    }
  }

  private Held keep(String serial, Held fresh) throws IOException {
    if (folder.isPresent()) {
      write(folder.get(), serial, fresh);
    }
    return fresh;
  }

  private static void write(Path folder, String serial, Held fresh) throws IOException {
    String pem =
        CertificatePem.of(List.of(fresh.certificate()))
            + CertificatePem.block("PRIVATE KEY", fresh.pair().getPrivate().getEncoded());
    SecretFiles.write(folder.resolve(serial + ".pem"), pem.getBytes(StandardCharsets.US_ASCII));
  }

  private Optional<Held> kept(String serial) throws IOException {
    if (folder.isEmpty() || !Files.exists(folder.get().resolve(serial + ".pem"))) {
      return Optional.empty();
    }
    Path file = folder.get().resolve(serial + ".pem");
    String pem = new String(SecretFiles.read(file), StandardCharsets.US_ASCII);
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = pem.indexOf(begin);
    int to = pem.indexOf("-----END PRIVATE KEY-----");
    if (from < 0 || to < from) {
      throw new IOException(file + " holds no private key");
    }
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(
                          pem.substring(0, from).getBytes(StandardCharsets.US_ASCII)));
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(
                      Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to))));
      return Optional.of(new Held(new KeyPair(certificate.getPublicKey(), key), certificate));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + " is damaged: delete it and invite the meter again", e);
    }
  }

  @Override
  public String toString() {
    return "MeterCertificates[" + held.size() + "]";
  }
}
