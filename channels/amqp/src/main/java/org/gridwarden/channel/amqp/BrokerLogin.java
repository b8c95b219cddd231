package org.gridwarden.channel.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.gridwarden.core.Secret;

/**
 * What the office shows a broker, and what it wants to be shown. Immutable.
 *
 * @param user its name there
 * @param tls how TLS is spoken; empty where it is not
 */
record BrokerLogin(String user, Secret password, Optional<SSLContext> tls) {
  private static final int LONGEST_PASSWORD = 4 * 1024;

  /**
   * Reads what the settings point to.
   *
   * @throws IOException naming what cannot be read and what it should be; never a secret
   */
  static BrokerLogin of(AmqpSettings.Broker broker) throws IOException {
    return new BrokerLogin(
        broker.user(),
        secret(broker.password()),
        broker.tls() ? Optional.of(context(broker.trust())) : Optional.empty());
  }

  private static Secret secret(String reference) throws IOException {
    if (reference.startsWith("env:")) {
      String value = System.getenv(reference.substring(4));
      if (value == null || value.isEmpty()) {
        throw new IOException("'password' points to a variable that is not set: set it");
      }
      return new Secret(value.getBytes(StandardCharsets.UTF_8));
    }
    if (!reference.startsWith("file:")) {
      // what stands here may be the secret itself: it is not repeated
      throw new IOException(
          "'password' is a reference, file:PATH or env:NAME: a secret never stands in the"
              + " configuration");
    }
    Path file = Path.of(reference.substring(5));
    try {
      if (Files.size(file) > LONGEST_PASSWORD) {
        throw new IOException("'password' points to " + file + ", which is too long for one");
      }
      return new Secret(Files.readString(file).stripTrailing().getBytes(StandardCharsets.UTF_8));
    } catch (java.nio.file.FileSystemException e) {
      throw new IOException("'password' points to " + file + ", which cannot be read", e);
    }
  }

  private static SSLContext context(Optional<String> trust) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      if (trust.isEmpty()) {
        context.init(null, null, null);
        return context;
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      try (InputStream in = Files.newInputStream(Path.of(trust.get()))) {
        int count = 0;
        for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          store.setCertificateEntry("broker-" + count++, one);
        }
        if (count == 0) {
          throw new IOException("'trust' points to " + trust.get() + ", with no certificate in it");
        }
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("'trust' is no PEM file with certificates: " + e.getMessage(), e);
    }
  }

  /** Connects; under TLS the broker's name must be in its certificate. */
  Socket connect(String host, int port, Duration within) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), (int) within.toMillis());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) within.toMillis());
      if (tls.isEmpty()) {
        return socket;
      }
      SSLSocket secure =
          (SSLSocket) tls.get().getSocketFactory().createSocket(socket, host, port, true);
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      secure.setSSLParameters(parameters);
      secure.startHandshake();
      return secure;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** What SASL's PLAIN wants (RFC 4616); the caller wipes it. */
  byte[] plain() {
    byte[] name = user.getBytes(StandardCharsets.UTF_8);
    byte[] word = password.copy();
    byte[] all = new byte[2 + name.length + word.length];
    System.arraycopy(name, 0, all, 1, name.length);
    System.arraycopy(word, 0, all, 2 + name.length, word.length);
    Arrays.fill(word, (byte) 0);
    return all;
  }
}
