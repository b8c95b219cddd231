package org.gridwarden.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.headend.certificate.CertificateOffice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's certificate while the server runs: renewed before it ends. For some seconds the
 * connector still shows the old one, so the command line is told both. Thread-safe.
 */
final class ConsoleCertificate {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleCertificate.class);

  private final GridwardenConfig.Tls tls;
  private final Path folder;
  private final CertificateOffice office;
  private final InstantSource clock;
  private final Consumer<String> tell;
  private ServerCertificate current;
  private Optional<String> before = Optional.empty();

  /**
   * @param tell is told the fingerprints to expect, with commas between, the newest first
   */
  ConsoleCertificate(
      GridwardenConfig.Tls tls,
      Path folder,
      CertificateOffice office,
      InstantSource clock,
      Consumer<String> tell)
      throws IOException {
    this.tls = tls;
    this.folder = folder;
    this.office = office;
    this.clock = clock;
    this.tell = tell;
    this.current = ServerCertificate.of(tls, folder, office, clock);
  }

  synchronized ServerCertificate current() {
    return current;
  }

  /** Sees whether it is due, or was replaced by its owner. */
  synchronized void look() {
    try {
      see(ServerCertificate.of(tls, folder, office, clock));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Renews it now.
   *
   * @throws FaultException where it is not the office's own to renew
   */
  synchronized void renew() {
    if (!(tls instanceof GridwardenConfig.Tls.Auto)) {
      throw Requests.wrong("console.tls", "names files of your own: renew them yourself");
    }
    try {
      see(ServerCertificate.make(folder, office));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void see(ServerCertificate now) {
    if (!now.fingerprint().equals(current.fingerprint())) {
      LOG.info("the console has another certificate: SHA-256 {}", now.fingerprint());
      before = Optional.of(current.fingerprint());
      current = now;
    } else if (before.isEmpty()) {
      return;
    } else {
      before = Optional.empty(); // a look later the connector has the new one
    }
    tell.accept(current.fingerprint() + before.map(b -> "," + b).orElse(""));
  }
}
