package org.gridwarden.bench.channels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.CertificateCheck;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.KeyPairs;
import org.gridwarden.security.certificate.OfficeTls;
import org.gridwarden.security.certificate.Revocations;
import org.gridwarden.security.dtls.OfficeDtls;
import org.gridwarden.simulator.MeterCertificates;
import org.gridwarden.store.Store;

/**
 * The certificates of a test-bed's office and of its meters, by the product's own authority. Its
 * office speaks TLS and DTLS with them. Used by one thread; any may close.
 */
final class OfficeCertificates implements ChannelOffice.Securing, AutoCloseable {
  private final Path folder;
  private Optional<CertificateAuthority> authority = Optional.empty();
  private volatile Optional<OfficeTls> tls = Optional.empty();
  private volatile Optional<OfficeDtls> dtls = Optional.empty();

  /**
   * @param folder the office's own
   */
  OfficeCertificates(Path folder) {
    this.folder = folder;
  }

  @Override
  public TransportSecurity with(OfficeKey key) throws IOException {
    CertificateAuthority own = CertificateAuthority.open(folder.resolve("ca"), key, Instant::now);
    authority = Optional.of(own);
    Files.writeString(
        folder.resolve(OfficeSide.ROOT),
        CertificatePem.of(List.of(own.root())),
        StandardCharsets.US_ASCII);
    Revocations revocations = new Revocations();
    revocations.learn(Set.of(), Instant.now());
    KeyPair pair = KeyPairs.make();
    X509Certificate certificate =
        own.issue(Holder.of(Holder.Kind.OFFICE, "head-end"), pair.getPublic(), List.of());
    Credential office = new Credential(pair.getPrivate(), own.chain(certificate));
    CertificateCheck check = new CertificateCheck(own, revocations, Instant::now);
    OfficeDtls datagrams = new OfficeDtls(check, revocations, () -> office);
    OfficeTls streams = new OfficeTls(check, revocations, () -> office, Instant::now, datagrams);
    dtls = Optional.of(datagrams);
    tls = Optional.of(streams);
    return streams;
  }

  /**
   * Gives the meters of a shipment theirs.
   *
   * @param shipment which the store has taken in
   * @param target the folder of what they get
   */
  void hand(Store store, Path shipment, Path target) throws IOException {
    CertificateAuthority own =
        authority.orElseThrow(() -> new IOException("the office is not open yet"));
    for (String serial : Shipped.serials(shipment)) {
      Meter meter =
          store
              .meters()
              .byId(new MeterId(serial))
              .orElseThrow(() -> new IOException("no meter " + serial + " was taken in"));
      KeyPair pair = KeyPairs.make();
      MeterCertificates.hand(
          target,
          serial,
          pair,
          own.issue(Holder.meter(serial, meter.systemTitle()), pair.getPublic(), List.of()));
    }
  }

  @Override
  public void close() {
    tls.ifPresent(OfficeTls::close);
    dtls.ifPresent(OfficeDtls::close);
  }
}
