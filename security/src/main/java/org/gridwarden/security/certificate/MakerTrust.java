package org.gridwarden.security.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * The makers whose certificates let a meter enrol for the first time: their authorities' PEM files
 * in a folder, read at the start. Such a certificate (IEEE 802.1AR calls it IDevID) names the meter
 * by its serial number. Thread-safe.
 */
public final class MakerTrust {
  private static final int MOST_CHAIN = 4;

  private final Set<TrustAnchor> anchors;
  private final InstantSource clock;

  private MakerTrust(Set<TrustAnchor> anchors, InstantSource clock) {
    this.anchors = anchors;
    this.clock = clock;
  }

  /**
   * The makers of a folder; none where there is no such folder.
   *
   * @throws IOException where a {@code .pem} or {@code .crt} file in it holds no certificates
   */
  public static MakerTrust of(Path folder, InstantSource clock) throws IOException {
    Set<TrustAnchor> anchors = new HashSet<>();
    if (Files.isDirectory(folder)) {
      List<Path> found;
      try (Stream<Path> files = Files.list(folder)) {
        found = files.filter(f -> f.toString().matches(".*\\.(pem|crt)")).sorted().toList();
      }
      for (Path file : found) {
        for (X509Certificate certificate : CertificatePem.read(file)) {
          anchors.add(new TrustAnchor(certificate, null));
        }
      }
    }
    return new MakerTrust(anchors, clock);
  }

  /** Whether any maker is trusted. */
  public boolean any() {
    return !anchors.isEmpty();
  }

  /**
   * The serial number that a maker's certificate vouches for; empty where no maker's stands behind
   * it. What makers revoke is not known here: a person who learns of it retires the meter.
   */
  public Optional<String> serial(X509Certificate[] chain) {
    if (anchors.isEmpty() || chain.length == 0 || chain.length > MOST_CHAIN) {
      return Optional.empty();
    }
    try {
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      var unused =
          CertPathValidator.getInstance("PKIX")
              .validate(
                  CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain)),
                  parameters);
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
    if (chain[0].getBasicConstraints() >= 0) {
      return Optional.empty();
    }
    X500Name subject = CertificateMaker.name(chain[0]);
    return text(subject.getRDNs(BCStyle.SERIALNUMBER)).or(() -> text(subject.getRDNs(BCStyle.CN)));
  }

  private static Optional<String> text(RDN[] found) {
    return found.length == 1 && found[0].getFirst().getValue() instanceof ASN1String text
        ? Optional.of(text.getString())
        : Optional.empty();
  }

  /** Their names, for those who have several certificates to choose from. */
  List<X509Certificate> issuers() {
    return anchors.stream().map(TrustAnchor::getTrustedCert).toList();
  }
}
